"""What this service keeps, and how it is read and written."""

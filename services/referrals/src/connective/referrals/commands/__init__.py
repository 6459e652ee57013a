"""What this service does: one use case per file, one transaction each."""

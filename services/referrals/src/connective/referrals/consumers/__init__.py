"""What other services' events do here."""

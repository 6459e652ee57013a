"""Read models: what lists and status pages show, with no personal data in them."""

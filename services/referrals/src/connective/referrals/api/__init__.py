"""Routes: parse, call one command or query, shape the answer."""

"""The web pages: a backend for browsers, over the public API alone."""

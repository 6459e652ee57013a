"""Judging what a file is, and making it anew without what it carried unseen."""

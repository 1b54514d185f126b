"""Reads of this app's pages; a constant number of statements each."""

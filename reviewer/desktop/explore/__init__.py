"""Explore: all traces in a table, a search over their text, and one of them to read without coding it."""

"""Segments: which attribute of a trace holds each, seen before it is applied."""

"""Trends: each failure mode over the weeks, and the traces behind a point."""

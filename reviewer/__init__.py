"""Read a weekly sample of production traces, code what failed, and trust the numbers."""

__version__ = "0.1.0"

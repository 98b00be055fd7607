"""Constants of the file: who wrote it, which schema, how large a segment is."""

APPLICATION_ID = 0x54525657  # "TRVW", in the SQLite header, so that another program's file is never taken for ours
SCHEMA_VERSION = 10
SEGMENT_BYTES = 65536
"""Bodies are cut into groups of at most this many bytes before compression, so that opening costs what is seen."""

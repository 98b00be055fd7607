"""Sources: drop files, watch them come in, and read what did not."""

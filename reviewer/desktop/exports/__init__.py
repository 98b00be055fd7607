"""Export: choose a target, see the rows as they will be written, write them."""

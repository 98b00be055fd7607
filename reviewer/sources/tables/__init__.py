"""Tables in: rows of CSV, Parquet or plain objects, by a mapping from columns to what they mean."""

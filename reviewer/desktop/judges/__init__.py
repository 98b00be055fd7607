"""The page *Judges*: imported judges held against people."""

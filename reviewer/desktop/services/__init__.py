"""The page *Services*: connect, pull a sample, push codings back."""

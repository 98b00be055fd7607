"""The page *Scorecard*."""

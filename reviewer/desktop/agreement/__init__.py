"""The page *Agreement*: how far people agree who judged the same traces."""

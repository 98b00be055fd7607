"""One module a family of formats. Each offers three names, and stands as one row in ``reviewer.sources.FORMATS``.

- ``NAMES``: the formats that ``import --format`` takes and ``Trace.format`` holds.
- ``looks_like(head: Sequence[Value], name: str) -> Guess | None``: whether the first values of a file are of the
  family, and what says so. ``name`` is the file's and decides ties only.
- ``read(stored: Stored, note: Note) -> Iterator[Found]``: every value of ``stored.values(...)`` becomes a ``Found``
  or a noted ``Problem`` that is lost.
"""

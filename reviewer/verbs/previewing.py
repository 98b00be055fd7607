"""What files would give, before anything is written: read in the worker process, a file at a time."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from reviewer import sources
from reviewer.errors import Expected
from reviewer.jobs.messages import Batch, Broke
from reviewer.jobs.running import Channel, Job, Limits
from reviewer.model.segment_rules import Rules
from reviewer.sources.jsontext import printable
from reviewer.sources.preview import Preview, preview
from reviewer.sources.tables.columns import Use
from reviewer.verbs.importing import WORKER_MEMORY, Formats, files_under


def look(
    channel: Channel,
    paths: Sequence[Path],
    format: str | None,
    said: Mapping[str, Mapping[str, Use]],
    most: int | None = None,
    formats: Formats | None = None,
    rules: Rules | None = None,
) -> list[Path]:
    """Send a ``Batch`` with the ``Preview`` of each file, the first ``most`` of them; return the paths of the others.

    ``formats`` are those of single files that are not to be read as ``format``, ``rules`` those of the workspace that
    say what segments are.
    """
    of_file = formats or {}
    files = files_under(paths)
    for path, _ in islice(files, most):
        channel.check()
        channel.send(Batch(preview(path, of_file.get(printable(str(path)), format), said, rules)))
    return [path for path, _ in files]


def previews(
    paths: Sequence[Path],
    format: str | None = None,
    said: Mapping[str, Mapping[str, Use]] | None = None,
    rules: Rules | None = None,
) -> Iterator[Preview]:
    """Yield the preview of each file, as it is ready, with segments by ``rules``; nothing is written anywhere.

    Raises:
        UsageError: nobody knows ``format``.
        Expected: the worker process ended early.
    """
    if format is not None:
        sources.refuse_unknown(format)
    job = Job(look, [Path(p) for p in paths], format, said or {}, None, None, rules, limits=Limits(WORKER_MEMORY))
    try:
        for message in job.messages():
            if isinstance(message, Batch):
                yield message.content
            elif isinstance(message, Broke):
                raise Expected(message.sentence, message.next_step)
    finally:
        job.cancel()

"""What a verb changed: ids per noun, never names of widgets. Screens refresh from this and nothing else."""

from typing import NamedTuple

from reviewer.model.ids import TraceId, WeekName


class Changes(NamedTuple):
    """Ids of what changed; ``everything`` when there is too much to name: read again."""

    traces: frozenset[TraceId] = frozenset()
    codings: frozenset[TraceId] = frozenset()
    weeks: frozenset[WeekName] = frozenset()
    taxonomy: bool = False
    judges: bool = False
    checklists: frozenset[str] = frozenset()
    datasets: frozenset[str] = frozenset()
    evals: bool = False
    everything: bool = False

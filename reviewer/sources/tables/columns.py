"""What the columns of a table mean: known from a shipped mapping, guessed from their names, or said by a person."""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, get_args

from reviewer import resources
from reviewer.errors import UsageError

Role = Literal[
    "id", "session", "turn", "messages", "system", "user", "assistant", "contexts", "context_ids", "expected",
    "label", "score", "explanation", "started", "latency_ms", "latency_s", "cost", "tokens_in", "tokens_out", "model",
    "prompt_version", "workflow", "tenant", "task_type", "environment", "user_id", "tags", "metadata", "ignore",
]  # fmt: skip
ROLES: tuple[Role, ...] = get_args(Role)
"""``label`` is what a person said, ``score`` what a program did; ``explanation`` goes with the labels of its row."""

SCORED: frozenset[Role] = frozenset({"label", "score"})

_BY_NAME: dict[Role, tuple[str, ...]] = {
    "id": ("id", "trace_id", "request_id", "example_id", "task_id", "row_id", "idx"),
    "session": ("session", "session_id", "thread", "thread_id", "conversation_id"),
    "turn": ("turn", "turn_index", "turn_id"),
    "messages": ("messages", "conversation", "conversations", "chat"),
    "system": ("system", "system_prompt"),
    "user": ("question", "query", "user_input", "user_query", "prompt", "input", "instruction"),
    "assistant": ("answer", "response", "output", "completion", "prediction", "model_output"),
    "contexts": ("contexts", "retrieved_contexts", "context", "documents", "sources", "passages", "evidence"),
    "context_ids": ("retrieved_context_ids", "context_ids"),
    "expected": ("ground_truth", "ground_truths", "reference", "expected", "expected_output", "target", "ideal"),
    "started": ("timestamp", "created_at", "started_at", "start_time", "time", "date"),
    "latency_ms": ("latency_ms", "duration_ms"),
    "latency_s": ("latency", "duration"),
    "cost": ("cost", "cost_usd", "total_cost"),
    "tokens_in": ("prompt_tokens", "input_tokens", "tokens_in"),
    "tokens_out": ("completion_tokens", "output_tokens", "tokens_out"),
    "model": ("model", "model_name"),
    "prompt_version": ("prompt_version",),
    "workflow": ("workflow", "route"),
    "tenant": ("tenant", "tenant_id", "customer"),
    "task_type": ("task_type", "intent"),
    "environment": ("environment", "env"),
    "user_id": ("user_id", "user"),
    "tags": ("tags",),
    "explanation": ("explanation", "comment", "critique", "rationale"),
}
_ROLE_OF = {name: role for role, names in _BY_NAME.items() for name in names}
_LABELS = ("annotator", "label", "human", "rating", "verdict", "feedback", "grade")
_SPOKEN: frozenset[Role] = frozenset({"user", "assistant", "messages"})


@dataclass(frozen=True, slots=True)
class Use:
    """What one column is used as; ``name`` and ``author`` are those of a label or a score."""

    role: Role
    name: str = ""
    author: str = ""

    def __str__(self) -> str:
        return ":".join(part for part in (self.role, self.name, self.author) if part)


def parse_use(text: str) -> Use:
    """Return the use that a text such as ``user`` or ``label:faithful:ann`` names; raise ``UsageError``."""
    role, _, rest = text.partition(":")
    name, _, author = rest.partition(":")
    if role not in ROLES:
        raise UsageError(f"A column cannot be used as {role!r}.", f"Known: {', '.join(ROLES)}.")
    if rest and role not in SCORED:
        raise UsageError(f"Only a label or a score has a name: {text!r}.", f"Write {role} alone.")
    return Use(role, name, author)


@dataclass(frozen=True, slots=True)
class Columns:
    """The use of every column of a table; what no use is named for goes into the metadata."""

    uses: Mapping[str, Use]
    why: str = ""
    _by_role: dict[Role, list[str]] = field(default_factory=dict, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        for column, use in self.uses.items():
            self._by_role.setdefault(use.role, []).append(column)

    def named(self, role: Role) -> Sequence[str]:
        """Return the columns that are used as a role, in the order of the table."""
        return self._by_role.get(role, ())

    @property
    def makes_traces(self) -> bool:
        """Whether the rows hold something that was said."""
        return any(use.role in _SPOKEN for use in self.uses.values())

    def changed(self, said: Mapping[str, Use]) -> "Columns":
        """Return the mapping with what a person said of some columns; a column that is not there is an error."""
        unknown = [column for column in said if column not in self.uses]
        if unknown:
            raise UsageError(f"The table has no column {unknown[0]!r}.", f"It has {', '.join(self.uses)}.")
        return Columns({**self.uses, **said}, "named by hand")


def header_key(header: Iterable[str]) -> str:
    """Return 16 hex digits that tell tables with the same columns, in whatever order, from others."""
    return hashlib.sha256("\x1f".join(sorted(header)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def guess(header: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Columns:
    """Return what the columns of a table probably mean: by a shipped mapping that fits, else by name and content."""
    for title, known in shipped():
        if set(known) <= set(header):
            return Columns({name: known.get(name, Use("metadata")) for name in header}, title)
    uses: dict[str, Use] = {}
    for name in header:
        uses[name] = _by_name(name, [row.get(name) for row in rows])
    _settle(uses)
    return Columns(uses, "names of columns")


@cache
def shipped() -> tuple[tuple[str, dict[str, Use]], ...]:
    """Return the mappings of known data sets: a title, and the use of each column that tells the set."""
    found = []
    for path in sorted(resources.path("mappings").glob("*.toml")):
        held = tomllib.loads(path.read_text(encoding="utf-8"))
        found.append((held["title"], {name: parse_use(use) for name, use in held["columns"].items()}))
    return tuple(found)


def _by_name(name: str, values: Sequence[Any]) -> Use:
    plain = name.strip().lower().replace(" ", "_").replace("-", "_")
    if (role := _ROLE_OF.get(plain)) is not None:
        return Use(role)
    if plain.startswith(_LABELS) or plain.endswith(("_label", "_rating", "_verdict")):
        return Use("label", name)
    if any(is_number(value) for value in values) and all(is_number(v) or v in (None, "") for v in values):
        return Use("score", name)
    return Use("metadata")


def _settle(uses: dict[str, Use]) -> None:
    """Let one column be the question and one the answer where the names of several would do; the first wins."""
    for role in ("id", "session", "turn", "messages", "user", "assistant", "started"):
        columns = [name for name, use in uses.items() if use.role == role]
        for extra in columns[1:]:
            uses[extra] = Use("metadata")


def is_number(value: Any) -> bool:
    """Return whether a cell is a number, or a text that says one."""
    if isinstance(value, bool):
        return False
    if isinstance(value, (int, float)):
        return True
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return isinstance(value, str) and not value.strip().lower().endswith(("nan", "inf", "infinity"))

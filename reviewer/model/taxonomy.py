"""A taxonomy: the failure modes a reviewer may tag, and the scores to give. Read from and written to TOML."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from reviewer.errors import BadInput
from reviewer.model.ids import ModeId

SEVERITIES = ("low", "medium", "high", "critical")
ID_SHAPE = re.compile(r"[a-z][a-z0-9_]{0,63}")


class Mode(NamedTuple):
    """One failure mode. ``slot`` is its place on the keys: 1 to 10 the digits, 11 to 20 with Shift; None = by ``T``."""

    id: ModeId
    title: str
    definition: str = ""
    counts_when: str = ""
    not_when: str = ""
    severity: str = "medium"
    owner: str = ""
    runbook: str = ""
    group: str = ""
    slot: int | None = None
    retired: bool = False


class ScoreScale(NamedTuple):
    """One quality score: whole numbers from ``low`` to ``high``, and what the ends mean."""

    id: str
    title: str
    low: int
    high: int
    low_means: str
    high_means: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """A list of failure modes and scores; every coding carries the version that it was made under."""

    name: str
    title: str
    modes: tuple[Mode, ...] = ()
    scores: tuple[ScoreScale, ...] = ()
    description: str = ""
    version: int = 1
    _by_id: dict[str, Mode] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        self._by_id.update({mode.id: mode for mode in self.modes})

    @property
    def active(self) -> tuple[Mode, ...]:
        """Return the modes in use."""
        return tuple(mode for mode in self.modes if not mode.retired)

    @property
    def required_scores(self) -> tuple[str, ...]:
        """Return the ids of the scores without which a coding cannot be submitted."""
        return tuple(score.id for score in self.scores if score.required)

    def mode(self, mode_id: str) -> Mode | None:
        """Return a mode by its id, retired ones included."""
        return self._by_id.get(mode_id)

    def in_slot(self, slot: int) -> Mode | None:
        """Return the active mode on a key slot."""
        return next((mode for mode in self.modes if mode.slot == slot and not mode.retired), None)

    def score(self, score_id: str) -> ScoreScale | None:
        """Return a score by its id."""
        return next((score for score in self.scores if score.id == score_id), None)

    def as_json(self) -> dict[str, Any]:
        """Return the taxonomy as plain values, in the shape of its TOML."""
        return {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "version": self.version,
            "mode": [_plain(mode) for mode in self.modes],
            "score": [_plain(score) for score in self.scores],
        }

    def as_toml(self) -> str:
        """Return the taxonomy as TOML that ``parse`` reads back equal."""
        whole = self.as_json()
        lines = [f"{key} = {_toml(whole[key])}" for key in ("name", "title", "description", "version")]
        for table in ("mode", "score"):
            for row in whole[table]:
                lines += ["", f"[[{table}]]", *(f"{key} = {_toml(value)}" for key, value in row.items())]
        return "\n".join(lines) + "\n"


EMPTY = Taxonomy(name="none", title="No list yet")


def parse(text: str, file: str = "taxonomy") -> Taxonomy:
    """Return the taxonomy that a TOML text holds.

    Raises:
        BadInput: it is no TOML, or breaks a rule; the sentence names the file and the entry.
    """
    import tomllib  # which the start does without: a workspace keeps its taxonomy as JSON

    try:
        whole = tomllib.loads(text)
    except tomllib.TOMLDecodeError as why:
        raise BadInput(f"{file} is not valid TOML: {why}.", "Export a taxonomy to see the shape.") from why
    return from_json(whole, file)


def from_json(whole: dict[str, Any], file: str = "taxonomy") -> Taxonomy:
    """Return the taxonomy that ``as_json`` wrote, checked like a file."""
    modes = tuple(_read(Mode, row, f"{file}: mode {i}") for i, row in enumerate(_rows(whole, "mode", file), 1))
    scores = tuple(_read(ScoreScale, row, f"{file}: score {i}") for i, row in enumerate(_rows(whole, "score", file), 1))
    _check(modes, scores, file)
    return Taxonomy(
        name=str(whole.get("name") or "custom"),
        title=str(whole.get("title") or whole.get("name") or "Custom"),
        description=str(whole.get("description", "")),
        version=whole["version"] if isinstance(whole.get("version"), int) else 1,
        modes=modes,
        scores=scores,
    )


def _rows(whole: dict[str, Any], key: str, file: str) -> list[dict[str, Any]]:
    rows = whole.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadInput(f"{file}: {key!r} must be a list of tables.", f"Write each one under [[{key}]].")
    return rows


def _read(kind: type[Any], row: dict[str, Any], where: str) -> Any:
    """Build one entry, refusing unknown keys and values of another type by name."""
    types, defaults = kind.__annotations__, kind._field_defaults
    for key, value in row.items():
        if key not in types:
            raise BadInput(f"{where} has an unknown key {key!r}.", f"Known keys: {', '.join(types)}.")
        wanted = types[key]
        right = (
            isinstance(value, bool) if wanted is bool else isinstance(value, str if wanted in (str, ModeId) else int)
        )
        if not right or (wanted is not bool and isinstance(value, bool)):
            raise BadInput(f"{where}: {key} = {value!r} has the wrong type.")
    lacking = [name for name in types if name not in defaults and name not in row]
    if lacking:
        raise BadInput(f"{where} lacks {', '.join(lacking)}.")
    return kind(**row)


def _check(modes: Iterable[Mode], scores: Iterable[ScoreScale], file: str) -> None:
    seen: set[str] = set()
    slots: set[int] = set()
    for mode in modes:
        if not ID_SHAPE.fullmatch(mode.id):
            raise BadInput(f"{file}: the mode id {mode.id!r} may hold only a-z, 0-9 and _.")
        if mode.id in seen:
            raise BadInput(f"{file}: the mode {mode.id!r} stands twice.")
        if mode.severity not in SEVERITIES:
            raise BadInput(f"{file}: {mode.id} has severity {mode.severity!r}.", f"Use {', '.join(SEVERITIES)}.")
        if mode.slot is not None and (not 1 <= mode.slot <= 20 or mode.slot in slots) and not mode.retired:
            raise BadInput(f"{file}: {mode.id} asks for slot {mode.slot}, which is taken or not in 1 to 20.")
        seen.add(mode.id)
        if mode.slot is not None and not mode.retired:
            slots.add(mode.slot)
    for score in scores:
        if not ID_SHAPE.fullmatch(score.id) or score.id in seen:
            raise BadInput(f"{file}: the score id {score.id!r} is not usable or stands twice.")
        if not score.low < score.high:
            raise BadInput(f"{file}: the score {score.id} must rise from low to high.")
        seen.add(score.id)


def _plain(row: Any) -> dict[str, Any]:
    return {name: value for name, value in row._asdict().items() if value is not None}


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    # A JSON string is a valid TOML basic string once DEL, which JSON leaves bare, is escaped too.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")

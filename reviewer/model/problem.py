"""A bad record: which file, which line or member, and why. Its neighbours are imported."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that an import could not take, or took with a warning.

    ``line`` counts from 1; ``member`` is a zip member, an array position or a byte offset, said in words;
    ``lost`` says whether a record was lost (an error) or kept (a warning).
    """

    file: str
    reason: str
    line: int | None = None
    member: str | None = None
    lost: bool = True

    def as_json(self) -> dict[str, object]:
        """Return the problem as the command line prints it."""
        return {"file": self.file, "line": self.line, "member": self.member, "reason": self.reason}

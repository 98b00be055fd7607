"""What can go wrong, as a tree.

    Exception
      Expected            a sentence for a person and what to do next; never a traceback
        UsageError        the request was off: an unknown trace, a week's name that exists (exit code 2)
        BadInput          a file or record that cannot be read
        WorkspaceError    the workspace cannot be opened or written
          NewerWorkspace  it was written by a newer version
          WorkspaceBusy   another process writes it
          StorageFull     the disk is full or the file may not grow

Everything that is not ``Expected`` is a bug and ends in a crash report. A bad record inside a good file is
neither: it is a ``model.problem.Problem`` row.
"""


class Expected(Exception):
    """A failure that a person can act on: what happened, and the next step."""

    exit_code = 1

    def __init__(self, sentence: str, next_step: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.sentence} {self.next_step}".strip()


class UsageError(Expected):
    """The request cannot be meant as it was made."""

    exit_code = 2


class BadInput(Expected):
    """A file or a value that cannot be read."""


class WorkspaceError(Expected):
    """The workspace cannot be opened or written."""


class NewerWorkspace(WorkspaceError):
    """The workspace was written by a newer version and was not touched."""


class WorkspaceBusy(WorkspaceError):
    """Another process writes this workspace."""


class StorageFull(WorkspaceError):
    """The disk is full, or the file may not grow."""

"""What the window remembers between starts: how it looks and who reads. A reviewer's work is never kept here."""

import json
import os
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QByteArray, QSettings

ThemeName = Literal["system", "light", "dark"]
THEMES: tuple[ThemeName, ...] = ("system", "light", "dark")
SCALES = (90, 100, 115, 130)
MOST_RECENT = 8
FILE_VARIABLE = "REVIEWER_SETTINGS"


class Preferences:
    """Typed access to the settings of this user; unreadable values fall back to the defaults."""

    def __init__(self, file: Path | None = None) -> None:
        """Open the settings: a file, the one that ``REVIEWER_SETTINGS`` names, or the system's place."""
        named = file or (Path(os.environ[FILE_VARIABLE]) if os.environ.get(FILE_VARIABLE) else None)
        if named is not None:
            self._stored = QSettings(str(named), QSettings.Format.IniFormat)
        else:
            self._stored = QSettings(
                QSettings.Format.IniFormat, QSettings.Scope.UserScope, "transcript-reviewer", "transcript-reviewer"
            )

    def _text(self, key: str, default: str = "") -> str:
        value = self._stored.value(key, default)
        return value if isinstance(value, str) else default

    @property
    def reviewer(self) -> str:
        """Return who reads, or nothing where nobody has said it yet."""
        return self._text("reviewer")

    @reviewer.setter
    def reviewer(self, name: str) -> None:
        self._stored.setValue("reviewer", name)

    @property
    def theme(self) -> ThemeName:
        """Return the chosen theme."""
        stored = self._text("theme", "system")
        return next((name for name in THEMES if name == stored), "system")

    @theme.setter
    def theme(self, name: ThemeName) -> None:
        self._stored.setValue("theme", name)

    @property
    def scale(self) -> int:
        """Return the size of text in percent."""
        stored = self._text("scale", "100")
        return int(stored) if stored.isdigit() and int(stored) in SCALES else 100

    @scale.setter
    def scale(self, percent: int) -> None:
        self._stored.setValue("scale", str(percent))

    @property
    def keys(self) -> str:
        """Return the name of the key profile."""
        return self._text("keys", "default")

    @keys.setter
    def keys(self, profile: str) -> None:
        self._stored.setValue("keys", profile)

    @property
    def own_keys(self) -> dict[str, tuple[str, ...]]:
        """Return the reader's own keys by command id; unreadable ones are forgotten."""
        try:
            stored = json.loads(self._text("own_keys", "{}"))
            return {str(command): tuple(str(key) for key in keys) for command, keys in stored.items()}
        except (ValueError, AttributeError, TypeError):
            return {}

    @own_keys.setter
    def own_keys(self, keys: dict[str, tuple[str, ...]]) -> None:
        self._stored.setValue("own_keys", json.dumps(keys))

    @property
    def recent(self) -> list[Path]:
        """Return the workspaces opened last, the latest first; those that are gone are left out."""
        lines = self._text("recent").splitlines()
        return [path for line in lines if (path := Path(line)).is_file()]

    def opened(self, path: Path) -> None:
        """Remember that a workspace was opened."""
        paths = [str(path.resolve()), *(str(other) for other in self.recent)]
        recent = "\n".join(list(dict.fromkeys(paths))[:MOST_RECENT])
        if recent != self._text("recent"):  # what is the same need not be written while the window starts
            self._stored.setValue("recent", recent)

    def layout(self, what: str) -> QByteArray:
        """Return a remembered geometry or splitter; empty where there is none."""
        value = self._stored.value(f"layout/{what}")
        return value if isinstance(value, QByteArray) else QByteArray()

    def keep_layout(self, what: str, value: QByteArray) -> None:
        """Remember a geometry or splitter."""
        self._stored.setValue(f"layout/{what}", value)

    def close(self) -> None:
        """Write what was changed."""
        self._stored.sync()


def login_name() -> str:
    """Return the name of the system's user: what a reviewer is called until they say otherwise."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "reviewer"

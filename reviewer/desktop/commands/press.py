"""What a key press is called: the words of a Qt key press, and how a key is written on a keycap."""

import sys
from collections.abc import Iterable
from functools import lru_cache

from PySide6.QtCore import QCoreApplication, QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent

NAMED: dict[int, str] = {
    Qt.Key.Key_Return: "enter",
    Qt.Key.Key_Enter: "enter",
    Qt.Key.Key_Escape: "escape",
    Qt.Key.Key_Space: "space",
    Qt.Key.Key_Tab: "tab",
    Qt.Key.Key_Backtab: "tab",
    Qt.Key.Key_Backspace: "backspace",
    Qt.Key.Key_Delete: "delete",
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
    Qt.Key.Key_Home: "home",
    Qt.Key.Key_End: "end",
    Qt.Key.Key_PageUp: "pageup",
    Qt.Key.Key_PageDown: "pagedown",
    **{Qt.Key.Key_F1 + n: f"f{n + 1}" for n in range(12)},
}
MODIFIER_KEYS = (
    Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta, Qt.Key.Key_CapsLock,
    Qt.Key.Key_NumLock,
)  # fmt: skip
OTHERS = (
    (Qt.KeyboardModifier.ControlModifier.value, "ctrl+"),
    (Qt.KeyboardModifier.AltModifier.value, "alt+"),
    (Qt.KeyboardModifier.MetaModifier.value, "meta+"),
)
SHIFTED_DIGITS = dict(zip("!@#$%^&*()", "1234567890", strict=True))  # US layout: for presses without a place
CAPS = {"left": "←", "right": "→", "up": "↑", "down": "↓", "enter": "Enter", "escape": "Esc", "pageup": "PgUp",
        "pagedown": "PgDn"}  # fmt: skip


def is_modifier(press: QKeyEvent) -> bool:
    """Whether a press is of Shift, Ctrl and the like alone."""
    return press.key() in MODIFIER_KEYS


def words(press: QKeyEvent) -> tuple[str, ...]:
    """Return the names of a press, the best first: by what it types and, for digits, by where the key lies.

    With Shift the place of a digit key wins over the sign it types, because that sign differs by layout; without
    Shift the sign wins, so that ``[`` stays ``[`` where it lies on a digit.
    """
    # As numbers: flags of the binding are slow to combine.
    return _words(press.key(), press.modifiers().value, press.nativeScanCode(), press.text())


@lru_cache(maxsize=256)
def _words(key: int, held: int, scan_code: int, text: str) -> tuple[str, ...]:
    shift = bool(held & Qt.KeyboardModifier.ShiftModifier.value)
    others = "".join(word for bit, word in OTHERS if held & bit)
    digit = digit_of_place(scan_code) if scan_code else None
    typed = _typed(key, text, shift, bool(others))
    placed = None if digit is None else ("shift+" if shift else "") + digit
    if placed is None and shift and text in SHIFTED_DIGITS:
        placed = "shift+" + SHIFTED_DIGITS[text]
    ordered = [placed, typed] if shift else [typed, placed]
    return tuple(others + word for word in dict.fromkeys(w for w in ordered if w))


def _typed(key: int, text: str, shift: bool, with_others: bool) -> str | None:
    named = NAMED.get(key)
    if named is not None:
        return ("shift+" if shift else "") + named
    if with_others or not text or not text.isprintable():
        if not 0x20 < key < 0x1000000:
            return None
        text = chr(key)
    if text.isalpha():
        return ("shift+" if shift else "") + text.lower()
    if text.isdigit():
        return ("shift+" if shift else "") + text
    return text


def digit_of_place(scan_code: int) -> str | None:
    """Return the digit of a key of the digit row by its place, or None. X11 and Wayland count from 10, Windows from 2."""
    first = 2 if sys.platform == "win32" else 10
    if sys.platform == "darwin" or not 0 <= scan_code - first < 10:
        return None
    return str((scan_code - first + 1) % 10)


def caps(sequence: str) -> list[str]:
    """Return the keycaps of a sequence: ``ctrl+shift+z`` gives ``Ctrl ⇧ Z`` on one cap, ``g g`` the same on one."""
    return [" ".join(_cap(key) for key in sequence.split())]


def _cap(key: str) -> str:
    if key in ("+", "shift++"):
        return key
    *modifiers, last = key.split("+")
    shown = {"shift": "⇧", "ctrl": _translate("Ctrl"), "alt": _translate("Alt"), "meta": _translate("Meta")}
    if modifiers == ["shift"] and last.isalpha() and len(last) == 1:
        return last.upper()
    return " ".join([*(shown[m] for m in modifiers), CAPS.get(last) or last.capitalize()])


def _translate(word: str) -> str:
    return QCoreApplication.translate("Keys", word)


def first_cap(sequences: Iterable[str]) -> str:
    """Return the keycap of the first of a command's key sequences, or nothing."""
    for sequence in sequences:
        return caps(sequence)[0]
    return ""


def qt_press(word: str) -> tuple[int, Qt.KeyboardModifier, str]:
    """Return the Qt key, modifiers and text that make a press named ``word``: how a script plays keys."""
    *names, last = word.split("+") if word != "+" else [word]
    modifiers = Qt.KeyboardModifier.NoModifier
    for name in names:
        modifiers |= {
            "shift": Qt.KeyboardModifier.ShiftModifier,
            "ctrl": Qt.KeyboardModifier.ControlModifier,
            "alt": Qt.KeyboardModifier.AltModifier,
        }[name]
    by_name = {name: key for key, name in reversed(NAMED.items())}  # Tab, not the one that goes back
    if last in by_name:
        return QKeyCombination(Qt.Key(by_name[last])).key(), modifiers, "\r" if last == "enter" else ""
    if "shift" in names and last.isdigit():
        sign = next(sign for sign, digit in SHIFTED_DIGITS.items() if digit == last)
        return ord(sign), modifiers, sign
    text = last.upper() if "shift" in names else last
    return ord(last.upper()), modifiers, text if "ctrl" not in names and "alt" not in names else ""

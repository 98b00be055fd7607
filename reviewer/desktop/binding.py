"""The Qt binding: imported without what nobody here uses, and whether it is sound. Import it before any of PySide6.

The binding carries a part written in Python and compiles it at every start. Two of its modules only serve the makers of
stub files; they take a tenth of the time of its import, and here they are compiled when somebody asks for them. Where
the binding brings them in another way, nothing changes. (The modules beside them, which word a ``TypeError``, cannot
wait: the binding asks for them in the middle of an error, and ends the program when that fails.)

The binding also puts an import of its own in front of the one that was there; it reads the source of every module, in
search of its ``__feature__`` switches. Nobody here uses them, and the reading takes a twelfth of the start: that import
is taken away again.
"""

import builtins
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

CALLS = 200
MOST_LOST = CALLS // 2

PUT_OFF = ("shibokensupport/signature/lib/enum_sig.py", "shibokensupport/signature/lib/pyi_generator.py")
STAND_IN = """
def __getattr__(name):
    from reviewer.desktop.binding import fill_in
    return fill_in(globals(), {place!r}, name)
"""
_sources: dict[str, bytes | str] = {}


def fill_in(names: dict[str, Any], place: str, wanted: str) -> object:
    """Run the source of a module that was put off, and return what is asked of it.

    Raises:
        AttributeError: it has no such name.
    """
    if wanted.startswith("__"):  # the import system looks for what only packages have
        raise AttributeError(wanted)
    source = _sources.pop(place, None)
    if source is not None:
        names.pop("__getattr__")
        exec(compile(source, place, "exec"), names)  # noqa: S102 - the binding's own source, as it would run it itself
    if wanted not in names:
        raise AttributeError(f"module {place} has no attribute {wanted!r}")
    return names[wanted]


@contextmanager
def _putting_off() -> Iterator[None]:
    whole = builtins.compile

    def compile_later(source: Any, filename: Any, *rest: Any, **named: Any) -> Any:
        if filename in PUT_OFF:
            _sources[filename] = source
            source = STAND_IN.format(place=filename)
        return whole(source, filename, *rest, **named)

    builtins.compile = compile_later
    try:
        yield
    finally:
        builtins.compile = whole


with _putting_off():
    from PySide6.QtCore import QObject

builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)


def is_sound() -> bool:
    """Return whether the Qt binding counts references to None rightly.

    One version loses a reference with every call that returns nothing, on Pythons where None can die: the program
    would end at a random moment. Two hundred such calls show it.
    """
    probe = QObject()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        probe.setObjectName("probe")
    return before - sys.getrefcount(None) < MOST_LOST

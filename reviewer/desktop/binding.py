"""The Qt binding: imports without its search, and whether it is sound.

PySide puts an import of its own in front of the one that was there; it reads the source of every module, in search of
its ``__feature__`` switches. Nobody here uses them, and the reading takes a twelfth of the start. So importing this
module takes that import away again, and the desktop's first module imports it first.
"""

import builtins
import sys

from PySide6.QtCore import QObject

builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)

CALLS = 200
MOST_LOST = CALLS // 2


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

"""Redact texts with Presidio: python presidio_redacts.py FOLDER; reads texts.json and prints {text, kinds} a text.

Nothing may look for the network: spaCy has no model here, and the list of domains comes with the library.
"""

import json
import socket
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from reviewer.exports.presidio import presidio
from reviewer.exports.redact import RULES, Redactor


def refuse(*_: Any) -> None:
    raise AssertionError("asked the network")


socket.socket.connect = socket.getaddrinfo = refuse  # type: ignore[method-assign, assignment]
rules = (*RULES, presidio())
for text in json.loads((Path(sys.argv[1]) / "texts.json").read_text()):
    redactor = Redactor(b"key", rules)
    print(json.dumps({"text": redactor.redacted(text, "s"), "kinds": sorted(redactor.counts)}))

"""Other people's libraries, found where ``make test-oracles`` put them."""

import importlib
import importlib.util
import os
from types import ModuleType

import pytest


def library(name: str) -> ModuleType:
    """Return a library; skip without it, fail without it where REVIEWER_ORACLES is set."""
    if importlib.util.find_spec(name.split(".", maxsplit=1)[0]) is None:
        if os.environ.get("REVIEWER_ORACLES"):
            pytest.fail(f"{name} is not installed")
        pytest.skip(f"needs {name}, which only make test-oracles installs")
    return importlib.import_module(name)

"""What every test shares: the offscreen platform, and the folder of shared material."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Callable[..., Path]:
    """Give paths inside the shared material; skip without it, fail without it where CI is set."""

    def path(*parts: str) -> Path:
        found = SHARED.joinpath(*parts)
        if not found.exists():
            message = f"needs the shared material: {'/'.join(parts)} beside the checkout"
            if os.environ.get("CI"):
                pytest.fail(message)
            pytest.skip(message)
        return found

    return path

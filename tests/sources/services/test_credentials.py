"""Keys: only in a key store that encrypts, in the environment, or in memory; and never shown."""

import pickle
from typing import Any

import keyring
import pytest
from keyring.backend import KeyringBackend

from reviewer.errors import UsageError
from reviewer.sources.services import credentials
from reviewer.sources.services.credentials import find, forget, keep, secret, variable

CANARY = "canary-4f1c9a77"
PLACE = "https://example.org"


def store(module: str, keeps: bool = True, breaks: bool = False) -> KeyringBackend:
    """Return a key store that says it is of a module."""

    def get(self: Any, service: str, name: str) -> str | None:
        return self.held.get((service, name))

    def put(self: Any, service: str, name: str, text: str) -> None:
        if breaks:
            raise RuntimeError(f"locked: {text}")
        if keeps:
            self.held[service, name] = text

    def delete(self: Any, service: str, name: str) -> None:
        self.held.pop((service, name), None)

    made = type(
        "Keyring",
        (KeyringBackend,),
        {"priority": 1, "get_password": get, "set_password": put, "delete_password": delete, "__module__": module},
    )()
    made.held = {}
    KeyringBackend._classes.discard(type(made))  # no other test shall find it
    return made


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "_held", {})


def use(monkeypatch: pytest.MonkeyPatch, one: KeyringBackend) -> None:
    monkeypatch.setattr(keyring, "get_keyring", lambda: one)


def test_a_store_that_encrypts_keeps_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = store("keyring.backends.SecretService")
    use(monkeypatch, mine)
    assert keep("prod", PLACE, secret(CANARY))
    credentials._held.clear()
    found = find("prod", PLACE)
    assert found is not None and found.reveal() == CANARY
    assert list(mine.held.values()) == [CANARY], "the text of the check is gone"
    forget("prod", PLACE)
    assert find("prod", PLACE) is None and not mine.held


@pytest.mark.parametrize(
    "other",
    [
        store("keyrings.alt.file"),
        store("keyring.backends.null"),
        store("keyring.backends.fail"),
        store("keyring.backends.SecretService", keeps=False),
        store("keyring.backends.SecretService", breaks=True),
    ],
)
def test_any_other_store_gets_nothing_and_the_key_lives_until_the_end(
    monkeypatch: pytest.MonkeyPatch, other: Any
) -> None:
    use(monkeypatch, other)
    assert not keep("prod", PLACE, secret(CANARY))
    assert CANARY not in other.held.values()
    found = find("prod", PLACE)
    assert found is not None and found.reveal() == CANARY
    forget("prod", PLACE)
    assert find("prod", PLACE) is None


def test_of_a_chain_only_the_allowed_store_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, mine = store("keyrings.alt.file"), store("keyring.backends.kwallet")
    chain = store("keyring.backends.chainer")
    monkeypatch.setattr(type(chain), "backends", [plain, mine], raising=False)
    use(monkeypatch, chain)
    assert keep("prod", PLACE, secret(CANARY))
    assert not plain.held and CANARY in mine.held.values()


def test_another_address_never_gets_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, store("keyring.backends.SecretService"))
    keep("prod", PLACE, secret(CANARY))
    assert find("prod", "https://elsewhere.example.org") is None


def test_the_environment_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, store("keyrings.alt.file"))
    assert variable("my prod-1") == "REVIEWER_KEY_MY_PROD_1"
    monkeypatch.setenv(variable("prod"), CANARY + "\n")
    found = find("prod", PLACE)
    assert found is not None and found.reveal() == CANARY


def test_a_key_does_not_show_itself() -> None:
    key = secret(f"pk-lf-{CANARY}:sk-lf-{CANARY}")
    assert CANARY not in repr(key) + str(key) + f"{key}"
    assert CANARY not in key.hide_in(f"the key sk-lf-{CANARY} is wrong")
    assert pickle.loads(pickle.dumps(key)).reveal() == key.reveal(), "it goes to the worker through a pipe"


@pytest.mark.parametrize("given", ["", " ", f"{CANARY}\nx: y", f"{CANARY} {CANARY}", f"{CANARY}é", CANARY * 1000])
def test_what_cannot_stand_in_a_header_is_refused_without_being_quoted(given: str) -> None:
    with pytest.raises(UsageError) as why:
        secret(given)
    assert "canary" not in str(why.value)

"""Which addresses a key may be sent to."""

import pytest

from reviewer.errors import UsageError
from reviewer.sources.services.address import Address, parse, refuse_link_local


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://cloud.example.org/", "https://cloud.example.org"),
        (" https://cloud.example.org/phoenix/ ", "https://cloud.example.org/phoenix"),
        ("http://localhost:6006", "http://localhost:6006"),
        ("http://[::1]:6006/", "http://[::1]:6006"),
        ("http://127.0.0.1:5000", "http://127.0.0.1:5000"),
    ],
)
def test_an_address_is_kept_without_its_last_slash(given: str, kept: str) -> None:
    assert parse(given).text == kept


@pytest.mark.parametrize(
    "given",
    [
        "http://cloud.example.org",
        "http://10.0.0.1:6006",
        "https://user:word@example.org",
        "https://example.org/?key=1",
        "https://example.org/#x",
        "https://169.254.169.254/latest",
        "https://[fe80::1]/",
        "https://[::ffff:169.254.169.254]/",
        "https://0.0.0.0/",
        "ftp://example.org",
        "file:///etc/passwd",
        "example.org",
        "https://example.org:port",
        "https://[",
        "",
    ],
)
def test_an_address_that_would_give_a_key_away_is_refused(given: str) -> None:
    with pytest.raises(UsageError):
        parse(given)


def test_a_refusal_quotes_no_password() -> None:
    with pytest.raises(UsageError) as why:
        parse("https://user:canary-word@example.org")
    assert "canary" not in str(why.value)


def test_a_name_for_an_address_of_the_link_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("169.254.169.254", 443))])
    with pytest.raises(UsageError):
        refuse_link_local(Address("https://inside.example.org", "https", "inside.example.org", 443))

"""Links of a transcript: only addresses of the web, shown plainly, opened only by a yes."""

import pytest
from pytestqt.qtbot import QtBot

from reviewer.desktop.review import links
from reviewer.desktop.theme import Theme


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "file:///etc/passwd", "/etc/passwd", "//host/share/x", "data:text/html,x", "vscode://x",
     "smb://host/x", "http:", "https://", "mailto:a@example.org", ""],
)  # fmt: skip
def test_what_is_no_address_of_the_web_is_not_offered(link: str) -> None:
    assert links.target(link) is None


def test_a_users_name_in_the_address_does_not_pass_for_its_host() -> None:
    url = links.target("https://bank.example@evil.example/login")
    assert url is not None
    assert url.toString() == "https://evil.example/login"
    assert links.host(url) == "evil.example"


def test_letters_that_only_look_latin_are_shown_as_what_they_are() -> None:
    url = links.target("https://аpple.com/")  # the first letter is Cyrillic
    assert url is not None
    assert links.host(url).startswith("xn--")


@pytest.mark.parametrize(("answer", "opened"), [(0, ["https://example.org/a"]), (1, []), (-1, [])])
def test_only_a_yes_opens_the_browser(
    answer: int, opened: list[str], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    seen: list[str] = []
    said: list[str] = []
    monkeypatch.setattr(links.shown, "message", lambda *args, **_: said.append(args[2]) or answer)
    monkeypatch.setattr(links.QDesktopServices, "openUrl", lambda url: seen.append(url.toString()) or True)
    assert links.ask_to_open(None, Theme.light(), "https://example.org/a") is bool(opened)  # type: ignore[arg-type]
    assert seen == opened
    assert "example.org" in said[0]

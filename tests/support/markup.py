"""What Telegram's HTML may look like, checked without the code that writes it."""

from __future__ import annotations

import html
import re

_TOKEN = re.compile(
    r"<(?P<close>/?)(?P<tag>[a-z]+(?:-[a-z]+)*)(?P<rest>[^<>]*)>"
    r"|(?P<text>(?:[^<>&]|&(?:amp|lt|gt|quot|\#\d+|\#x[0-9a-fA-F]+);)+)",
)
_REST = {
    "b": re.compile(r""),
    "code": re.compile(r""),
    "blockquote": re.compile(r"( expandable)?"),
    "tg-time": re.compile(r' unix="\d+" format="[rwdDtT]+"'),
    "a": re.compile(r' href="[^"<>]+"'),
}


def text_of(markup: str) -> str:
    """The text that is shown; fails where the markup is not what Telegram takes."""
    at, opened, shown = 0, list[str](), list[str]()
    while at < len(markup):
        token = _TOKEN.match(markup, at)
        assert token, f"no markup of Telegram's at {markup[at : at + 40]!r}"
        at = token.end()
        if token["text"]:
            shown.append(html.unescape(token["text"]))
        elif token["close"]:
            assert opened, f"nothing to close by {token[0]}"
            assert opened.pop() == token["tag"], f"{token[0]} closes another tag"
            assert not token["rest"]
        else:
            assert token["tag"] in _REST, f"the tag {token[0]}"
            assert _REST[token["tag"]].fullmatch(token["rest"]), token[0]
            assert token["tag"] not in opened, f"{token[0]} within itself"
            opened.append(token["tag"])
    assert not opened, f"never closed: {opened}"
    return "".join(shown)


def units(text: str) -> int:
    """The length as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2

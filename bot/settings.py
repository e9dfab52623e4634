"""Environment → settings, read once; every fault at once, by the variable's name."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from bot.errors import SettingsError
from bot.folders import ENV_FILE, PREFIX, cache, data
from bot.knowledge.model import Edition

__all__ = ["PREFIX", "Secret", "Settings", "cache", "data", "settings"]

TELEGRAM = "https://api.telegram.org"
LISTEN = "127.0.0.1:8080"
_LAST_PORT = 65_535
_SECRET = re.compile("[A-Za-z0-9_-]{1,256}")
"""What the Bot API takes as a secret of the webhook."""
_YES, _NO = {"1", "on", "t", "true", "y", "yes"}, {"0", "off", "f", "false", "n", "no"}


class Secret:
    """A text that no print shows."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def get_secret_value(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The variables are these names in capitals after `TAKEBACK_`; see README."""

    token: Secret | None = None
    api_url: str = TELEGRAM
    store: str | None = None
    webhook_url: str | None = None
    webhook_secret: Secret | None = None
    listen: str | None = None
    """Host and port, where they are not the usual ones; by polling, where to answer."""
    proxies: int = 0
    """Reverse proxies before `takeback serve`, each of which notes who asks."""
    plain: bool = False
    """For Bot API servers that lack newer fields."""
    profile: bool = False
    """Whether the templates' name and descriptions go over the operator's own."""
    watched: bool = True
    """Whether by webhook too each answer is a call, whose refusal is heard."""
    edition: Edition = "checked"
    admins: frozenset[int] = frozenset()
    keep_phrases: bool = False
    idle_hours: int = 24
    """Hours without a word after which a chat is forgotten."""
    phrase_days: int = 90
    """Days that a phrase waits in the inbox."""
    files: Path | None = None
    """Another folder with `knowledge/` and `templates/`, for editors."""
    more_books: tuple[Path, ...] = ()
    """Folders of the same kind, each a book in another language."""

    @property
    def address(self) -> str:
        """Where a server listens: host and port."""
        return self.listen or LISTEN


# --- what a variable says → its value; each raises ValueError with what is wrong


def _url(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise ValueError("has to begin with http:// or https://")
    return text.rstrip("/")


def _webhook_secret(text: str) -> Secret:
    if not _SECRET.fullmatch(text):
        raise ValueError("takes 1 to 256 of A-Z a-z 0-9 _ - and nothing else")
    return Secret(text)


def _host_and_port(text: str) -> str:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or int(port) > _LAST_PORT:
        raise ValueError(f"has to be host:port, such as {LISTEN}")
    return text


def _number(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.strip().isdecimal() or not least <= int(text) <= most:
            raise ValueError(f"has to be a number from {least} to {most}")
        return int(text)

    return read


def _yes_or_no(text: str) -> bool:
    if text.lower() not in _YES | _NO:
        raise ValueError("has to be yes or no")
    return text.lower() in _YES


def _edition(text: str) -> str:
    if text not in get_args(Edition):
        raise ValueError(f"has to be one of {', '.join(get_args(Edition))}")
    return text


def _ids(text: str) -> frozenset[int]:
    try:
        return frozenset(int(part) for part in text.split(",") if part.strip())
    except ValueError:
        raise ValueError("has to be numbers with commas between them") from None


def _folder(text: str) -> Path:
    if not (Path(text) / "knowledge").is_dir():
        raise ValueError(f"there is no folder {Path(text) / 'knowledge'}")
    return Path(text)


def _folders(text: str) -> tuple[Path, ...]:
    return tuple(_folder(part) for part in text.split(os.pathsep) if part)


_READERS: Mapping[str, Callable[[str], Any]] = {
    "token": Secret,
    "api_url": _url,
    "store": str,
    "webhook_url": _url,
    "webhook_secret": _webhook_secret,
    "listen": _host_and_port,
    "proxies": _number(0, 9),
    "plain": _yes_or_no,
    "profile": _yes_or_no,
    "watched": _yes_or_no,
    "edition": _edition,
    "admins": _ids,
    "keep_phrases": _yes_or_no,
    "idle_hours": _number(1, 24 * 30),
    "phrase_days": _number(1, 366),
    "files": _folder,
    "more_books": _folders,
}


# --- the environment


_BY_FILE = ("token", "webhook_secret", "store")
"""Settings that may be the content of a file, so that no secret is in the environment."""
_NOT_OURS = f"{PREFIX}CI_"


def settings(*, env_file: bool = False) -> Settings:
    """What the environment says, and with `env_file` a `.env` in the working folder.

    Only who runs the bot wants that: other commands may be called in a folder that
    somebody else has filled, and a setting can name templates or a server.

    Raises SettingsError with one line a fault; a secret's value is in none of them.
    """
    there = _variables(_written() if env_file else {})
    faults = _misspelt(there)
    given = {n: there[_variable(n)] for n in _READERS if _variable(n) in there}
    for name in _BY_FILE:
        try:
            found = _from_file(name, there)
        except ValueError as error:
            faults.append(f"{_variable(name)}_FILE: {error}")
        else:
            given |= {} if found is None else {name: found}
    made: dict[str, Any] = {}
    for name, text in given.items():
        try:
            made[name] = _READERS[name](text)
        except ValueError as error:
            faults.append(f"{_variable(name)}: {error}")
    if _telegram_refuses(made):
        reason = "has to begin with https://, or Telegram refuses it"
        faults.append(f"{_variable('webhook_url')}: {reason}")
    if faults:
        raise SettingsError("\n".join(dict.fromkeys(faults))) from None
    return Settings(**made)


def _telegram_refuses(made: Mapping[str, Any]) -> bool:
    """Whether Telegram itself, no server of one's own, is given a plain address."""
    theirs = made.get("api_url", TELEGRAM) == TELEGRAM
    return theirs and not made.get("webhook_url", "https://").startswith("https://")


def _written() -> Mapping[str, str | None]:
    from dotenv import dotenv_values  # only who runs the bot waits for it

    return dotenv_values(ENV_FILE)


def _variable(name: str) -> str:
    return PREFIX + name.upper()


def _variables(written: Mapping[str, str | None]) -> dict[str, str]:
    """Those of ours, by their names in capitals; the environment goes first."""
    return {
        name.upper(): value
        for name, value in (*written.items(), *os.environ.items())
        if name.upper().startswith(PREFIX) and value is not None
    }


def _misspelt(there: Mapping[str, str]) -> list[str]:
    """A line for each variable of ours that means nothing: a slip would go unheard."""
    known = [_variable(field.name) for field in fields(Settings)]
    known += [f"{_variable(name)}_FILE" for name in _BY_FILE]
    lines = []
    for name in sorted(there.keys() - set(known)):
        if name.startswith(_NOT_OURS):
            continue
        near = get_close_matches(name, known, 1)
        hint = f"; did you mean {near[0]}?" if near else "."
        lines.append(f"{name}: there is no such setting{hint}")
    return lines


def _from_file(name: str, there: Mapping[str, str]) -> str | None:
    """The content of the file that a setting names; none where it names none.

    Raises ValueError with what is wrong.
    """
    variable = _variable(name)
    path = there.get(f"{variable}_FILE")
    if not path:
        return None
    if there.get(variable):
        raise ValueError(f"{variable} is set too; one of them is enough")
    try:
        text = Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        said = error.strerror or type(error).__name__
        raise ValueError(f"{_who()} cannot read {path}: {said}") from None
    except UnicodeDecodeError:  # whose words hold a byte of it
        raise ValueError(f"{path} is no UTF-8 text") from None
    if not text:
        raise ValueError(f"{path} is empty")
    return text


def _who() -> str:
    """The user that this process runs as; a service's is seldom one's own."""
    try:
        import pwd  # not on Windows

        number = os.geteuid()
        return f"the user {pwd.getpwuid(number).pw_name} ({number})"
    except ImportError:
        return "this user"
    except KeyError:
        return f"the user {number}"

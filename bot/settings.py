"""Environment → settings, read once; every fault at once, by the variable's name."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from dotenv import dotenv_values
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from bot.errors import SettingsError
from bot.folders import ENV_FILE, PREFIX, cache, data
from bot.knowledge.model import Edition

__all__ = ["PREFIX", "Settings", "cache", "data", "settings"]

_LAST_PORT = 65_535


TELEGRAM = "https://api.telegram.org"
_SECRET = re.compile("[A-Za-z0-9_-]{1,256}")
"""What the Bot API takes as a secret of the webhook."""


class Settings(BaseModel):
    """The variables are these names in capitals after `TAKEBACK_`; see README."""

    model_config = ConfigDict(frozen=True)

    token: SecretStr | None = None
    api_url: str = TELEGRAM
    store: str | None = None
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    listen: str = "127.0.0.1:8080"
    proxies: int = Field(default=0, ge=0, le=9)
    """Reverse proxies before `takeback serve`, each of which notes who asks."""
    plain: bool = False
    """For Bot API servers that lack newer fields."""
    watched: bool = True
    """Whether by webhook too each answer is a call, whose refusal is heard."""
    edition: Edition = "checked"
    admins: frozenset[int] = Field(default_factory=frozenset)
    keep_phrases: bool = False
    idle_hours: int = Field(default=24, ge=1, le=24 * 30)
    """Hours without a word after which a chat is forgotten."""
    phrase_days: int = Field(default=90, ge=1, le=366)
    """Days that a phrase waits in the inbox."""
    files: Path | None = None
    """Another folder with `knowledge/` and `templates/`, for editors."""
    more_books: tuple[Path, ...] = ()
    """Folders of the same kind, each a book in another language."""

    @field_validator("admins", mode="before")
    @classmethod
    def _ids(cls, value: object) -> object:
        if isinstance(value, str):
            return [part.strip() for part in value.split(",") if part.strip()]
        return value

    @field_validator("more_books", mode="before")
    @classmethod
    def _folders(cls, value: object) -> object:
        if isinstance(value, str):
            return [part for part in value.split(os.pathsep) if part]
        return value

    @field_validator("files", "more_books")
    @classmethod
    def _with_knowledge(cls, value: Path | tuple[Path, ...] | None) -> object:
        for folder in (value,) if isinstance(value, Path) else value or ():
            if not (folder / "knowledge").is_dir():
                raise ValueError(f"there is no folder {folder / 'knowledge'}")
        return value

    @field_validator("api_url", "webhook_url")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("has to begin with http:// or https://")
        return value.rstrip("/") if value else value

    @field_validator("webhook_url")
    @classmethod
    def _taken_by_telegram(cls, value: str | None, seen: ValidationInfo) -> str | None:
        theirs = seen.data.get("api_url") == TELEGRAM
        if theirs and value is not None and not value.startswith("https://"):
            raise ValueError("has to begin with https://, or Telegram refuses it")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _plain_signs(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not _SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("takes 1 to 256 of A-Z a-z 0-9 _ - and nothing else")
        return value

    @field_validator("listen")
    @classmethod
    def _host_and_port(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not port.isdecimal() or int(port) > _LAST_PORT:
            raise ValueError("has to be host:port, such as 127.0.0.1:8080")
        return value


_BY_FILE = ("token", "webhook_secret", "store")
"""Settings that may be the content of a file, so that no secret is in the environment."""
_NOT_OURS = f"{PREFIX}CI_"


def settings(*, env_file: bool = False) -> Settings:
    """What the environment says, and with `env_file` a `.env` in the working folder.

    Only who runs the bot wants that: other commands may be called in a folder that
    somebody else has filled, and a setting can name templates or a server.

    Raises SettingsError with one line a fault; a secret's value is in none of them.
    """
    there = _variables(dotenv_values(ENV_FILE) if env_file else {})
    faults = _misspelt(there)
    given = {
        name: there[_variable(name)]
        for name in Settings.model_fields
        if _variable(name) in there
    }
    for name in _BY_FILE:
        try:
            found = _from_file(name, there)
        except (OSError, ValueError) as error:
            said = getattr(error, "strerror", None) or str(error)
            faults.append(f"{_variable(name)}_FILE: {said}")
        else:
            given |= {} if found is None else {name: found}
    try:
        made = Settings.model_validate(given)
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_input=False):
            name = "_".join(str(part) for part in fault["loc"][:1])
            text = str(fault["msg"]).removeprefix("Value error, ")
            faults.append(f"{_variable(name)}: {text}")
    if faults:
        raise SettingsError("\n".join(dict.fromkeys(faults))) from None
    return made


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
    known = [_variable(name) for name in Settings.model_fields]
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

    Raises OSError or ValueError with what is wrong.
    """
    variable = _variable(name)
    path = there.get(f"{variable}_FILE")
    if not path:
        return None
    if there.get(variable):
        raise ValueError(f"{variable} is set too; one of them is enough")
    return Path(path).read_text(encoding="utf-8").strip()

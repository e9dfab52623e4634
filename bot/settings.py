"""Environment → settings, read once; every fault at once, by the variable's name."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SettingsError
from bot.folders import ENV_FILE, PREFIX, cache, data
from bot.knowledge.model import Edition

__all__ = ["PREFIX", "Settings", "cache", "data", "settings"]

_LAST_PORT = 65_535


class Settings(BaseSettings):
    """The variables are these names in capitals after `TAKEBACK_`; see README."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=ENV_FILE, extra="ignore"
    )

    token: SecretStr | None = None
    api_url: str = "https://api.telegram.org"
    store: str | None = None
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    listen: str = "127.0.0.1:8080"
    plain: bool = False
    """For Bot API servers that lack newer fields."""
    edition: Edition = "checked"
    admins: Annotated[frozenset[int], NoDecode] = Field(default_factory=frozenset)
    keep_phrases: bool = False
    idle_hours: int = Field(default=24, ge=1, le=24 * 30)
    """Hours without a word after which a chat is forgotten."""
    phrase_days: int = Field(default=90, ge=1, le=366)
    """Days that a phrase waits in the inbox."""
    files: Path | None = None
    """Another folder with `knowledge/` and `templates/`, for editors."""

    @field_validator("admins", mode="before")
    @classmethod
    def _ids(cls, value: object) -> object:
        if isinstance(value, str):
            return [part.strip() for part in value.split(",") if part.strip()]
        return value

    @field_validator("files")
    @classmethod
    def _folder(cls, value: Path | None) -> Path | None:
        if value is not None and not (value / "knowledge").is_dir():
            raise ValueError(f"there is no folder {value / 'knowledge'}")
        return value

    @field_validator("api_url", "webhook_url")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("has to begin with http:// or https://")
        return value.rstrip("/") if value else value

    @field_validator("listen")
    @classmethod
    def _host_and_port(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not port.isdecimal() or int(port) > _LAST_PORT:
            raise ValueError("has to be host:port, such as 127.0.0.1:8080")
        return value


def settings() -> Settings:
    """What the environment says.

    Raises SettingsError with one line a fault; a secret's value is in none of them.
    """
    try:
        return Settings()
    except ValidationError as error:
        lines = []
        for fault in error.errors(include_url=False, include_input=False):
            name = PREFIX + "_".join(str(part) for part in fault["loc"][:1]).upper()
            lines.append(f"{name}: {str(fault['msg']).removeprefix('Value error, ')}")
        raise SettingsError("\n".join(dict.fromkeys(lines))) from None

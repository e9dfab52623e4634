"""The store that the settings name, opened for a command."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bot import storage
from bot.settings import Settings

if TYPE_CHECKING:
    import pytest


def test_a_service_without_a_home_has_the_store_that_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A user that systemd makes up may have no home, and asking for it raises."""

    def nowhere() -> Path:
        raise RuntimeError("could not determine the home directory")

    monkeypatch.setattr(storage, "data", nowhere)
    file = tmp_path / "store.sqlite"
    found = storage.database(Settings(store=f"sqlite:///{file}"))
    assert str(file) in found.name

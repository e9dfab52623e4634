"""The store that the settings name, opened for a command."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import storage
from bot.errors import SettingsError, StoreError
from bot.settings import Settings
from bot.store.engine import address, name


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


@pytest.mark.parametrize(
    "login",
    [
        "takeback:p@ss/geheim1@127.0.0.1",
        "ab@cd@127.0.0.1",
        "takeback:p@geheim1?x@127.0.0.1",
        "takeback:p@ss:geheim1@127.0.0.1",
        "takeback:geheim1",
    ],
)
def test_a_password_that_is_not_encoded_is_refused_and_not_told(login: str) -> None:
    with pytest.raises(SettingsError, match="TAKEBACK_STORE: has ") as caught:
        storage.database(Settings(store=f"postgresql://{login}/takeback"))
    told = str(caught.value)
    assert "\n" not in told
    assert "geheim1" not in told
    assert "127.0.0.1" not in told
    assert ("%40" in told) is (login.count("@") > 1)


def test_an_encoded_password_is_read_and_not_told() -> None:
    url = address("postgresql://takeback:p%40ss%2Fgeheim1@127.0.0.1/db", Path())
    assert url.password == "p@ss/geheim1"
    assert name(url) == "127.0.0.1/db"


async def test_who_only_looks_makes_no_store(tmp_path: Path) -> None:
    file = tmp_path / "nope" / "x.sqlite"
    with pytest.raises(StoreError, match=f"^There is no store at {file};"):
        async with storage.looked_into(Settings(store=f"sqlite:///{file}")):
            pass
    assert not file.parent.exists()

"""Scaffolds load, pass check, and have their gaps listed; nothing is written over."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.app import open_assistant
from bot.errors import BotError
from bot.folders import PACKED
from bot.knowledge.loader import load
from bot.tools import command_line, rename, scaffold
from bot.tools.check import look
from tests.support.copies import Copy
from tests.tools.conftest import Takeback


def test_a_new_service_loads_and_its_gaps_are_listed(
    takeback: Takeback, copy: Copy
) -> None:
    done = takeback("new", "service", "kite_mail", files=copy.top)
    assert done.code == 0
    path = "knowledge/platforms/kite_mail.yaml"
    assert done.out.startswith(f"{copy.top / path}\n")
    told = [e.message for e in look(copy.top).errors]
    assert len(told) == 1, "the toy book's services owe one claim"
    assert "`turning` is still to be found out: TODO" in told[0]


def test_the_bot_knows_a_new_service_at_once(takeback: Takeback, copy: Copy) -> None:
    takeback("new", "service", "kite_mail", files=copy.top)
    reply = open_assistant(top=copy.top).ask(
        "how do I call back a parcel with kite mail"
    )
    assert (reply.topic, reply.slots) == ("call_back", {"carrier": "kite_mail"})


_LISTED = """\
services:
  kite:
    label: Kite Mail
    names: [kite post, kite app, on kite, in kite]
    weak: [kite]
    sort: chat
"""
_OTHERS = "knowledge/platforms/stranger.yaml"


def _kite(copy: Copy, path: str, name: str) -> None:
    """A service like another one, under a name of its own."""
    text = (copy.top / "knowledge/platforms/mole.yaml").read_text(encoding="utf-8")
    text = text.replace("Mole Post", "Kite").replace("weak: [mole]\n", "")
    copy.write(path, text.replace("names: [mole post]", f"names: [{name}]"))


def test_a_new_service_takes_its_names_from_the_list_of_those_without_a_file(
    takeback: Takeback, copy: Copy
) -> None:
    copy.add(_OTHERS, _LISTED)
    takeback("new", "platform", "kite", files=copy.top)
    text = (copy.top / "knowledge/platforms/kite.yaml").read_text(encoding="utf-8")
    assert "label: Kite Mail\n" in text
    assert "names: [kite post, kite app, on kite, in kite]\nweak: [kite]\n" in text


@pytest.mark.parametrize("name", ["kite", "kite_mail"])
def test_a_new_service_is_understood_by_all_its_names_at_once(
    copy: Copy, name: str
) -> None:
    copy.add(_OTHERS, _LISTED)
    _kite(copy, f"knowledge/platforms/{name}.yaml", "kite")
    bot = open_assistant(top=copy.top)
    for said in ("kite", "a kite app parcel", "a parcel on kite", "in kite"):
        reply = bot.ask(f"how do I call back {said}")
        assert reply.slots.get("carrier") == name, said


def test_check_reminds_of_a_service_that_is_still_listed(copy: Copy) -> None:
    copy.add(_OTHERS, _LISTED)
    _kite(copy, "knowledge/platforms/kite.yaml", "kite letters")
    (said,) = look(copy.top, date(2026, 6, 1)).warnings
    assert said.path == _OTHERS
    assert said.message == "`kite` has a file of its own by now, kite.yaml: take it out"


def test_a_new_service_shows_what_else_can_be_said_of_it(
    takeback: Takeback, copy: Copy
) -> None:
    takeback("new", "service", "kite_mail", files=copy.top)
    text = (copy.top / "knowledge/platforms/kite_mail.yaml").read_text(encoding="utf-8")
    for name, fact in load(copy.top).facts.items():
        assert f"{name}: " in text
        assert fact.about in text


def test_a_new_topic_loads_and_its_gaps_are_listed(
    takeback: Takeback, copy: Copy
) -> None:
    done = takeback("new", "topic", "lost_box", files=copy.top)
    assert done.code == 0
    assert len(done.out.splitlines()) == 4
    place = "knowledge/topics/lost_box.yaml"
    told = "\n".join(e.message for e in look(copy.top).errors if e.path == place)
    assert "still to be written" in told
    assert "`answer` is still to be found out" in told


def test_what_is_there_is_not_written_over(takeback: Takeback, copy: Copy) -> None:
    takeback("new", "topic", "lost_box", files=copy.top)
    path = "knowledge/phrases/lost_box.txt"
    copy.write(path, "my own\n")
    done = takeback("new", "topic", "lost_box", files=copy.top)
    assert (done.code, done.out) == (2, "the topic `lost_box` is there already")
    assert (copy.top / path).read_text(encoding="utf-8") == "my own\n"


def test_where_one_file_is_there_none_is_written(
    takeback: Takeback, copy: Copy
) -> None:
    copy.write("templates/en/lost_box/anywhere.md.j2", "my own\n")
    done = takeback("new", "topic", "lost_box", files=copy.top)
    assert done.code == 2
    assert done.out.endswith("anywhere.md.j2 is there already")
    assert not (copy.top / "knowledge/topics/lost_box.yaml").exists()


def test_a_name_has_to_be_a_stem(takeback: Takeback, copy: Copy) -> None:
    for name in ("Kite", "kite mail", "../kite", "9kites", "k" * 30):
        done = takeback("new", "platform", name, files=copy.top)
        assert done.code == 2
        assert f"`{name}` is no name for a service" in done.out


def test_nothing_is_written_into_a_package_that_was_installed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(command_line, "top", lambda: tmp_path / PACKED)
    refused = "set TAKEBACK_FILES to a folder"
    with pytest.raises(BotError, match=refused):
        scaffold.topic_command("something")
    with pytest.raises(BotError, match=refused):
        rename.topic_command("block", "blocking")
    with pytest.raises(BotError, match=refused):
        rename.service_command("viber", "viber_app")
    assert not list(tmp_path.iterdir())

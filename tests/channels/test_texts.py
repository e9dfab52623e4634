from __future__ import annotations

from pathlib import Path

import pytest

from bot.channels.telegram import texts
from bot.channels.telegram.translations import COMMANDS
from bot.errors import KnowledgeError
from bot.knowledge import loader
from bot.responses.markup import to_html
from tests.support.markup import text_of


def test_every_line_is_there_and_is_what_telegram_takes() -> None:
    found = texts.read(loader.root())
    for name in texts.MESSAGES:
        assert text_of(to_html(found.message(name)))
    for name in texts.LABELS:
        assert found.label(name)


def test_no_template_lies_about_unused() -> None:
    folder = loader.root() / texts.FOLDER.format("en")
    names = {path.name.removesuffix(".md.j2") for path in folder.iterdir()}
    assert names == {*texts.MESSAGES, *texts.TEMPLATES, *texts.LABELS, COMMANDS}


def test_what_is_missing_or_too_long_is_reported_all_at_once(tmp_path: Path) -> None:
    folder = tmp_path / texts.FOLDER.format("en")
    folder.mkdir(parents=True)
    for name in (*texts.MESSAGES, *texts.TEMPLATES, *texts.LABELS, COMMANDS):
        (folder / f"{name}.md.j2").write_text("x")
    (folder / "media.md.j2").unlink()
    (folder / "voice.md.j2").write_text("\n{{ nobody }}")
    (folder / "stranger.md.j2").write_text("x" * 201)
    (folder / "reminder.md.j2").write_text("{{ left }} {{ nobody }}")
    with pytest.raises(KnowledgeError) as caught:
        texts.read(tmp_path)
    assert [problem.path.rpartition("/")[2] for problem in caught.value.problems] == [
        "media.md.j2",
        "reminder.md.j2",
        "stranger.md.j2",
        "voice.md.j2",
    ]

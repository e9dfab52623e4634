"""Who writes in another language is told so in their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import Assistant
from bot.channels.telegram import translations
from bot.errors import KnowledgeError
from bot.knowledge import loader
from tests.support import updates
from tests.support.recorder import desk
from tests.support.updates import Json

RUSSIAN = "как удалить сообщение в ватсапе"


def written(text: str, language: str | None) -> Json:
    update = updates.said(text)
    update["message"]["from"]["language_code"] = language
    return update


@pytest.mark.parametrize("code", ["ru", "RU", "ru-RU"])
async def test_the_polite_line_is_in_the_writers_own_language(
    real_bot: Assistant, code: str
) -> None:
    async with desk(real_bot) as opened:
        call = await opened.one(written(RUSSIAN, code))
        line = opened.channel.texts.translations.all["ru"].foreign
    assert call.parameters["text"].startswith(line)
    assert "I only understand English" in call.parameters["text"]
    assert "Español" not in call.parameters["text"]
    assert call.buttons


@pytest.mark.parametrize("code", ["en", "xx", None, 5])
async def test_who_has_no_language_of_theirs_here_gets_several(
    real_bot: Assistant, code: str
) -> None:
    async with desk(real_bot) as opened:
        call = await opened.one(written(RUSSIAN, code))
    assert "Español" in call.parameters["text"]


async def test_english_is_answered_in_english_whatever_the_language_of_the_app(
    real_bot: Assistant,
) -> None:
    async with desk(real_bot) as opened:
        call = await opened.one(written("can I unsend on whatsapp", "ru"))
    assert call.parameters["text"].startswith("<b>Yes")


def test_every_language_says_all(tmp_path: Path) -> None:
    assert len(translations.read(loader.root()).all) >= 20
    folder = tmp_path / "templates" / "tlh" / "_telegram"
    folder.mkdir(parents=True)
    (folder / "name.md.j2").write_text("x" * 65)
    with pytest.raises(KnowledgeError) as caught:
        translations.read(tmp_path)
    names = [problem.path.rpartition("/")[2] for problem in caught.value.problems]
    assert sorted(names) == [
        *("commands.md.j2", "description.md.j2", "foreign.md.j2"),
        *("name.md.j2", "short.md.j2"),
    ]

"""The editors' page, done as it says: its examples are written into a copy and work."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import Assistant
from bot.knowledge import cache, loader
from bot.knowledge.training_data import training_data
from bot.nlu import examples
from bot.responses.markup import to_plain
from bot.responses.renderer import Renderer
from bot.tools import every_answer, replay, services_table, story
from bot.tools.check import errors, phrases
from tests.support.books import real_book, real_bot

PAGE = loader.root() / "knowledge" / "README.md"
_BLOCK = re.compile(
    r"^```\w+ (?P<adds>\+ )?(?P<path>\S+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
BLOCKS = {b["path"]: b for b in _BLOCK.finditer(PAGE.read_text(encoding="utf-8"))}
SERVICE = "knowledge/platforms/pigeonet.yaml"

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes examples of the page into a copy of the real files."""

    def written(*paths: str) -> Path:
        top = tmp_path / "book"
        for part in ("knowledge", "templates"):
            shutil.copytree(loader.root() / part, top / part)
        for path in paths:
            file, block = top / path, BLOCKS[path]
            file.parent.mkdir(parents=True, exist_ok=True)
            before = file.read_text(encoding="utf-8") if block["adds"] else ""
            file.write_text(before + block["text"], encoding="utf-8")
        return top

    return written


def bot_on(top: Path) -> Assistant:
    """A bot on these files, with the model of the real ones.

    A service's names are masked, so that no phrase changes for a new one.
    """
    kb, real = loader.load(top), real_bot().nlu
    data, before = training_data(kb), training_data(real_book())
    vectors = cache.read_vectors(top, kb.language_code)
    ordinary = cache.ordinary_words(top, kb.language, vectors)
    known = examples.vocabulary(data, ordinary)
    spelling = kb.language.corrector(known, ordinary)
    assert examples.examples(data, spelling) == examples.examples(before, real.spelling)
    nlu = replace(real, patterns=data.patterns, spelling=spelling)
    return Assistant(kb, nlu, Renderer(kb, top))


def test_every_example_of_the_page_is_tried_here() -> None:
    tried = Path(__file__).read_text(encoding="utf-8")
    assert BLOCKS
    assert [path for path in BLOCKS if path not in tried] == []


@pytest.mark.slow
def test_a_new_service_is_one_file_and_the_bot_answers_about_it(write: Write) -> None:
    top = write(SERVICE)
    assert errors(top) == []
    bot = bot_on(top)
    reply = bot.ask("how do I unsend something on pigeonet, nobody has read it yet")
    assert (reply.decision, reply.topic) == ("answer", "retract")
    assert reply.slots == {"platform": "pigeonet", "read": "unread"}
    for part in ("for 20 minutes", "Touch and hold", "A feather stays in the thread"):
        assert part in reply.text
    row = services_table.five(bot.renderer, "pigeonet").splitlines()[2]
    assert "| Yes" in row
    assert "| 20 minutes ~ " in row


@pytest.mark.slow
def test_a_new_service_has_its_place_in_every_topic(write: Write) -> None:
    top = write(SERVICE)
    renderer = Renderer(loader.load(top), top)
    topics = {
        entry.topic
        for entry in every_answer.entries(renderer)
        if entry.known.get("platform") == "pigeonet"
    }
    assert {"retract", "time_limit", "notification", "edit", "summary"} <= topics
    ranking = bot_on(top).ask("which of all services gives the longest time limit").text
    assert "Pigeonet" in ranking


def test_a_new_service_needs_no_code() -> None:
    code = Path(loader.__file__).parent
    assert not [p for p in code.rglob("*.py") if "pigeonet" in p.read_text().casefold()]


def test_the_conversation_goes_as_it_is_written(write: Write) -> None:
    read = story.parse(BLOCKS["tests/book/stories/pigeonet.txt"]["text"])
    assert replay.failures(read, replay.Core(bot_on(write(SERVICE)))) == []


def test_a_new_phrase_is_one_line(write: Write) -> None:
    path = "knowledge/phrases/time_limit.txt"
    top = write(path)
    kb = loader.load(top)
    (new,) = set(kb.phrases["time_limit"]) - set(real_book().phrases["time_limit"])
    assert new == BLOCKS[path]["text"].strip()
    spoken = phrases.masked(kb, top)
    assert not [p for p in phrases.clashes(spoken) if new in p.message]


@pytest.mark.slow
def test_a_new_topic_is_a_tree_its_phrases_and_its_templates(write: Write) -> None:
    top = write(
        SERVICE,
        "knowledge/topics/wrong_loft.yaml",
        "knowledge/phrases/wrong_loft.txt",
        "templates/en/wrong_loft/loft.md.j2",
        "templates/en/wrong_loft/anywhere.md.j2",
    )
    assert errors(top) == []
    renderer = Renderer(loader.load(top), top)
    said = {
        entry.place: to_plain(entry.reply.message)
        for entry in every_answer.entries(renderer, ["wrong_loft"])
    }
    assert "Call it back first." in said["wrong_loft/loft"]
    assert "Ask the keeper" in said["wrong_loft/anywhere"]
    assert said["wrong_loft?platform"].startswith("Which service")


def test_the_page_lists_every_claim_with_its_values() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for name, fact in real_book().facts.items():
        (row,) = [
            line
            for line in page.splitlines()
            if line.startswith("| `") and f"`{name}`" in line.split("|")[1]
        ]
        for value in fact.values:
            assert value in row, f"{name}: {value}"
        assert ("duration" in row) == fact.duration
        assert ("always" in row) == fact.owed

"""The page that shows each message as it will look in Telegram."""

from __future__ import annotations

from pathlib import Path

from bot.app import Assistant
from bot.dialogue.events import Button
from bot.knowledge.loader import root
from bot.knowledge.model import KnowledgeBase
from bot.responses.markup import Message, parse
from bot.responses.renderer import Renderer
from bot.tools import every_answer
from bot.tools.preview import Shown, preview
from tests.support.copies import Copy
from tests.tools.conftest import Takeback
from tests.tools.test_graph import well_formed


def test_both_lengths_are_told_the_fold_counts_only_in_the_whole() -> None:
    shown = Shown("x/y", Message(parse("Wave 🪶.\n\n> Said at the counter.")), "Copy")
    assert shown.seen == len("Wave 🪶.")
    assert shown.units == len("Wave 🪶.\n\nSaid at the counter.") + 1


def test_buttons_stand_in_the_rows_of_the_channel() -> None:
    labels = ["On a computer", "Step by step", "Will they notice it at all?"]
    buttons = tuple(Button(label, f"t|{n}") for n, label in enumerate(labels))
    assert Shown("x/y", Message((), buttons), "Copy").rows == [labels[:2], labels[2:]]


def test_a_draft_has_a_button_that_copies_it() -> None:
    message = Message(parse("```\nSorry.\n```"))
    assert Shown("x/y", message, "Copy").rows == [["Copy"]]


def test_the_page_shows_each_message_once_with_its_ways(
    copy: Copy, toy_book: KnowledgeBase
) -> None:
    _with_lines(copy)
    page = preview(Renderer(toy_book, copy.top), copy.top)
    well_formed(page)
    assert page.count("Which carrier took it?</div>") == 0
    assert "Write the address on the box." in page
    assert "<blockquote expandable>" in page
    one = preview(Renderer(toy_book, copy.top), copy.top, topic="wrap")
    assert one.count('<article data-topic="wrap') == one.count("<article")


def test_the_command_writes_the_page(
    takeback: Takeback, copy: Copy, tmp_path: Path
) -> None:
    _with_lines(copy)
    page = tmp_path / "all.html"
    done = takeback("preview", str(page), "--platform", "heron", files=copy.top)
    assert (done.code, done.out.strip()) == (0, str(page))
    assert "carrier=mole" not in page.read_text(encoding="utf-8")


def _with_lines(copy: Copy) -> None:
    """The channel's own few words, which the toy book lacks."""
    for path in (root() / "templates/en/_telegram").glob("*.j2"):
        copy.write(
            f"templates/en/_telegram/{path.name}", path.read_text(encoding="utf-8")
        )


def test_headings_are_words(copy: Copy, toy_book: KnowledgeBase) -> None:
    _with_lines(copy)
    page = preview(Renderer(toy_book, copy.top), copy.top)
    topic = toy_book.topics["wrap"].label
    assert f"<h2>{topic}: step 1 of 2</h2>" in page
    assert 'id="over"' in page


def test_comparisons_of_named_services_are_shown(real_bot: Assistant) -> None:
    found = [*every_answer.comparisons(real_bot.renderer)]
    assert len(found) == 7
    longest = found[-1].reply.text
    assert all(name in longest for name in ("LinkedIn", "WhatsApp", "Telegram"))

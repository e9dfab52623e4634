"""Every reply as one text, and the tables of services."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.folders import root
from bot.knowledge.model import KnowledgeBase
from bot.responses.markup import Message, parse, to_plain
from bot.responses.renderer import Renderer
from bot.tools import every_answer, services_table
from bot.tools.print_replies import markdown, printed
from bot.tools.services_table import Verdict
from tests.support.books import TOY, real_book
from tests.tools.conftest import Takeback
from tests.tools.test_state_sets import combinations


def test_every_way_stands_once_in_the_print(toy_book: KnowledgeBase) -> None:
    renderer = Renderer(toy_book, TOY)
    text = printed(renderer)
    for topic in toy_book.topics:
        part = printed(renderer, topic)
        ways = {entry.way for entry in every_answer.entries(renderer, [topic])}
        lines = [line[3:-1] for line in part.splitlines() if line.startswith("- `")]
        told = [way for line in lines for way in combinations(line)]
        assert len(told) == len(set(told))
        assert {frozenset(way.split()) for way in ways} == set(told)
        assert part.partition("\n## ")[2] in text


def test_the_print_is_the_same_each_time(toy_book: KnowledgeBase) -> None:
    assert printed(Renderer(toy_book, TOY)) == printed(Renderer(toy_book, TOY))


def test_a_question_is_printed_with_its_buttons(toy_book: KnowledgeBase) -> None:
    text = printed(Renderer(toy_book, TOY), "call_back")
    part = text.partition("### call_back?carrier\n")[2]
    asked = part.partition("\n###")[0]
    assert "\n\nWhich carrier took it?\n\nButtons: [Heron Air] [Mole Post]" in asked


def test_a_way_that_leads_to_another_topic_names_it_without_its_words(
    toy_book: KnowledgeBase,
) -> None:
    text = printed(Renderer(toy_book, TOY), "call_back")
    assert "### unsealed/" in text
    assert text.count("A broken seal ends it.") == 0


def test_only_the_ways_of_one_service_are_printed(toy_book: KnowledgeBase) -> None:
    text = printed(Renderer(toy_book, TOY), platform="mole")
    ways = [line for line in text.splitlines() if line.startswith("- `")]
    assert ways
    assert all("carrier=mole" in way for way in ways)


def test_steps_are_printed_one_by_one(toy_book: KnowledgeBase) -> None:
    text = printed(Renderer(toy_book, TOY), "wrap")
    assert "### wrap, step 2" in text
    assert "Tie the **knot**." in text


_TEXTS = st.lists(
    st.sampled_from(
        ["**Yes.** Do it.", "1. One\n2. Two", "- a\n- b", "> Note [x](http://x.example)",
         "`code` here", "```\nSorry.\n```", "Plain\nin two lines"]
    ),
    min_size=1,
    max_size=6,
)  # fmt: skip


@given(_TEXTS)
def test_what_is_printed_reads_as_the_message_that_it_was(chunks: list[str]) -> None:
    message = Message(parse("\n\n".join(chunks)))
    assert Message(parse(markdown(message))) == message
    assert to_plain(Message(parse(markdown(message)))) == to_plain(message)


# --- tables


def table_of(kb: KnowledgeBase) -> dict[str, list[str]]:
    """The cells of the five questions, by the label of the service."""
    lines = services_table.five(Renderer(kb, TOY)).splitlines()
    rows = [line for line in lines if line.startswith("|")]
    cut = ([cell.strip() for cell in row.split("|")[1:-1]] for row in rows)
    return {label: cells for label, *cells in cut}


def test_a_table_has_a_line_for_every_service_and_kind(toy_book: KnowledgeBase) -> None:
    assert [*table_of(toy_book)][2:] == [
        "Ferry: A crate",
        "Ferry: A card",
        "Heron Air",
        "Mole Post",
        "Snail",
    ]


def test_a_cell_is_marked_where_it_is_not_sure(toy_book: KnowledgeBase) -> None:
    rows = table_of(toy_book)
    assert rows["Heron Air"][:2] == ["Yes", "30 minutes ~"]
    assert rows["Snail"][0] == "No ?"


def test_with_the_guide_leading_its_side_is_the_table_s(
    toy_book: KnowledgeBase,
) -> None:
    rows = table_of(replace(toy_book, edition="guide"))
    assert rows["Heron Air"][:2] == ["No", "30 minutes"]
    assert rows["Snail"][:2] == ["Yes", "2 days"]


def test_the_verdict_turns_at_the_limit(toy_book: KnowledgeBase) -> None:
    (heron,) = services_table.services(toy_book, "heron")
    minutes = (timedelta(minutes=n) for n in (0, 29, 30))
    assert [services_table.verdict(heron, m) for m in minutes] == [
        Verdict("left", "30 minutes"),
        Verdict("left", "1 minute"),
        Verdict("over"),
    ]
    by_age = services_table.by_age(Renderer(toy_book, TOY), "heron")
    assert "| Heron Air   | 29 minutes left | 20 minutes left | over " in by_age


def test_a_verdict_needs_no_limit_where_there_is_none(toy_book: KnowledgeBase) -> None:
    (mole,) = services_table.services(toy_book, "mole")
    assert services_table.verdict(mole, timedelta(days=9)) == Verdict("free")
    _, card = services_table.services(toy_book, "ferry")
    assert services_table.verdict(card, timedelta(0)) == Verdict("no")


def test_both_tables_can_be_printed_at_once(takeback: Takeback) -> None:
    done = takeback("print", "--table", "--clock", "--platform", "heron")
    assert done.code == 0
    assert done.out.count("| Heron Air") == 2


def test_a_service_that_there_is_not_is_one_clear_line(takeback: Takeback) -> None:
    done = takeback("print", "--table", "--platform", "hern")
    assert (done.code, done.out) == (2, "no service `hern`; did you mean `heron`?")


def test_the_real_tables_name_every_service() -> None:
    kb = real_book()
    renderer = Renderer(kb, root())
    for made in (services_table.five(renderer), services_table.by_age(renderer)):
        lines = [line for line in made.splitlines() if line.startswith("|")]
        assert len(lines) == 2 + len(list(services_table.services(kb)))
        assert len({len(line) for line in lines}) == 1


def test_one_file_a_topic_is_written_and_an_old_one_goes(
    takeback: Takeback, tmp_path: Path
) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "gone.md").write_text("of a topic that is no more")
    assert takeback("print", "--into", "pages").code == 0
    written = {path.stem: path.read_text() for path in (tmp_path / "pages").iterdir()}
    assert "gone" not in written
    assert {"call_back", "_between"} <= set(written)
    assert takeback("print").out.endswith(written["_between"])

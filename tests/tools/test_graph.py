"""The trees drawn: every node once in Mermaid, every leaf with a reply on the page."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

from bot.knowledge.model import KnowledgeBase
from bot.responses.renderer import Renderer
from bot.tools import graph
from tests.support.books import TOY
from tests.tools.conftest import Takeback

_NODE = re.compile(r"^    (\w+)(?:\{\{|\[|\(\[)\"", re.MULTILINE)
_EDGE = re.compile(r"^    (\w+) -->\|\"(.+)\"\| (\w+)$", re.MULTILINE)


def test_mermaid_draws_every_node_once_and_every_edge_between_two_of_them(
    toy_book: KnowledgeBase,
) -> None:
    text = graph.mermaid(toy_book, ["call_back"])
    nodes, edges = _NODE.findall(text), _EDGE.findall(text)
    assert len(nodes) == len(set(nodes))
    assert {end for start, _, to in edges for end in (start, to)} == set(nodes)
    for leaf in ("steps", "over", "never", "label", "anywhere"):
        assert text.count(f'(["call_back/{leaf}"])') == 1


def test_values_that_lead_to_one_place_share_an_edge(toy_book: KnowledgeBase) -> None:
    labels = [
        label for _, label, _ in _EDGE.findall(graph.mermaid(toy_book, ["call_back"]))
    ]
    assert "another carrier, not sure" in labels


def test_edges_bear_the_words_that_people_see(toy_book: KnowledgeBase) -> None:
    text = graph.mermaid(toy_book, ["call_back", "closing_time"])
    assert "Which carrier took it?" in text
    assert '|"still time"|' in text
    assert 'subgraph closing_time_["closing_time: How long?"]' in text


def test_a_quotation_mark_does_not_end_a_label(toy_book: KnowledgeBase) -> None:
    topic = replace(toy_book.topics["wrap"], label='The "wrap"')
    kb = replace(toy_book, topics={"wrap": topic})
    assert '["wrap: The #quot;wrap#quot;"]' in graph.mermaid(kb, ["wrap"])


class _Tags(HTMLParser):
    """Fails where a tag is left open or closed twice."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "input", "br"):
            self.open.append(tag)
        self.outside += [v or "" for k, v in attrs if k in ("src", "srcset", "data")]
        if tag == "link":
            self.outside.append("link")

    def handle_endtag(self, tag: str) -> None:
        assert self.open, tag
        assert self.open.pop() == tag, tag


def well_formed(page: str) -> _Tags:
    tags = _Tags()
    tags.feed(page)
    assert tags.open == []
    assert tags.outside == [], "nothing is loaded from elsewhere"
    assert "@import" not in page
    return tags


def test_the_page_is_whole_and_shows_a_reply_at_every_leaf(
    toy_book: KnowledgeBase,
) -> None:
    page = graph.html(Renderer(toy_book, TOY), list(toy_book.topics))
    well_formed(page)
    for leaf in ("Run after the cart and wave.", "Write the address on the box."):
        assert leaf in page
    for topic in toy_book.topics.values():
        assert f"<h2>{topic.label} <code>" in page


def test_the_command_prints_one_topic_or_writes_a_page(
    takeback: Takeback, tmp_path: Path
) -> None:
    assert takeback("graph", "wrap").out.startswith("flowchart LR\n")
    page = tmp_path / "tree.html"
    assert takeback("graph", "--html", str(page)).code == 0
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_topic_that_there_is_not_is_one_clear_line(
    takeback: Takeback, tmp_path: Path
) -> None:
    done = takeback("graph", "wrpa")
    assert (done.code, done.out) == (2, "no topic `wrpa`; did you mean `wrap`?")
    done = takeback("graph", "--html", str(tmp_path / "no" / "page.html"))
    assert (done.code, "cannot be written" in done.out) == (2, True)

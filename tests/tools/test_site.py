"""The static pages: whole, linked, readable without a script, escaped."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from posixpath import normpath

import pytest

from bot.errors import BotError
from bot.folders import root
from bot.responses.markup import Draft, Message, Note, Paragraph, Span
from bot.responses.renderer import Renderer
from bot.tools.services_table import services
from bot.tools.site import write
from bot.tools.site.html import html
from bot.tools.site.pages import Site
from tests.support.books import real_book

VOID = {"meta", "link", "input", "br"}


class Page(HTMLParser):
    """A page as a strict reader takes it: what is opened is closed, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = text
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        assert len(found) == len(attrs), "an attribute twice"
        self.tags.append((tag, found))
        if "id" in found:
            self.ids.append(found["id"])
        if tag in ("p", "h1", "h2", "ul", "ol", "blockquote", "section"):
            assert "p" not in self.open, f"{tag} inside a paragraph"
        if tag == "li":
            assert self.open[-1] in ("ul", "ol")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, tag
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def site() -> Site:
    return Site(Renderer(real_book(), root()), root(), "takeback_bot")


@pytest.fixture(scope="module")
def files(site: Site) -> dict[str, str]:
    return site.files()


@pytest.fixture(scope="module")
def pages(files: dict[str, str]) -> dict[str, Page]:
    return {name: Page(text) for name, text in files.items() if name[-5:] == ".html"}


def test_every_service_and_every_question_of_the_domain_has_its_page(
    pages: dict[str, Page],
) -> None:
    kb = real_book()
    listed = {"-".join(v for v in s.known(kb).values() if v) for s in services(kb)}
    named = {name.removesuffix(".html") for name in pages}
    assert {f"services/{stem}" for stem in listed} <= named
    missing = {
        stem
        for stem, topic in kb.topics.items()
        if topic.scope == "domain" and f"topics/{stem}" not in named
    }
    # A card of a service is what its page is.
    assert missing == {"service"}


def test_every_topic_that_speaks_of_services_stands_on_every_page_of_one(
    pages: dict[str, Page],
) -> None:
    by_service = {name: page for name, page in pages.items() if "services/" in name}
    assert len(by_service) > 40
    for topic in ("retract", "time_limit", "notification", "edit", "after_read"):
        assert not [n for n, page in by_service.items() if topic not in page.ids]


def test_every_link_and_anchor_leads_somewhere(
    pages: dict[str, Page], files: dict[str, str]
) -> None:
    broken = []
    for name, page in pages.items():
        links = [a["href"] for tag in ("a", "link") for a in page.all(tag)]
        for link in links + [s["src"] for s in page.all("script")]:
            if link.startswith("https://"):
                continue
            path, _, anchor = link.partition("#")
            there = normpath(f"{Path(name).parent.as_posix()}/{path}") if path else name
            if there not in files or (anchor and anchor not in pages[there].ids):
                broken.append((name, link))
    assert not broken


def test_a_page_has_one_title_one_heading_its_landmarks_and_a_language(
    pages: dict[str, Page],
) -> None:
    titles = {re.search("<title>(.+)</title>", p.text) for p in pages.values()}
    assert None not in titles
    assert len({found[1] for found in titles if found}) == len(pages)
    for name, page in pages.items():
        for tag in ("h1", "header", "main", "footer", "title"):
            assert len(page.all(tag)) == 1, (name, tag)
        assert page.all("html") == [{"lang": "en"}]
        assert len(page.ids) == len(set(page.ids)), name
        skip = page.all("a")[0]
        assert skip["class"] == "skip"
        assert skip["href"] == f"#{page.all('main')[0]['id']}"
        labelled = [s.get("aria-labelledby") for s in page.all("section")]
        assert set(labelled) <= set(page.ids), name


def test_no_script_is_needed_to_read(
    pages: dict[str, Page], files: dict[str, str]
) -> None:
    scripted = [name for name, page in pages.items() if page.all("script")]
    assert scripted == ["index.html"]
    index = pages["index.html"]
    # What only a script can do is hidden until it is there.
    assert "hidden" in index.all("form")[0]
    asked = re.findall(r'getElementById\("(\w+)"\)', files["site.js"])
    assert asked
    assert set(asked) <= set(index.ids)
    assert "http" not in files["site.js"] + files["site.css"]
    assert not [a for _, a in index.tags for key in a if key.startswith("on")]


def test_an_answer_says_how_sure_it_is_and_when_it_was_checked(
    pages: dict[str, Page],
) -> None:
    text = pages["services/whatsapp.html"].text
    assert re.search(r"Sureness \w+, checked \d{4}-\d\d-\d\d", text)


def test_a_page_asks_nothing_that_nobody_can_answer_there(
    pages: dict[str, Page],
) -> None:
    asked = [slot.ask for slot in real_book().slots.values() if slot.ask]
    assert len(asked) > 3
    text = "".join(page.text for page in pages.values())
    assert not [ask for ask in asked if f"<p>{ask}</p>" in text]


def test_links_into_the_bot_are_there_only_where_it_has_a_name(
    pages: dict[str, Page],
) -> None:
    text = pages["services/whatsapp.html"].text
    assert "https://t.me/takeback_bot?start=retract-pwhatsapp" in text
    nameless = Site(Renderer(real_book(), root()), root()).files()
    assert not [name for name, text in nameless.items() if "t.me" in text]


def test_the_same_knowledge_gives_the_same_pages(
    site: Site, files: dict[str, str]
) -> None:
    assert Site(Renderer(real_book(), root()), root(), site.bot).files() == files


COLOUR = re.compile(r"--([\w-]+): #([0-9a-f]{6})")
PAIRS = [
    *(("ink", "bg"), ("ink", "card"), ("soft", "bg"), ("soft", "card")),
    *(("link", "bg"), ("link", "card"), ("on-accent", "accent")),
]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("over", "under"), PAIRS)
def test_words_can_be_told_from_what_is_under_them(
    files: dict[str, str], scheme: str, over: str, under: str
) -> None:
    light, dark = re.findall(r":root {(.*?)}", files["site.css"], re.DOTALL)
    colours = dict(COLOUR.findall(light if scheme == "light" else dark))
    one, other = sorted((luminance(colours[over]), luminance(colours[under])))
    assert (other + 0.05) / (one + 0.05) >= 4.5  # WCAG 2, level AA


def test_words_are_escaped_wherever_they_come_from() -> None:
    bad = '<script>"&'
    spans = (Span(bad), Span(bad, strong=True), Span(bad, address=f"https://a/{bad}"))
    blocks = (Paragraph((spans,)), Draft(bad), Note((spans, spans)))
    made = html(Message(blocks))
    assert "<script>" not in made
    assert Page(made).all("a")[0]["href"] == f"https://a/{bad}"


def test_pages_that_are_no_more_go_and_others_files_are_left_alone(
    tmp_path: Path, files: dict[str, str]
) -> None:
    folder = tmp_path / "site"
    write(folder, files)
    (folder / "services/gone.html").write_text("old")
    (folder / "CNAME").write_text("faq.example")
    write(folder, files)
    assert not (folder / "services/gone.html").exists()
    assert (folder / "CNAME").exists()
    with pytest.raises(BotError, match="is not empty"):
        write(tmp_path, files)

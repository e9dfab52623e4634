"""The static pages: whole, linked, readable without a script, escaped."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
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

NODE = shutil.which("node")
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


def test_a_topic_is_called_so_that_a_stranger_knows_what_is_answered(
    site: Site, pages: dict[str, Page]
) -> None:
    labels = [topic.label for topic in site.topics]
    assert len(set(labels)) == len(labels)
    own = {stem: site.renderer.kb.topics[stem].label for stem in site.stems}
    assert not [topic.name for topic in site.topics if topic.label == own[topic.name]]
    # What has a question of its own in the template is a topic.
    template = root() / "templates" / "en" / "_site" / "question.md.j2"
    asked = re.findall(r'^ *"(\w+)":', template.read_text("utf-8"), re.MULTILINE)
    assert set(asked) == set(site.stems)
    for label in labels:
        assert f">{label}</a>" in pages["index.html"].text


def test_the_most_used_services_come_first_and_the_rest_is_folded(
    pages: dict[str, Page],
) -> None:
    kb = real_book()
    text = pages["index.html"].text
    first, folded = text.split("<details", 1)
    listed = re.findall(r'href="services/([a-z_]+)[\w-]*\.html"', first)
    assert tuple(dict.fromkeys(listed)) == kb.slots[kb.roles.slots.service].shown
    assert {f'href="{name}"' for name in pages if "services/" in name} <= set(
        re.findall(r'href="[^"#]+"', folded)
    )


def test_a_page_of_a_service_opens_with_the_main_answer_and_folds_the_others(
    pages: dict[str, Page],
) -> None:
    text = pages["services/whatsapp.html"].text
    main, *others = re.split(r"<section ", text)[1:]
    assert main.startswith('id="retract"')
    assert "<li>" in main.split("<details>")[0]
    assert len(others) > 8
    for section in others:
        verdict = re.search(
            r'<details class="answer">\n<summary>(.+)</summary>', section
        )
        assert verdict
        assert f"<strong>{verdict[1]}" not in section
        # A link leads to what is always there, with the heading and the verdict.
        assert section.index("id=") < section.index("<details")


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


# --- the search


def found(files: dict[str, str], *texts: str) -> list[list[str]]:
    """What the search of the first page finds: its own scripts, run by Node."""
    if not NODE:
        pytest.skip("Node runs the script of the search")
    program = f"""{files["words.js"]}{files["site.js"]}
    const page = {json.dumps(files["index.html"])};
    const find = takebackSearch(takebackWords, p => page.includes(`href="${{p}}"`));
    console.log(JSON.stringify({json.dumps(texts)}.map(find)));"""
    done = subprocess.run(
        [NODE, "-"],
        input=program,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    paths: list[list[str]] = json.loads(done.stdout)
    for path in {path for some in paths for path in some}:
        assert f'href="{path}"' in files["index.html"]
    return paths


FIRST = {
    "unsend": "topics/retract",
    "Unsending": "topics/retract",
    "sorry": "topics/follow_up",
    "apologise": "topics/follow_up",
    "apology": "topics/follow_up",
    "apologising": "topics/follow_up",
    "too late": "topics/time_limit",
    "how long can I unsend": "topics/time_limit",
    "ex saw it": "topics/after_read",
    "blue ticks": "topics/after_read",
    "screenshots": "topics/backups",
    "it did not work": "topics/stuck",
    "typo": "topics/edit",
    "apolgise": "topics/follow_up",  # a slip
    "recal": "topics/retract",  # unfinished
    "inmail credit": "topics/inmail_credit",
    "whatsapp": "services/whatsapp",
    "WhatsApp delete": "services/whatsapp.html#retract",
    "delete whatsapp xyzzy": "services/whatsapp.html#retract",
    "what's app delete": "services/whatsapp.html#retract",
    "insta edit": "services/instagram.html#edit",
    "instagarm": "services/instagram",
    "wha": "services/whatsapp",
    "signal": "services/signal",
    "tweet": "services/twitter-post",
    "email": "services/apple_mail",
    "whatsapp sorry": "topics/follow_up",
    "can I unsend a message": "topics/retract",
}


def test_the_search_knows_other_words_for_a_topic_and_names_of_services(
    files: dict[str, str],
) -> None:
    results = found(files, *FIRST)
    first = {text: (r or [""])[0] for text, r in zip(FIRST, results, strict=True)}
    want = {t: p if "#" in p else f"{p}.html" for t, p in FIRST.items()}
    assert first == want


def test_the_search_finds_few_pages_and_none_where_no_word_is_known(
    files: dict[str, str],
) -> None:
    nothing, several, empty, *others = found(files, "xyzzy", "xyzzy qqq", "", *FIRST)
    assert nothing == several == empty == []
    assert max(map(len, others)) <= 10
    service, telegram = found(files, "WhatsApp delete", "whatsapp telegram delete")
    assert service[-1] == "services/whatsapp.html"
    assert telegram[:2] == [
        f"services/{s}.html#retract" for s in ("whatsapp", "telegram")
    ]
    # What any name may hold names nothing.
    assert found(files, "delete message") == [["topics/retract.html"]]
    # One word cannot be fewer.
    assert "ewer" not in files["index.html"].split('data-none="')[1].split('"')[0]


def test_the_search_understands_questions_that_were_written_without_its_words(
    site: Site, files: dict[str, str]
) -> None:
    lines = (root() / "tests/book/questions.jsonl").read_text("utf-8").splitlines()
    asked = [q for q in map(json.loads, lines) if q["topic"] in site.stems]
    assert len(asked) > 90
    hits = 0
    for question, paths in zip(
        asked, found(files, *(q["text"] for q in asked)), strict=True
    ):
        topics = [m[1] for p in paths if (m := re.search(r"(?:topics/|#)(\w+)", p))]
        best = list(dict.fromkeys(topics))[:3]
        hits += bool({question["topic"], *question["also"]} & set(best))
    assert hits / len(asked) > 0.9


def test_the_words_of_the_search_are_a_small_file_without_anybody_s_sentences(
    files: dict[str, str],
) -> None:
    text = files["words.js"]
    assert len(text.encode()) < 60_000
    told = json.loads(text.removeprefix("var takebackWords = ").removesuffix(";\n"))
    assert re.fullmatch(r"([^\W\d_ ]+[ \w]*:(\d+=\d+ ?){1,3}\n?)+", told["words"])
    assert "http" not in text


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

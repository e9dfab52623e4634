"""What check adds to loading, besides what tests/test_check.py tells: warnings."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from bot.knowledge.model import KnowledgeBase
from bot.tools import every_answer
from bot.tools.check import known, look
from bot.tools.check.focus import Focus
from tests.support.books import TOY
from tests.support.copies import Copy
from tests.tools.conftest import Takeback

WRAP = "knowledge/topics/wrap.yaml"
CALL_BACK = "knowledge/topics/call_back.yaml"
MOLE = "knowledge/platforms/mole.yaml"
FRESH = date(2026, 6, 1)


def errors(copy: Copy) -> list[str]:
    return [str(problem) for problem in look(copy.top, FRESH).errors]


def warnings(copy: Copy, on: date = FRESH) -> list[str]:
    return [str(problem) for problem in look(copy.top, on).warnings]


def told(found: list[str], place: str, *parts: str) -> bool:
    """Whether a line about a place says all of this."""
    return any(x.startswith(place) and all(p in x for p in parts) for x in found)


def test_the_toy_book_has_nothing_to_warn_of() -> None:
    report = look(TOY, FRESH)
    assert (report.errors, report.warnings) == ((), ())


def test_a_claim_is_stale_half_a_year_and_a_day_after_its_check(copy: Copy) -> None:
    assert not told(warnings(copy, date(2026, 10, 31)), MOLE)
    found = warnings(copy, date(2026, 11, 1))
    assert told(
        found, f"{MOLE}:6:", "2026-11-01", "2026-05-01", "`turning`, `deadline`"
    )


def test_a_check_of_a_day_to_come_is_told_with_its_line(copy: Copy) -> None:
    found = warnings(copy, date(2026, 5, 1))
    assert told(found, "knowledge/platforms/heron.yaml:", "after 2026-05-01")
    assert not told(warnings(copy), "", "which is after")


def test_a_file_that_nothing_reads_is_told(copy: Copy) -> None:
    copy.write("knowledge/platforms/owl.yml", "label: Owl\n")
    copy.write("knowledge/platforms/.owl.swp", "")
    place = "knowledge/platforms/owl.yml:1:"
    assert [w for w in warnings(copy) if "nothing reads" in w and place in w]
    assert not told(warnings(copy), "knowledge/platforms/.owl")


def test_a_claim_that_no_answer_uses_is_told_with_its_line(copy: Copy) -> None:
    line = copy.add(MOLE, _claim("relabel", value='"yes"'))
    assert told(warnings(copy), f"{MOLE}:{line}:", "`relabel`", "no reachable answer")


def test_a_source_that_no_claim_names_is_told(copy: Copy) -> None:
    line = copy.add("knowledge/sources.yaml", "hearsay: {title: Hearsay, trust: web}\n")
    assert told(warnings(copy), f"knowledge/sources.yaml:{line}:", "`hearsay`")


def test_a_limit_that_its_sentence_does_not_name_is_told_with_its_line(
    copy: Copy,
) -> None:
    heron = "knowledge/platforms/heron.yaml"
    line = copy.swap(heron, "for half an hour", "for two hours")
    place = f"{heron}:{line}:"
    assert told(warnings(copy), place, "`deadline` is `PT30M`", "speaks of 2 hours")


def test_a_phrase_file_without_an_answer_of_its_own_is_told(copy: Copy) -> None:
    copy.write("knowledge/phrases/call_back/lost_it.txt", "it fell off the cart\n")
    place = "knowledge/phrases/call_back/lost_it.txt:1:"
    assert told(warnings(copy), place, "`call_back`", "`lost_it`")


def test_two_phrases_that_only_a_name_tells_apart_are_told(copy: Copy) -> None:
    one = copy.add("knowledge/phrases/bows.txt", "my parcel with heron air\n")
    two = copy.add("knowledge/phrases/closing_time.txt", "my parcel with the ferry\n")
    place = f"knowledge/phrases/closing_time.txt:{two}:"
    assert told(warnings(copy), place, f"knowledge/phrases/bows.txt:{one}")


def test_a_phrase_that_leads_elsewhere_is_told_and_the_finding_is_kept(
    copy: Copy, tmp_path: Path
) -> None:
    # But for the name they are one phrase, and three outvote one.
    call_back = "the box with heron\nthe box with the ferry\nthe box with mole post\n"
    copy.add("knowledge/phrases/call_back.txt", call_back)
    line = copy.add("knowledge/phrases/bows.txt", "the box with snail mail\n")
    place = f"knowledge/phrases/bows.txt:{line}:"
    for _ in range(2):
        found = look(copy.top, FRESH, tmp_path / "cache").warnings
        assert told([str(w) for w in found], place, "is taken for `call_back")
    assert list((tmp_path / "cache").glob("borders-*.json"))


def test_a_phrase_between_two_topics_is_a_near_tie_and_no_warning(copy: Copy) -> None:
    copy.add("knowledge/phrases/call_back.txt", "the box with heron\n")
    copy.add("knowledge/phrases/bows.txt", "the box with snail mail\n")
    report = look(copy.top, FRESH)
    said = [str(problem) for problem in report.ties]
    assert told(said, "knowledge/phrases/", "is taken for")
    assert not told([str(w) for w in report.warnings], "", "is taken for")
    assert report.summary.startswith("no errors, 1 warning. 1 near tie: see `--all`")


# --- some files alone


def only(copy: Copy, *files: str) -> list[str]:
    report = look(copy.top, FRESH, files=files)
    assert report.errors == ()
    return [str(problem) for problem in report.warnings]


@pytest.fixture
def warned(copy: Copy) -> Copy:
    """A book with a warning about each kind of file."""
    copy.add(MOLE, _claim("relabel", value='"yes"'))
    copy.add("knowledge/platforms/snail.yaml", _claim("relabel", value='"no"'))
    copy.swap(WRAP, "claims: [paper]", "claims: [paper, marks]")
    copy.add("knowledge/sources.yaml", "hearsay: {title: Hearsay, trust: web}\n")
    copy.add("knowledge/phrases/bows.txt", "my parcel with heron air\n")
    copy.add("knowledge/phrases/closing_time.txt", "my parcel with the ferry\n")
    return copy


@pytest.mark.parametrize(
    ("file", "place", "says"),
    [
        (MOLE, MOLE, "`relabel`"),
        (WRAP, WRAP, "`marks`"),
        (
            "knowledge/phrases/bows.txt",
            "knowledge/phrases/closing_time.txt",
            "bows.txt:",
        ),
        (
            "knowledge/phrases/closing_time.txt",
            "knowledge/phrases/closing_time.txt",
            "s",
        ),
    ],
)
def test_of_a_file_that_is_named_only_its_own_warnings_are_told(
    warned: Copy, file: str, place: str, says: str
) -> None:
    (said,) = only(warned, file)
    assert said.startswith(place)
    assert says in said
    assert said in warnings(warned)


def test_several_files_are_told_together(warned: Copy) -> None:
    assert len(only(warned, MOLE, WRAP)) == 2


def test_of_a_file_that_bears_on_all_answers_only_its_text_is_looked_at(
    warned: Copy,
) -> None:
    assert only(warned, "knowledge/words.yaml", "knowledge/sources.yaml") == []


@pytest.mark.parametrize("stem", ["ferry", "heron", "stranger"])
def test_all_states_of_a_service_are_looked_at(
    toy_book: KnowledgeBase, stem: str
) -> None:
    focus = Focus(services=frozenset({stem}))
    slot = toy_book.roles.slots.service
    for topic in toy_book.topics:
        every = every_answer.states(toy_book, topic)
        wanted = {frozenset(k.items()) for k in every if k.get(slot) == stem}
        found = {frozenset(k.items()) for k in focus.states(toy_book, topic)}
        assert found == wanted, topic


def test_a_folder_of_files_is_told_as_its_files(
    takeback: Takeback, warned: Copy
) -> None:
    folder = str(warned.top / "knowledge/platforms")
    done = takeback("check", folder, "--on", "2026-06-01")
    *lines, last = done.out.splitlines()
    assert len(lines) == 2
    assert last.startswith("no errors, 2 warnings in 5 files.")


def test_an_answer_too_long_is_told_of_the_service_that_makes_it_so(copy: Copy) -> None:
    copy.swap(MOLE, "Mole Post digs up any parcel.", "Mole Post digs. " * 50)
    assert told(only(copy, MOLE), CALL_BACK, "more than 700", "mole")
    assert only(copy, "knowledge/platforms/heron.yaml") == []


def test_errors_are_told_of_all_files_whichever_is_named(copy: Copy) -> None:
    copy.swap("knowledge/platforms/heron.yaml", "label: Heron Air", "lable: Heron Air")
    report = look(copy.top, FRESH, files=(MOLE,))
    assert told([str(e) for e in report.errors], "knowledge/platforms/heron.yaml:1")


def test_a_template_that_cannot_be_filled_is_told_of_its_topic_s_file(
    copy: Copy,
) -> None:
    path = "templates/en/wrap/paper.md.j2"
    copy.swap(path, "**With paper.**", "{{ nobody }}")
    for file, count in ((WRAP, 1), (path, 1), (MOLE, 0)):
        assert len(look(copy.top, FRESH, files=(file,)).errors) == count


def test_the_command_finds_the_book_of_a_file(takeback: Takeback, warned: Copy) -> None:
    done = takeback("check", str(warned.top / MOLE), "--on", "2026-06-01")
    *lines, last = done.out.splitlines()
    assert len(lines) == 1
    assert last.startswith(f"no errors, 1 warning in {MOLE}. `takeback check` alone")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nosuch.yaml", "there is no file"),
        ("own.yaml", "is no file of"),
        ("book/notes.md", "is no file of"),
    ],
)
def test_a_file_of_no_book_is_refused(
    takeback: Takeback, copy: Copy, tmp_path: Path, name: str, says: str
) -> None:
    (tmp_path / "own.yaml").write_text("label: x\n", encoding="utf-8")
    copy.write("notes.md", "What I want to do.\n")
    done = takeback("check", str(copy.top), str(tmp_path / name))
    assert done.code == 2
    assert says in done.out


# --- known warnings


def test_a_known_warning_is_one_of_a_number_and_listed_with_all(
    takeback: Takeback, copy: Copy
) -> None:
    copy.add(MOLE, _claim("relabel", value='"yes"'))
    assert "1 warning." in takeback("check", "--on", "2026-06-01", files=copy.top).out
    begun = takeback("check", "--write-known", "--on", "2026-06-01", files=copy.top)
    assert "known_warnings.tsv begins with 1 warnings." in begun.out
    quiet = takeback("check", "--on", "2026-06-01", files=copy.top)
    assert re.fullmatch(
        r"All is well\. 1 known warning: see `--all`\. \(\d+ s\)\n", quiet.out
    )
    listed = takeback("check", "--all", "--on", "2026-06-01", files=copy.top)
    assert f"{MOLE}:" in listed.out
    assert "known: no reachable answer uses the claim `relabel`" in listed.out


def test_the_list_of_known_warnings_only_shrinks(copy: Copy) -> None:
    copy.add(MOLE, _claim("relabel", value='"yes"'))
    known.write(copy.top, look(copy.top, FRESH).warnings)
    copy.add("knowledge/sources.yaml", "hearsay: {title: Hearsay, trust: web}\n")
    report = look(copy.top, FRESH)
    done = known.write(copy.top, (*report.warnings, *report.known))
    assert done.endswith("0 taken out, 1 left.")
    assert told([str(w) for w in look(copy.top, FRESH).warnings], "", "`hearsay`")
    assert known.write(copy.top, report.warnings).endswith("1 taken out, 0 left.")
    assert known.read(copy.top) == frozenset()


def test_a_known_warning_stays_known_when_its_figures_change(copy: Copy) -> None:
    copy.swap(MOLE, "Mole Post digs up any parcel.", "Mole Post digs. " * 50)
    known.write(copy.top, look(copy.top, FRESH).warnings)
    copy.swap(MOLE, "says: Mole Post digs.", "says: Mole Post digs and digs.")
    assert not told(warnings(copy), CALL_BACK, "more than 700")


def test_a_leaf_for_a_value_that_no_service_has_yet_is_not_told(copy: Copy) -> None:
    copy.write("templates/en/wrap/never.md.j2", '{% extends "_answer.md.j2" %}')
    tree = """tree:
  by: relabel
  cases:
    "no": {say: never}
  otherwise: {say: paper"""
    copy.swap(WRAP, "tree: {say: paper", tree)
    copy.add(MOLE, _claim("relabel", value='"yes"'))
    assert not told(warnings(copy), WRAP, "`never`")


def test_an_answer_longer_than_a_phone_shows_is_told(copy: Copy) -> None:
    copy.swap(MOLE, "Mole Post digs up any parcel.", "Mole Post digs. " * 50)
    assert told(warnings(copy), CALL_BACK, "call_back/steps", "more than 700", "mole")


def test_a_claim_that_is_declared_and_never_stated_is_told(copy: Copy) -> None:
    line = copy.swap(WRAP, "claims: [paper]", "claims: [paper, marks]")
    assert told(warnings(copy), f"{WRAP}:{line}:", "never states `marks`")


def test_a_leaf_that_nothing_leads_to_is_told(copy: Copy) -> None:
    copy.write("templates/en/wrap/never.md.j2", '{% extends "_answer.md.j2" %}')
    tree = """tree:
  by: clock
  cases:
    over: {say: never}
  otherwise: {say: paper"""
    line = copy.swap(WRAP, "tree: {say: paper", tree) + 3
    assert told(warnings(copy), f"{WRAP}:{line}:", "`never`")


def test_a_topic_that_nothing_leads_to_is_told(copy: Copy) -> None:
    topic = 'about: "?"\nlabel: Sing\ntree: {say: song}\n'
    copy.write("knowledge/topics/sing.yaml", topic)
    copy.write("templates/en/sing/song.md.j2", '{% extends "_answer.md.j2" %}')
    copy.write("knowledge/phrases/sing.txt", "# Nothing yet.\n")
    assert told(warnings(copy), "knowledge/topics/sing.yaml:1:", "lead here")


def test_a_slot_that_is_asked_below_itself_is_told(copy: Copy) -> None:
    tree = """tree:
  ask: seal
  otherwise:
    ask: seal
    otherwise: {say: paper"""
    line = copy.swap(WRAP, "tree: {say: paper", tree) + 3
    assert told(errors(copy), f"{WRAP}:{line}:", "`seal` was asked further up")


def test_a_name_of_two_services_is_told(copy: Copy) -> None:
    copy.swap(MOLE, "names: [mole post]", "names: [mole post, heron]")
    assert told(errors(copy), f"{MOLE}:2:", "`heron`", "heron.yaml")


def test_a_service_may_take_its_name_from_the_others(copy: Copy) -> None:
    copy.swap(MOLE, "names: [mole post]", "names: [mole post, owl]")
    assert errors(copy) == []
    place = "knowledge/platforms/stranger.yaml:2:"
    assert told(warnings(copy), place, "`owl`", "mole.yaml")


def test_a_claim_of_a_topic_under_a_service_s_key_is_told(copy: Copy) -> None:
    line = copy.swap(
        WRAP,
        "  paper:",
        "  marks:\n    checked: {says: x., sureness: low,"
        " source: [counter], checked: 2026-05-01}\n  paper:",
    )
    assert told(errors(copy), f"{WRAP}:{line}:", "`marks`")


def test_a_button_to_an_aspect_that_there_is_not_is_told(copy: Copy) -> None:
    line = copy.swap(
        CALL_BACK, "next: [gossip, closing_time]", "next: [call_back/lable]"
    )
    assert told(errors(copy), f"{CALL_BACK}:{line}:", "`lable`", "did you mean `label`")


def test_a_claim_that_is_not_there_is_never_printed(copy: Copy) -> None:
    over = "templates/en/call_back/over.md.j2"
    steps = "templates/en/call_back/steps.md.j2"
    line = copy.swap(steps, '{{ claims.marks or "" }}', "{{ claims.signals }}")
    assert told(errors(copy), f"{steps}:{line}:", "not there")
    assert not told(errors(copy), over)


# --- the command


def test_the_command_tells_warnings_apart_and_ends_well_with_them(
    takeback: Takeback,
) -> None:
    done = takeback("check", "--on", "2027-01-01")
    assert done.code == 0
    lines = done.out.splitlines()
    assert all(": warning: " in line for line in lines[:-1])
    assert lines[-1].startswith("no errors, ")
    assert re.search(r" warnings\. \(\d+ s\)$", lines[-1])


def test_the_command_ends_with_one_where_there_is_an_error(
    takeback: Takeback, copy: Copy
) -> None:
    copy.write("templates/en/call_back/stamp.md.j2", "A stamp.\n")
    done = takeback("check", str(copy.top), "--json")
    assert done.code == 1
    (found,) = [x for x in json.loads(done.out) if x["severity"] == "error"]
    assert found == {
        "severity": "error",
        "path": "templates/en/call_back/stamp.md.j2",
        "line": 1,
        "message": "no leaf uses this template",
    }


def test_a_day_that_is_none_is_one_clear_line(takeback: Takeback) -> None:
    done = takeback("check", "--on", "tomorrow")
    assert (done.code, done.out) == (2, "`tomorrow` is no date such as 2027-01-31")


def _claim(name: str, value: str) -> str:
    checked = f"{{value: {value}, says: It is so., sureness: high, source: [counter],"
    return f"  {name}:\n    checked: {checked} checked: 2026-05-01}}\n"


def test_official_pages_are_listed_with_the_day_they_were_read(
    takeback: Takeback,
) -> None:
    told = takeback("check", "--links").out.splitlines()
    assert len(told) == 1, "a source that is not official is no page to open"
    assert told[0].startswith("2026-")
    assert "https://carriers.example/leaflet?a=1&b=2" in told[0]
    (page,) = json.loads(takeback("check", "--links", "--json").out)
    assert page["address"] == "https://carriers.example/leaflet?a=1&b=2"
    assert page["read"] == told[0][:10]


def test_a_page_that_nobody_has_read_comes_first(
    copy: Copy, takeback: Takeback
) -> None:
    copy.add(
        "knowledge/claims.yaml", "page:\n  about: The official page.\n  free: true\n"
    )
    copy.add(MOLE, _claim("page", value="mole.example/help"))
    first, *others = takeback("check", "--links", files=copy.top).out.splitlines()
    assert first.startswith("not read    https://mole.example/help")
    assert others, "those that were read follow"

"""What loading cannot see: each fault is made in a copy of the toy book."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.knowledge import loader
from bot.tools.check import errors as errors_of
from bot.tools.check import look
from tests.support.books import TOY
from tests.support.copies import Copy
from tests.support.shell import run

MOLE = "knowledge/platforms/mole.yaml"
HERON = "knowledge/platforms/heron.yaml"
STEPS = "templates/en/call_back/steps.md.j2"


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def errors(copy: Copy) -> list[str]:
    return [str(problem) for problem in errors_of(copy.top)]


def test_the_toy_book_is_fit_for_use() -> None:
    assert errors_of(TOY) == []


def test_what_keeps_the_bot_from_starting_is_reported_the_same(copy: Copy) -> None:
    copy.swap(HERON, "label: Heron Air", "lable: Heron Air")
    copy.add("knowledge/phrases/call_back.txt", "help\n")
    assert errors(copy) == copy.problems()
    assert len(errors(copy)) == 3


def test_a_claim_of_the_guide_without_a_home_is_told(copy: Copy) -> None:
    copy.swap("knowledge/topics/call_back.yaml", "numbers: [6, 7, 8, ", "numbers: [8, ")
    said = errors(copy)
    assert len(said) == 2
    assert re.search(r"claim 6\b", said[0])
    assert re.search(r"claim 7\b", said[1])


def test_a_claim_that_is_owed_is_told_with_what_it_is_about(copy: Copy) -> None:
    path = "knowledge/platforms/mole.yaml"
    text = (copy.top / path).read_text(encoding="utf-8")
    start, end = text.index("  deadline:"), text.index("  past_seal:")
    copy.write(path, text[:start] + text[end:])
    assert [said for said in errors(copy) if "`deadline`" in said and "mole" in said]
    assert any("Until when." in said for said in errors(copy))


def test_a_kind_owes_its_own_claims(copy: Copy) -> None:
    path = "knowledge/platforms/ferry.yaml"
    copy.swap(path, '{value: "no", says: A card is gone', "{value: everyone, says: A")
    assert any(
        said.startswith(path) and "`deadline`" in said and "card" in said
        for said in errors(copy)
    )


def test_an_answer_without_its_frame_is_told(copy: Copy) -> None:
    path = "templates/en/bows/welcome.md.j2"
    copy.write(path, "**At your service.**\n")
    (said,) = errors(copy)
    assert said.startswith(f"{path}:1: `{{% extends %}}` is missing")


Fault = Callable[[Copy], int]


def states_a_digit(copy: Copy) -> int:
    return copy.swap(STEPS, '{{ claims.marks or "" }}', "Within 30 minutes.")


def names_a_platform(copy: Copy) -> int:
    return copy.swap(STEPS, '{{ claims.marks or "" }}', "Heron Air whistles.")


def names_a_platform_of_one_word(copy: Copy) -> int:
    return copy.swap(STEPS, '{{ claims.marks or "" }}', "Take the Ferry.")


@pytest.mark.parametrize(
    ("breaks", "says"),
    [
        (states_a_digit, "digit"),
        (names_a_platform, "Heron Air"),
        (names_a_platform_of_one_word, "Ferry"),
    ],
)
def test_a_template_that_states_a_fact_is_told(
    copy: Copy, breaks: Fault, says: str
) -> None:
    line = breaks(copy)
    assert any(s.startswith(f"{STEPS}:{line}: ") and says in s for s in errors(copy))


def test_numbers_of_steps_and_code_of_templates_are_no_facts(copy: Copy) -> None:
    text = "1. Wave.\n2. Shout.\n{% if 1 == 1 %}\nNow.\n{% endif %}"
    copy.swap(STEPS, '{{ claims.marks or "" }}', text + '\n{{ claims.marks or "" }}')
    assert errors(copy) == []


def test_a_template_that_no_leaf_uses_is_told(copy: Copy) -> None:
    copy.write("templates/en/call_back/stamp.md.j2", "A stamp.\n")
    assert errors(copy) == [
        "templates/en/call_back/stamp.md.j2:1: no leaf uses this template"
    ]


def test_an_undefined_name_is_told_with_template_and_line(copy: Copy) -> None:
    line = copy.swap(STEPS, "**Yes{{", "**{{ wehther }}Yes{{")
    assert any(
        s.startswith(f"{STEPS}:{line}: ") and "wehther" in s for s in errors(copy)
    )


def test_a_claim_that_the_leaf_does_not_declare_is_told(copy: Copy) -> None:
    line = copy.swap(STEPS, "**Yes{{", '{{ claims.past_seal or "" }}**Yes{{')
    assert any(
        s.startswith(f"{STEPS}:{line}: ") and "past_seal" in s for s in errors(copy)
    )


def test_a_template_that_is_not_jinja_is_told_with_its_line(copy: Copy) -> None:
    line = copy.swap(STEPS, "{% if claims.signals %}", "{% if claims.signals")
    assert any(
        re.match(rf"{re.escape(STEPS)}:({line}|{line + 1}): ", s) for s in errors(copy)
    )


def test_a_reply_longer_than_a_message_is_told(copy: Copy) -> None:
    long = "On and on it goes. " * 250
    copy.swap(HERON, "A feather is left at the door.", long.strip())
    assert any("4096" in said for said in errors(copy))


def test_a_reply_is_measured_in_units_of_utf_16(copy: Copy) -> None:
    """2,100 characters, 4,200 units."""
    copy.swap(HERON, "A feather is left at the door.", "🪶" * 2_100)
    assert any("4096" in said for said in errors(copy))


def test_a_choice_that_its_button_has_no_room_for_is_told(copy: Copy) -> None:
    kind = "crate_" * 8
    copy.swap("knowledge/platforms/ferry.yaml", "  crate:\n", f"  {kind}:\n")
    assert any(kind in said for said in errors(copy))


def test_everything_is_told_at_once(copy: Copy) -> None:
    states_a_digit(copy)
    copy.write("templates/en/call_back/stamp.md.j2", "A stamp.\n")
    copy.swap("knowledge/topics/call_back.yaml", "numbers: [6, ", "numbers: [")
    said = "\n".join(errors(copy))
    for part in ("digit", "no leaf uses", "claim 6"):
        assert part in said
    assert errors(copy) == sorted(errors(copy))


# --- the command


def test_the_command_is_content_with_files_that_are_fit(tmp_path: Path) -> None:
    done = run("check", str(TOY), home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


@pytest.mark.slow
def test_the_command_prints_every_problem_and_the_bot_refuses_to_start_with_them(
    copy: Copy, tmp_path: Path
) -> None:
    copy.swap(HERON, "label: Heron Air", "lable: Heron Air")
    copy.remove("templates/en/call_back/over.md.j2")
    copy.add("knowledge/phrases/call_back.txt", "help\n")
    wanted = copy.problems()
    checked = run("check", str(copy.top), home=tmp_path)
    assert checked.returncode == 1
    assert set(wanted) <= set(checked.stdout.splitlines())
    for command in (["ask", "hello"], ["chat", "--jsonl"], []):
        refused = run(*command, files=copy.top, home=tmp_path)
        assert refused.returncode == 2
        assert refused.stdout == ""
        assert refused.stderr.splitlines() == wanted


# --- what an editor's day is full of


def test_a_sentence_that_says_todo_is_an_error(copy: Copy) -> None:
    line = copy.swap(MOLE, "There is no limit underground.", "TODO find out.")
    (said,) = errors(copy)
    assert said.startswith(f"{MOLE}:{line - 1}:")
    assert "`deadline` is still to be found out: TODO find out." in said


def test_a_template_that_says_todo_is_an_error(copy: Copy) -> None:
    line = copy.swap(STEPS, '{{ claims.marks or "" }}', "TODO: more of it")
    (said,) = errors(copy)
    assert said.startswith(f"{STEPS}:{line}:")
    assert said.endswith("still to be written: TODO: more of it")


def test_a_label_that_says_todo_is_an_error(copy: Copy) -> None:
    line = copy.swap(MOLE, "label: Mole Post", "label: TODO its name")
    (said,) = errors(copy)
    assert said.startswith(f"{MOLE}:{line}:")
    assert said.endswith("still to be written: TODO its name")


def test_strong_words_that_do_not_end_are_an_error(copy: Copy) -> None:
    copy.swap(STEPS, '{{ claims.marks or "" }}', "**more of it")
    (said,) = errors(copy)
    assert said.endswith("a `**` without its partner in this line")


def test_nobody_is_told_a_sentence_that_says_todo(copy: Copy) -> None:
    copy.swap(MOLE, "There is no limit underground.", "TODO find out.")
    copy.swap("knowledge/topics/wrap.yaml", "about: Wrapping", "about: TODO Wrapping")
    kb = loader.load(copy.top)
    assert kb.platforms["mole"].claims["deadline"].lead("checked").says == INSTEAD
    assert kb.platforms["mole"].claims["turning"].lead("checked").says != INSTEAD
    assert kb.topics["wrap"].about == INSTEAD


INSTEAD = "Nobody has looked this up yet."


def test_a_topic_without_its_file_of_phrases_is_told(copy: Copy) -> None:
    copy.remove("knowledge/phrases/call_back.txt")
    (said,) = errors(copy)
    assert said.startswith("knowledge/topics/call_back.yaml:1: there is no phrases/")
    copy.swap("knowledge/topics/call_back.yaml", "\nlabel:", "\ntyped: false\nlabel:")
    assert errors(copy) == []


@pytest.mark.parametrize(
    ("path", "better"),
    [
        ("knowledge/platforms/Mole Post.yaml", "mole_post.yaml"),
        ("knowledge/phrases/call_back/Lost It.txt", "lost_it.txt"),
    ],
)
def test_a_file_s_bad_name_is_told_with_a_better_one(
    copy: Copy, path: str, better: str
) -> None:
    text = (copy.top / MOLE).read_text(encoding="utf-8") if "Mole" in path else "lost\n"
    copy.write(path, text)
    assert any(
        said.startswith(f"{path}:1:") and f"rename it to `{better}`" in said
        for said in errors(copy)
    )


def test_a_section_of_phrases_that_names_no_action_is_told(copy: Copy) -> None:
    line = copy.add("knowledge/phrases/call_back.txt", "[trow]\nthrow it back to me\n")
    (said,) = errors(copy)
    assert said.startswith(f"knowledge/phrases/call_back.txt:{line}: no action `trow`")


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ('{ claims.marks or "" }}', "a single brace, which people would read"),
        ("{claims.marks}", "a single brace, which people would read"),
        ('{{ claims.marks or "" }', "a tag is not closed"),
        ("{% if claims.marks %}A mark.", "`if` is opened here and never closed"),
        ("{% endif %}", "`endif` closes nothing: its `if` is missing"),
        ("{% fi claims.marks %}", "there is no tag `fi`"),
        ("{% inclde 'a' %}", "there is no tag `inclde`.*; did you mean `include`"),
        ("{% if claims.marks = 1 %}x{% endif %}", "two signs compare, `==`"),
        ('{{ claims.marks or " }}', "a quotation mark in a tag is never closed"),
        ("{# hm", "a comment is opened and never closed: `#}` is missing"),
        ("{{ }}", "a name or value is missing in a tag"),
        ("{{ claims.marks|uper }}", "there is no filter `uper`; did you mean `upper`"),
        ("{% if 1 is od %}x{% endif %}", "there is no test `od`; did you mean `odd`"),
        ("{{ (claims.marks }}", "a bracket is opened in a tag and never closed: `[)]`"),
        ("{{ claims.marks ) }}", "`[)]` does not fit where it stands"),
        ("{% if claims.marks time %}x{% endif %}", "`time` does not fit where it"),
        ("{{ “x” }}", "“ means nothing in a tag"),
        ("{% if 1 %}{% else if 2 %}{% endif %}", "`else if` is one word, `elif`"),
        ("{{ clok() }}", "there is no `clok` here; did you mean `clock`"),
        (
            "{{ clock().lef }}",
            "there is no `lef` in what stands before it; did you mean",
        ),
        ("{{ claims.turning.x.y }}", "there is no `x` in what stands before it"),
        ("{{ claims.signals }}", "prints a claim or value that is not there"),
        ("{{ claims.turning() }}", "brackets .* after what is no function"),
        ('{{ 1 + "a" }}', "texts and values are joined with `~`"),
        ("{{ 1 / 0 }}", "cannot be worked out"),
        ('{% include "_nix.md.j2" %}', "there is no template `_nix.md.j2`; did you"),
        (
            '{% from "_blank.md.j2" import nix %}{{ nix() }}',
            "there is no `nix` in the template that it is taken from",
        ),
    ],
)
def test_a_template_that_is_not_closed_is_told_in_an_editor_s_words(
    copy: Copy, written: str, says: str
) -> None:
    copy.write("templates/en/_blank.md.j2", "")
    line = copy.swap(STEPS, '{{ claims.marks or "" }}', written)
    (said,) = errors(copy)
    assert re.match(f"{re.escape(f'{STEPS}:{line}: ')}{says}", said), said


def test_a_frame_that_is_misspelt_is_told_with_the_one_that_was_meant(
    copy: Copy,
) -> None:
    line = copy.swap(STEPS, "_answer.md.j2", "_anser.md.j2")
    (said,) = errors(copy)
    place = f"{STEPS}:{line}: there is no template `_anser.md.j2`"
    assert said == f"{place}; did you mean `_answer.md.j2`?"


def test_a_block_that_its_frame_has_not_is_told(copy: Copy) -> None:
    line = copy.swap(STEPS, "{% block more %}", "{% block mroe %}")
    (said,) = errors(copy)
    place = f"{STEPS}:{line}: `_answer.md.j2` has no block `mroe`"
    assert said == f"{place}, so nobody reads this; did you mean `more`?"


@pytest.mark.parametrize("text", ["And wave.", "{{ claims.paper }}", "\nAnd wave."])
def test_a_text_outside_of_all_blocks_is_told(copy: Copy, text: str) -> None:
    path = "templates/en/wrap/paper.md.j2"
    line = copy.add(path, f"{text}\n") + text.count("\n")
    (said,) = errors(copy)
    assert said.startswith(f"{path}:{line}: stands in no block, so nobody reads this")


def test_a_date_in_words_is_told_with_the_form_it_needs(copy: Copy) -> None:
    text = (copy.top / MOLE).read_text(encoding="utf-8")
    copy.write(MOLE, text.replace("checked: 2026-05-01", "checked: 24.11.2026", 1))
    (said,) = errors(copy)
    assert said.endswith("`checked`: `24.11.2026` is no date such as 2026-11-24")


def test_errors_never_claim_that_there_are_no_warnings(copy: Copy) -> None:
    copy.swap(HERON, "label: Heron Air", "lable: Heron Air")
    summary = look(copy.top).summary
    assert summary == "2 errors; warnings are looked for once they are mended."

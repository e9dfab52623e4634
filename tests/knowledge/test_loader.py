"""Broken files, each made from the toy book: what is said of them, and where."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from bot.app import open_assistant
from bot.errors import KnowledgeError, Problem
from bot.knowledge import loader
from bot.knowledge.model import (
    AssistantFile,
    KnowledgeBase,
    Part,
    Platform,
    Topic,
    Words,
)
from bot.knowledge.yaml_file import Where, YamlFile
from tests.support.books import TOY
from tests.support.copies import Copy
from tests.support.fields import held

HERON = "knowledge/platforms/heron.yaml"
PT30M = "checked: {value: PT30M,"
CALL_BACK = "knowledge/topics/call_back.yaml"
PHRASES = "knowledge/phrases/call_back.txt"
SOURCES = "knowledge/sources.yaml"


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def test_the_toy_book_has_no_problem(toy_book: KnowledgeBase) -> None:
    kb, problems = loader.read(TOY)
    assert kb is not None
    assert (asdict(kb), problems) == (asdict(toy_book), [])


def test_the_real_book_has_no_problem() -> None:
    _, problems = loader.read(loader.root())
    assert problems == []


# --- one fault each: how it is made, and what is said of it after path and line

Fault = Callable[[Copy], tuple[str, int]]
"""Breaks a copy; gives the path and the line of the problem."""

FAULTS: dict[str, tuple[Fault, str]] = {}


def fault(says: str) -> Callable[[Fault], Fault]:
    def kept(made: Fault) -> Fault:
        FAULTS[made.__name__.strip("_").replace("_", " ")] = made, says
        return made

    return kept


@fault("indented otherwise than the lines it belongs with")
def _a_bad_indent(copy: Copy) -> tuple[str, int]:
    path = "knowledge/platforms/mole.yaml"
    line = copy.swap(path, "  deadline:\n", " deadline:\n")
    return path, line


@fault('the quotation mark " that is opened here is never closed')
def _a_quote_that_never_ends(copy: Copy) -> tuple[str, int]:
    path = "knowledge/topics/bows.yaml"
    return path, copy.swap(path, "about: Thank you.", 'about: "Thank you.')


@fault("a sign that nobody can see, number 7: delete it")
def _a_control_character(copy: Copy) -> tuple[str, int]:
    path = "knowledge/topics/bows.yaml"
    return path, copy.swap(path, "about: Thank you.", "about: Thank \a you.")


@fault(r"unknown key `lable`; did you mean `label`\?")
def _a_wrong_key(copy: Copy) -> tuple[str, int]:
    return HERON, copy.swap(HERON, "label: Heron Air", "lable: Heron Air")


@fault("unknown key `zzz`$")
def _a_key_that_is_like_no_other(copy: Copy) -> tuple[str, int]:
    return HERON, copy.add(HERON, "zzz: fair\n")


@fault("`label` is missing")
def _a_missing_key(copy: Copy) -> tuple[str, int]:
    path = "knowledge/topics/hails.yaml"
    copy.swap(path, "label: Hello\n", "")
    return path, 1


@fault("`names` stands here twice")
def _a_repeated_key(copy: Copy) -> tuple[str, int]:
    path = "knowledge/platforms/snail.yaml"
    return path, copy.swap(path, "claims:\n", "names: [slug]\nclaims:\n")


@fault("no language `xx`; there are en, es")
def _a_language_that_is_not_there(copy: Copy) -> tuple[str, int]:
    path = "knowledge/assistant.yaml"
    return path, copy.swap(path, "labels:\n", "language: xx\nlabels:\n")


@fault("there is no such template, and a reply needs it")
def _a_missing_template_that_no_leaf_names(copy: Copy) -> tuple[str, int]:
    path = "templates/en/_notices/assumed.md.j2"
    copy.remove(path)
    return path, 1


@fault("there is no such template, and a reply needs it")
def _a_gap_of_drafts_without_its_words(copy: Copy) -> tuple[str, int]:
    copy.swap(
        "knowledge/slots.yaml",
        "{label: Still sealed,",
        "{label: Still sealed, puts_right: figure,",
    )
    return "templates/en/_put_right/figure.md.j2", 1


@fault(r"no template templates/en/call_back/stepps\.md\.j2")
def _a_missing_template(copy: Copy) -> tuple[str, int]:
    line = copy.swap(CALL_BACK, "{say: steps, claims", "{say: stepps, claims")
    return CALL_BACK, line


@fault(r"the same phrase as at knowledge/phrases/afresh\.txt:1")
def _a_phrase_under_two_topics(copy: Copy) -> tuple[str, int]:
    return PHRASES, copy.add(PHRASES, "Start over!\n")


@fault(rf"the same phrase as at {PHRASES}:2")
def _a_phrase_twice_in_a_file(copy: Copy) -> tuple[str, int]:
    return PHRASES, copy.add(PHRASES, "How do I call back my parcel?\n")


@fault("a mark that git left of a merge")
def _a_merge_that_is_not_done(copy: Copy) -> tuple[str, int]:
    return PHRASES, copy.add(PHRASES, "<<<<<<< HEAD\n")


@fault("longer than 300 characters")
def _a_phrase_without_end(copy: Copy) -> tuple[str, int]:
    return PHRASES, copy.add(PHRASES, "where is it " * 30 + "\n")


@fault("needs one of the keys `say`, `ask`, `by`")
def _a_node_of_no_kind(copy: Copy) -> tuple[str, int]:
    path = "knowledge/topics/gossip.yaml"
    line = copy.swap(path, "otherwise: {say: anywhere}", "otherwise: {sing: anywhere}")
    return path, line


@fault("`otherwise` is missing")
def _a_question_without_otherwise(copy: Copy) -> tuple[str, int]:
    path = "knowledge/topics/unsealed.yaml"
    copy.swap(path, "  otherwise: {say: anywhere}\n", "")
    return path, 3


@fault("needs a side: `checked` or `guide`")
def _a_claim_without_a_side(copy: Copy) -> tuple[str, int]:
    path = "knowledge/platforms/mole.yaml"
    return path, copy.add(path, "  page: {}\n")


@fault("needs `says`, `steps` or `value`")
def _a_claim_that_says_nothing(copy: Copy) -> tuple[str, int]:
    path = "knowledge/platforms/ferry.yaml"
    text = "  page:\n    guide: {numbers: [1], section: Flying}\n"
    return path, copy.add(path, text) + 1


@fault("`sureness`: `sure` is none of high, medium, low$")
def _a_sureness_of_no_kind(copy: Copy) -> tuple[str, int]:
    new = "{value: none, says: Nothing shows above ground., sureness: sure, "
    path = "knowledge/platforms/mole.yaml"
    old = "{value: none, says: Nothing shows above ground., sureness: high, "
    return path, copy.swap(path, old, new)


@fault("`checked`: .*date")
def _a_date_of_no_calendar(copy: Copy) -> tuple[str, int]:
    path = "knowledge/platforms/snail.yaml"
    side = "checked: {value: x, sureness: low, source: [counter], checked: May}"
    return path, copy.add(path, f"  page:\n    {side}\n") + 1


@fault("`checked`: is `medium` at most without a source")
def _a_claim_surer_than_its_source(copy: Copy) -> tuple[str, int]:
    path = "knowledge/platforms/snail.yaml"
    side = "checked: {says: It crawls., sureness: high, checked: 2026-05-01}"
    return path, copy.add(path, f"  steps:\n    {side}\n") + 1


@fault("`checked`: `depends` needs a range as value")
def _one_limit_that_depends_on_the_country(copy: Copy) -> tuple[str, int]:
    return HERON, copy.swap(HERON, PT30M, f"{PT30M} depends: country,")


@fault("`as_of`: .*no date such as")
def _evidence_from_no_calendar(copy: Copy) -> tuple[str, int]:
    path = "knowledge/platforms/snail.yaml"
    side = "checked: {says: x, sureness: low, as_of: spring, checked: 2026-05-01}"
    return path, copy.add(path, f"  marks:\n    {side}\n") + 1


@fault("`says` is empty: write it, or take the line out")
def _a_sentence_that_is_not_written(copy: Copy) -> tuple[str, int]:
    return HERON, copy.swap(HERON, "says: A broken seal ends it.", "says: ")


@fault("`steps`, entry 2, is empty: write it, or take the line out")
def _a_step_that_is_blank(copy: Copy) -> tuple[str, int]:
    return HERON, copy.swap(HERON, "Wait on the roof.]", '"  "]')


@fault("the text ends at ` #`, where a comment begins: put the whole text into")
def _a_sentence_that_a_sign_cuts_off(copy: Copy) -> tuple[str, int]:
    path = "knowledge/topics/hails.yaml"
    return path, copy.swap(path, "about: Hello.", "about: Hail the #1, ever.")


@fault("the text ends at ` #`, where a comment begins: put the whole text into")
def _a_sentence_in_brackets_that_a_sign_cuts_off(copy: Copy) -> tuple[str, int]:
    return HERON, copy.swap(HERON, "A broken seal ends it.", "Seal #2 ends it.")


def _source(name: str, address: str) -> str:
    return f"{name}: {{title: A board, trust: web, address: '{address}'}}\n"


@fault("`address`: `carriers.example/a` is no address such as https://")
def _an_address_without_its_beginning(copy: Copy) -> tuple[str, int]:
    return SOURCES, copy.add(SOURCES, _source("quay", "carriers.example/a"))


@fault("`address`: `https://carriers.example/a b` is no address such as https://")
def _an_address_with_a_space(copy: Copy) -> tuple[str, int]:
    return SOURCES, copy.add(SOURCES, _source("dock", "https://carriers.example/a b"))


@fault("`address` is empty")
def _an_address_that_is_blank(copy: Copy) -> tuple[str, int]:
    return SOURCES, copy.add(SOURCES, _source("pier", ""))


@fault(r"`source` has to be a list, in brackets: \[leaflet\]")
def _a_source_without_brackets(copy: Copy) -> tuple[str, int]:
    return HERON, copy.swap(HERON, "source: [leaflet, counter]", "source: leaflet")


@fault("`numbers`, entry 1: `three` is no whole number")
def _a_number_in_words(copy: Copy) -> tuple[str, int]:
    return HERON, copy.swap(HERON, "numbers: [3]", "numbers: [three]")


@fault("`trust`: `offical` is none of .*, web; did you mean `official`")
def _a_trust_that_is_misspelt(copy: Copy) -> tuple[str, int]:
    return SOURCES, copy.swap(SOURCES, "trust: official", "trust: offical")


@fault("`values`: `platfroms` is none of platforms, kinds; did you mean")
def _a_choice_of_values_that_is_misspelt(copy: Copy) -> tuple[str, int]:
    path = "knowledge/slots.yaml"
    return path, copy.swap(path, "values: platforms", "values: platfroms")


@fault("`ago`: `a minute` is no span of time such as PT15M")
def _a_span_in_words(copy: Copy) -> tuple[str, int]:
    path = "knowledge/slots.yaml"
    return path, copy.swap(path, "ago: PT1M", "ago: a minute")


@fault("`view`: `ja` is no `true` or `false`")
def _a_yes_in_another_language(copy: Copy) -> tuple[str, int]:
    path = "knowledge/slots.yaml"
    line = copy.swap(path, "What went wrong?\n  view: true", "What?\n  view: ja")
    return path, line + 1


@fault("at most 24 characters")
def _a_label_too_long_for_a_button(copy: Copy) -> tuple[str, int]:
    path = "knowledge/platforms/ferry.yaml"
    return path, copy.swap(path, "label: Ferry", f"label: {'Ferry ' * 5}")


@fault("not readable as text: save it as UTF-8")
def _a_file_of_no_encoding(copy: Copy) -> tuple[str, int]:
    path = "knowledge/phrases/bows.txt"
    (copy.top / path).write_bytes(b"thanks\xff\n")
    return path, 1


@fault("not readable as text: save it as UTF-8")
def _a_template_of_no_encoding(copy: Copy) -> tuple[str, int]:
    path = "templates/en/bows/welcome.md.j2"
    (copy.top / path).write_bytes(b"\xff\n")
    return path, 1


@fault("not readable as text: save it as UTF-8")
def _a_yaml_file_of_no_encoding(copy: Copy) -> tuple[str, int]:
    path = "knowledge/topics/bows.yaml"
    (copy.top / path).write_bytes(b"about: \xff\n")
    return path, 1


@fault("`default` is missing")
def _a_part_that_nobody_plays(copy: Copy) -> tuple[str, int]:
    path = "knowledge/assistant.yaml"
    return path, copy.swap(path, "    default: call_back\n", "") - 1


@fault("has to be a mapping of names")
def _a_list_where_a_mapping_belongs(copy: Copy) -> tuple[str, int]:
    copy.write("knowledge/general.yaml", "[deadline, marks]\n")
    return "knowledge/general.yaml", 1


@fault("is missing")
def _an_empty_file(copy: Copy) -> tuple[str, int]:
    copy.write("knowledge/topics/bows.yaml", "")
    return "knowledge/topics/bows.yaml", 1


NAMES: dict[str, tuple[Fault, str]] = {}


def name(says: str) -> Callable[[Fault], Fault]:
    def kept(made: Fault) -> Fault:
        NAMES[made.__name__.strip("_").replace("_", " ")] = made, says
        return made

    return kept


@name(r"no topic `closing_tme`; did you mean `closing_time`\?")
def _a_next_topic_that_there_is_not(copy: Copy) -> tuple[str, int]:
    path = "knowledge/topics/bows.yaml"
    return path, copy.swap(path, "next: [call_back]", "next: [closing_tme]")


@name(r"no service `hero`; did you mean `heron`\?")
def _an_outdone_service_that_there_is_not(copy: Copy) -> tuple[str, int]:
    path = "knowledge/platforms/mole.yaml"
    return path, copy.swap(path, "outdoes: {heron", "outdoes: {hero")


@name("`parcel` is an ordinary word .`near` in words.yaml.*: take it out")
def _a_name_that_is_a_word_of_messaging(copy: Copy) -> tuple[str, int]:
    return HERON, copy.swap(HERON, "names: [heron,", "names: [parcel,")


@name("`parcel` is an ordinary word .`near` in words.yaml.*: take it out")
def _a_weak_name_that_is_a_word_of_messaging(copy: Copy) -> tuple[str, int]:
    path = "knowledge/platforms/mole.yaml"
    return path, copy.swap(path, "weak: [mole]", "weak: [parcel]")


@name("`carrier` has this code too; buttons need one for each slot")
def _a_code_of_two_slots(copy: Copy) -> tuple[str, int]:
    path = "knowledge/slots.yaml"
    return path, copy.swap(path, "  code: k\n", "  code: p\n")


@name("no topic `nowhere`")
def _another_topic_that_there_is_not(copy: Copy) -> tuple[str, int]:
    return CALL_BACK, copy.swap(
        CALL_BACK, "  unsealed: {seal: broken}", "  nowhere: {}"
    )


@name(r"no slot `carier`; did you mean `carrier`\?")
def _a_slot_that_there_is_not(copy: Copy) -> tuple[str, int]:
    path = "knowledge/topics/closing_time.yaml"
    return path, copy.swap(path, "  ask: carrier", "  ask: carier")


@name(r"no slot or claim `turnin`; did you mean `turning`\?")
def _a_branch_on_what_there_is_not(copy: Copy) -> tuple[str, int]:
    return CALL_BACK, copy.swap(CALL_BACK, "by: turning", "by: turnin")


@name(r"no claim `maks`; did you mean `marks`\?")
def _a_claim_of_a_leaf_that_there_is_not(copy: Copy) -> tuple[str, int]:
    path = "knowledge/topics/gossip.yaml"
    return path, copy.swap(path, "claims: [marks]", "claims: [maks]")


@name("no slot `mood`")
def _a_finer_question_that_there_is_not(copy: Copy) -> tuple[str, int]:
    path = "knowledge/topics/closing_time.yaml"
    return path, copy.swap(path, "refine: [left_at]", "refine: [mood]")


@name(r"no value `hero`; did you mean `heron`\?")
def _a_case_that_there_is_not(copy: Copy) -> tuple[str, int]:
    return CALL_BACK, copy.swap(CALL_BACK, "    stranger: &", "    hero: &")


@name("no value `half`")
def _a_state_of_the_clock_that_there_is_not(copy: Copy) -> tuple[str, int]:
    path = "knowledge/topics/closing_time.yaml"
    return path, copy.swap(path, "open: {say: open", "half: {say: open")


@name(r"no source `conter`; did you mean `counter`\?")
def _a_source_that_there_is_not(copy: Copy) -> tuple[str, int]:
    return HERON, copy.swap(HERON, "source: [leaflet, counter]", "source: [conter]")


@name("`sometimes` is none of everyone, no, unclear")
def _a_value_of_another_type(copy: Copy) -> tuple[str, int]:
    old = "{value: everyone, says: Heron"
    return HERON, copy.swap(HERON, old, "{value: sometimes, says: Heron")


@name("`half an hour` is none of .*duration")
def _a_value_that_is_no_duration(copy: Copy) -> tuple[str, int]:
    old = "checked: {value: PT30M"
    return HERON, copy.swap(HERON, old, "checked: {value: half an hour")


@name("`PT60M..PT30M` is none of none, unclear, a duration such as")
def _a_range_that_runs_backwards(copy: Copy) -> tuple[str, int]:
    path = "knowledge/platforms/mole.yaml"
    return path, copy.swap(
        path, "{value: none, says: There", "{value: PT60M..PT30M, says: There"
    )


@name("`P99999999999D` is none of .*duration")
def _a_duration_longer_than_time(copy: Copy) -> tuple[str, int]:
    path = "knowledge/platforms/ferry.yaml"
    return path, copy.swap(path, "value: PT2H", "value: P99999999999D")


@name(r"no claim `marcs` in claims\.yaml; did you mean `marks`\?")
def _a_claim_of_a_platform_that_has_no_type(copy: Copy) -> tuple[str, int]:
    path = "knowledge/platforms/ferry.yaml"
    return path, copy.swap(path, "  marks:", "  marcs:")


@name("the guide has no claim 66, only 1 to 65")
def _a_number_that_the_guide_has_not(copy: Copy) -> tuple[str, int]:
    path = "knowledge/platforms/snail.yaml"
    return path, copy.swap(path, "numbers: [5]", "numbers: [5, 66]")


@name(r"no topic `call_bck`; did you mean `call_back`\?")
def _phrases_of_a_topic_that_there_is_not(copy: Copy) -> tuple[str, int]:
    copy.write("knowledge/phrases/call_bck.txt", "where has it gone\n")
    return "knowledge/phrases/call_bck.txt", 1


@name("a moment has no cases")
def _cases_of_a_moment(copy: Copy) -> tuple[str, int]:
    path = "knowledge/topics/unsealed.yaml"
    tree = "  ask: left_at\n  cases: {just_now: {say: seal}}\n  known: {say: seal}\n"
    copy.swap(path, "  ask: carrier\n  known: {say: seal, claims: [past_seal]}\n", tree)
    return path, 4


EVERY = FAULTS | NAMES


@pytest.mark.parametrize("what", EVERY)
def test_a_fault_is_told_with_its_path_and_its_line(copy: Copy, what: str) -> None:
    breaks, says = EVERY[what]
    path, line = breaks(copy)
    said = copy.problems()
    assert any(
        entry.startswith(f"{path}:{line}: ") and re.search(says, entry)
        for entry in said
    ), said


@pytest.mark.parametrize("what", EVERY)
def test_a_fault_is_told_once_and_little_besides(copy: Copy, what: str) -> None:
    EVERY[what][0](copy)
    said = copy.problems()
    assert len(said) == len(set(said))
    assert len(said) <= 3, said


SAME_FILE = {
    "a sentence in brackets that a sign cuts off",
    "a bad indent",
    "a control character",
    "a quote that never ends",
    "a yaml file of no encoding",
}
"""Faults that hide others, of the same file or about it."""


@pytest.mark.parametrize("group", [FAULTS, NAMES], ids=["faults", "names"])
def test_many_faults_are_all_told_in_one_run(
    copy: Copy, group: dict[str, tuple[Fault, str]]
) -> None:
    wanted = [
        (breaks(copy), says)
        for what, (breaks, says) in group.items()
        if what not in SAME_FILE
    ]
    said = copy.problems()
    for (path, line), says in wanted:
        here = [entry for entry in said if entry.startswith(f"{path}:")]
        assert any(re.search(says, entry) for entry in here), (says, line, said)


def test_what_stands_in_files_that_are_whole_is_told_beside_what_is_torn(
    copy: Copy,
) -> None:
    """An editor should not have to mend one file to hear of the next."""
    _a_bad_indent(copy)
    path, line = _a_number_that_the_guide_has_not(copy)
    assert any(entry.startswith(f"{path}:{line}: ") for entry in copy.problems())


# --- anything, anywhere

SHAPES: tuple[Any, ...] = (
    "",
    "  ",
    "x",
    "x y",
    [],
    ["x"],
    [["x"]],
    {},
    {"x": "y"},
    {"x": {"y": "z"}},
)
"""What an editor may have written in the place of anything else."""
LIBRARY = re.compile(
    "Input should|valid (str|int|bool|tuple|dict|frozen)|instance of|parsing|Value error"
)

FORM = re.compile("^(`|unknown key `|has to be |needs |is empty)")
"""A message begins with the key, or says what the whole file has to be."""


def _places(data: Any, where: Where = ()) -> Iterator[Where]:
    yield where
    parts: Iterable[tuple[Any, Any]] = ()
    if isinstance(data, dict):
        parts = data.items()
    elif isinstance(data, list):
        parts = enumerate(data)
    for key, below in parts:
        yield from _places(below, (*where, key))


def _swapped(data: Any, where: Where, shape: Any) -> Any:
    if not where:
        return shape
    copied = data.copy()
    copied[where[0]] = _swapped(data[where[0]], where[1:], shape)
    return copied


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("platforms/heron.yaml", Platform),
        ("platforms/ferry.yaml", Platform),
        ("topics/call_back.yaml", Topic),
        ("assistant.yaml", AssistantFile),
        ("words.yaml", Words),
    ],
)
def test_no_word_of_the_schema_s_library_reaches_an_editor(
    name: str, model: type[Part]
) -> None:
    """Each value of some files, with each other shape in its place."""
    problems: list[Problem] = []
    file = YamlFile(TOY / "knowledge" / name, TOY, problems)
    for where in _places(file.data):
        for shape in SHAPES:
            loader._validated(model, file, _swapped(file.data, where, shape))
    assert len(problems) > len(SHAPES)
    assert [p for p in problems if LIBRARY.search(p.message)] == []
    assert all(FORM.search(p.message) for p in problems)


# --- refusing to start


def test_a_broken_book_is_refused_with_the_same_report(copy: Copy) -> None:
    for what in ("a wrong key", "a missing template", "a phrase under two topics"):
        FAULTS[what][0](copy)
    said = copy.problems()
    assert len(said) >= 3
    with pytest.raises(KnowledgeError) as refused:
        open_assistant(top=copy.top)
    assert str(refused.value).splitlines() == sorted(said)


def test_a_kept_book_does_not_hide_what_was_broken_since(
    copy: Copy, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    open_assistant(top=copy.top, cache=cache)
    _a_wrong_key(copy)
    with pytest.raises(KnowledgeError, match="lable"):
        open_assistant(top=copy.top, cache=cache)


def test_a_kept_book_does_not_hide_a_template_that_is_gone(
    copy: Copy, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    open_assistant(top=copy.top, cache=cache)
    copy.remove("templates/en/call_back/over.md.j2")
    with pytest.raises(KnowledgeError, match=r"no template .*over\.md\.j2"):
        open_assistant(top=copy.top, cache=cache)


def test_a_kept_book_is_the_same_book(tmp_path: Path, toy_book: KnowledgeBase) -> None:
    first = open_assistant(top=TOY, cache=tmp_path / "cache")
    again = open_assistant(top=TOY, cache=tmp_path / "cache")
    # Talking needs the labels of the phrases only.
    talking = replace(toy_book, phrases=dict.fromkeys(toy_book.phrases, ()))
    for kb in (first.kb, again.kb):
        assert held(kb) == held(talking)
    text = "get a heron parcel back"
    assert first.nlu.parse(text).verdict == again.nlu.parse(text).verdict


@pytest.mark.parametrize("ending", ["npz", "npy"])
@pytest.mark.parametrize("left", [b"", b"PK\x03\x04 torn", b"\x00" * 400])
def test_a_kept_file_that_is_torn_is_told_and_done_without(
    tmp_path: Path, left: bytes, ending: str, caplog: pytest.LogCaptureFixture
) -> None:
    cache = tmp_path / "cache"
    open_assistant(top=TOY, cache=cache)
    for kept in cache.glob(f"*.{ending}"):
        kept.write_bytes(left)
    assert not caplog.records
    assert open_assistant(top=TOY, cache=cache).ask("hello").topic == "hails"
    assert "is torn. Another is trained" in caplog.text


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert open_assistant(top=TOY, cache=blocked).ask("hello").topic == "hails"


# --- folders


def test_a_folder_without_knowledge_says_so(tmp_path: Path) -> None:
    assert [str(p) for p in loader.read(tmp_path)[1]] == [
        "knowledge:1: there is no such folder"
    ]


@pytest.mark.parametrize("missing", ["slots", "words", "claims", "sources"])
def test_a_missing_file_is_told(copy: Copy, missing: str) -> None:
    copy.remove(f"knowledge/{missing}.yaml")
    assert any(f"knowledge/{missing}.yaml:1: " in said for said in copy.problems())


@pytest.mark.parametrize("folder", ["platforms", "topics", "phrases"])
def test_an_empty_folder_is_told(copy: Copy, folder: str) -> None:
    for path in sorted((copy.top / "knowledge" / folder).rglob("*.*")):
        path.unlink()
    assert f"knowledge/{folder}:1: there is no file in it" in copy.problems()


# --- what YAML would make of it


def test_every_scalar_is_text_until_the_schema_says_otherwise(copy: Copy) -> None:
    new = "    guide: {value: no, says: 1.10, numbers: [1], section: 007}"
    copy.swap(
        HERON,
        '    guide: {value: "no", says: Heron Air never turns round., '
        "numbers: [1, 2], section: Flying carriers}",
        new,
    )
    kb = loader.load(copy.top)
    guide = kb.platforms["heron"].claims["turning"].guide
    assert guide
    assert (guide.value, guide.says, guide.section) == ("no", "1.10", "007")


def test_comments_and_blank_lines_are_no_phrases(
    toy_book: KnowledgeBase, copy: Copy
) -> None:
    copy.add(PHRASES, "\n# a comment\n   \n#1 parcel of my life is lost\n")
    kept = loader.load(copy.top).phrases["call_back"]
    assert kept == (*toy_book.phrases["call_back"], "#1 parcel of my life is lost")


def test_a_file_that_repeats_itself_without_end_is_told(copy: Copy) -> None:
    copy.write("knowledge/topics/bows.yaml", "about: &a [*a]\n")
    assert any("knowledge/topics/bows.yaml" in said for said in copy.problems())


def test_a_file_whose_aliases_multiply_is_told(copy: Copy) -> None:
    """Ten lines that would be a thousand million values."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    copy.write("knowledge/topics/bows.yaml", "\n".join(lines))
    assert any("its aliases make more than" in said for said in copy.problems())


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 100_000, "{a: " * 100_000])
def test_a_file_that_nests_without_end_is_told(copy: Copy, text: str) -> None:
    copy.write("knowledge/topics/bows.yaml", f"about: {text}")
    assert any("knowledge/topics/bows.yaml" in said for said in copy.problems())

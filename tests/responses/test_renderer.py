from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.actions import Scene, arrive
from bot.dialogue.events import Said
from bot.dialogue.session import Session
from bot.dialogue.turn import Corrected, Trace
from bot.folders import root
from bot.knowledge import templates_there, time_limits
from bot.knowledge.model import UNSURE, Edition
from bot.responses import outcome_text
from bot.responses.renderer import _NOTICES, Renderer
from bot.responses.reply import Reply
from bot.responses.template_files import TemplateFault
from tests.support.books import TOY, real_book, real_bot, toy_book, toy_bot
from tests.support.copies import Copy
from tests.support.markup import text_of

NOW = datetime(2026, 5, 10, 12, 0, tzinfo=UTC)
STEPS = "templates/en/call_back/steps.md.j2"


def ago(**span: float) -> str:
    return time_limits.instant(NOW - timedelta(**span))


def reply(
    topic: str, edition: Edition = "checked", top: Path = TOY, **known: str
) -> Reply:
    return reached(topic, known, edition, top)


def reached(
    topic: str, known: dict[str, str], edition: Edition = "checked", top: Path = TOY
) -> Reply:
    kb = replace(toy_book(), edition=edition)
    turn = arrive(Scene(kb, Session(), NOW), topic, known, Trace(None, None))
    return Renderer(kb, top).reply(turn, NOW)


def parts(found: Reply) -> tuple[str, str]:
    """What is seen, and what is folded under it."""
    above, _, folded = found.html.partition("<blockquote expandable>")
    return text_of(above), text_of(folded.removesuffix("</blockquote>"))


# --- who leads


def test_the_checked_side_leads_and_the_guide_stands_in_the_note() -> None:
    seen, note = parts(reply("call_back", carrier="heron", aspect="label"))
    assert "Heron Air turns a parcel round on request." in seen
    assert "never turns round" not in seen
    assert "Guide, differs, 1 2, Flying carriers: Heron Air never turns round." in note


def test_in_the_guides_edition_the_guide_leads_and_the_check_stands_in_the_note() -> (
    None
):
    seen, note = parts(reply("call_back", "guide", carrier="heron", aspect="label"))
    assert "Heron Air never turns round." in seen
    assert "on request" not in seen
    assert "Check, differs, " in note
    assert "Heron Air turns a parcel round on request." in note


@pytest.mark.parametrize("edition", ["checked", "guide"])
def test_a_check_of_low_sureness_leaves_the_lead_to_the_guide(edition: Edition) -> None:
    seen, note = parts(reply("call_back", edition, carrier="snail", aspect="label"))
    assert "A snail can be overtaken on foot." in seen
    assert "Check, unconfirmed, " in note
    assert "A snail is said to go only forward." in note


@pytest.mark.parametrize("edition", ["checked", "guide"])
def test_where_there_is_one_side_it_leads(edition: Edition) -> None:
    seen, note = parts(reply("gossip", edition, carrier="mole"))
    assert "Nothing shows above ground." in seen
    assert "Guide" not in note
    assert "Check," not in note


def test_a_claim_that_holds_is_not_said_twice() -> None:
    seen, note = parts(reply("closing_time", carrier="heron"))
    assert "That works for half an hour." in seen
    assert "There is half an hour." not in note
    _, note = parts(reply("closing_time", "guide", carrier="heron"))
    assert "That works for half an hour." in note


# --- the note and the sources


def test_the_note_says_where_it_comes_from_when_and_how_sure() -> None:
    _, note = parts(reply("call_back", carrier="heron", aspect="label"))
    assert "Checked 2026-05-01, high: The leaflet; Asked at the counter" in note


def test_an_address_is_a_link_and_escaped() -> None:
    found = reply("call_back", carrier="heron", aspect="label")
    assert 'href="https://carriers.example/leaflet?a=1&amp;b=2"' in found.html


def test_sources_are_those_of_the_claims_that_were_stated() -> None:
    found = reply("call_back", carrier="heron", aspect="label")
    assert [(c.claim, c.checked, c.sureness, c.verdict) for c in found.sources] == [
        ("heron.turning", "2026-05-01", "high", "differs")
    ]
    assert "The leaflet" in found.sources[0].source


def test_a_claim_of_the_topic_itself_has_no_platform_in_its_name() -> None:
    assert [c.claim for c in reply("call_back", carrier=UNSURE).sources] == ["roadside"]


def test_a_claim_of_the_guide_alone_names_its_section_and_no_check() -> None:
    found = reply("closing_time", carrier="snail")
    (cited,) = found.sources
    assert cited.claim == "snail.deadline"
    assert "Crawling carriers" in cited.source
    assert (cited.checked, cited.sureness, cited.verdict) == (None, None, None)


def test_reading_a_value_is_no_citation_and_stating_a_limit_is() -> None:
    claims = [c.claim for c in reply("closing_time", carrier="heron").sources]
    assert claims == ["heron.deadline"]
    over = reply("call_back", carrier="heron", seal="whole", left_at=ago(hours=2))
    assert [c.claim for c in over.sources] == ["heron.deadline"]


def test_talk_has_no_sources_and_no_note() -> None:
    found = reply("bows")
    assert found.sources == ()
    assert "blockquote" not in found.html


# --- comparisons

ROWS = """**Rows.**

{% for row in every("turning", "deadline") %}
- {{ row }}: {{ row.turning }}, {{ row.limit or "no limit" }}{{ ", not sure" if row.low }}
{% endfor %}
{% include "_note.md.j2" %}
"""


def rows(tmp_path: Path, edition: Edition = "checked", text: str = ROWS) -> Reply:
    copy = Copy(tmp_path)
    copy.write("templates/en/gossip/anywhere.md.j2", text)
    return reply("gossip", edition, top=copy.top, carrier=UNSURE)


def test_a_row_counts_the_check_even_where_the_guide_leads_and_says_so(
    tmp_path: Path,
) -> None:
    seen, note = parts(rows(tmp_path))
    assert "Snail: no, 2 days, not sure" in seen
    assert "Heron Air: everyone, 30 minutes\n" in seen
    assert "Guide, unconfirmed, 4, Crawling carriers: A snail can be over" in note


def test_a_row_counts_the_guide_in_its_edition(tmp_path: Path) -> None:
    seen, note = parts(rows(tmp_path, "guide"))
    assert "Snail: everyone, 2 days" in seen
    assert "Heron Air: no, 30 minutes" in seen
    assert "A snail is said to go only forward." in note


def test_each_row_that_is_printed_cites_its_own_claims_and_no_other_does(
    tmp_path: Path,
) -> None:
    cited = [c.claim for c in rows(tmp_path).sources]
    assert {"heron.turning", "heron.deadline", "snail.turning"} <= set(cited)
    assert {"ferry.crate.turning", "ferry.card.turning"} <= set(cited)
    assert len(cited) == len(set(cited))
    only = ROWS.replace("{{ row }}", '{{ row if row.stem == "snail" else "no" }}')
    cited = [c.claim for c in rows(tmp_path / "only", text=only).sources]
    assert cited == ["snail.turning", "snail.deadline"]


def test_a_cell_is_a_claim_as_a_table_counts_it(tmp_path: Path) -> None:
    copy = Copy(tmp_path)
    label = "templates/en/call_back/label.md.j2"
    cell = "claims.turning.cell"
    copy.swap(
        label, '{{ claims.turning or "" }}', f"{{{{ {cell}.value }}}}: {{{{ {cell} }}}}"
    )
    seen, note = parts(
        reply("call_back", top=copy.top, carrier="snail", aspect="label")
    )
    assert "no: A snail is said to go only forward." in seen
    assert "A snail can be overtaken on foot." in note


# --- what is said


def test_steps_are_numbered_and_keep_their_strong_words() -> None:
    found = reply("call_back", carrier="heron", seal="whole")
    assert "1. Whistle twice.\n2. Wait on the roof." in found.text
    assert "1. Whistle <b>twice</b>." in found.html


def test_the_finer_question_stands_before_the_note() -> None:
    seen, note = parts(reply("closing_time", carrier="heron"))
    assert seen.rstrip().endswith("When did it leave?")
    assert "When did it leave?" not in note


def test_slots_leave_out_what_is_not_sure_and_tell_the_age() -> None:
    found = reply("call_back", carrier="heron", seal=UNSURE, left_at=ago(minutes=20))
    assert found.slots == {"carrier": "heron", "left_at": "PT20M"}


def test_only_what_the_clock_leaves_alone_is_remembered() -> None:
    """Moments never end: each would be kept, and none met again."""
    renderer = Renderer(toy_book(), TOY)
    for minutes in range(20):
        for known in ({}, {"left_at": ago(minutes=minutes)}):
            scene = Scene(toy_book(), Session(), NOW)
            turn = arrive(
                scene, "closing_time", {"carrier": "heron", **known}, Trace(None, None)
            )
            renderer.reply(turn, NOW + timedelta(minutes=minutes))
    assert renderer._remembered.cache_info()[:2] == (19, 1)


def test_of_comparisons_only_those_of_two_are_remembered() -> None:
    """Of the others there are more than anybody asks for, and each is long."""
    bot = replace(real_bot(), renderer=Renderer(real_book(), root()))
    for names in ("whatsapp and signal", "whatsapp, signal and telegram"):
        assert bot.ask(f"compare {names}").topic == "compare"
    assert bot.renderer._remembered.cache_info().currsize == 1


@pytest.mark.parametrize(
    ("topic", "known", "decision", "said"),
    [
        ("call_back", {}, "ask", "call_back"),
        ("call_back", {"carrier": "mole"}, "answer", "call_back"),
        ("bows", {}, "answer", "bows"),
        ("elsewhere", {}, "decline", "elsewhere"),
    ],
)
def test_the_decision_tells_what_kind_of_reply_it_is(
    topic: str, known: dict[str, str], decision: str, said: str
) -> None:
    found = reached(topic, known)
    assert (found.decision, found.topic) == (decision, said)


def test_the_reply_object_has_the_keys_of_the_interface_and_no_other() -> None:
    found = reply("call_back", carrier="heron", aspect="label").as_json()
    assert list(found) == [
        "decision", "topic", "slots", "about", "confidence", "suggestions", "text",
        "html", "buttons", "sources",
    ]  # fmt: skip
    assert list(found["buttons"][0]) == ["label", "value"]
    assert list(found["sources"][0]) == [
        "claim",
        "source",
        "checked",
        "sureness",
        "verdict",
    ]


@given(st.text(max_size=12), st.text(max_size=12))
def test_a_persons_words_in_a_notice_are_never_markup(one: str, other: str) -> None:
    """They stand there as they were typed."""
    said = f"**{one}** [x](http://a.example) `{other}`\n> <b>{one}</b> &amp;"
    turn = toy_bot().turn(Session(), Said("1", "get a mole post parcel back", NOW))
    notice = Corrected(((said, "parcel"),))
    noticed = Renderer(toy_book(), TOY).reply(turn._replace(notices=(notice,)), NOW)
    assert said in text_of(noticed.html)
    assert said in noticed.text


# --- templates that cannot be filled


def broken(tmp_path: Path, old: str, new: str) -> tuple[Path, int]:
    copy = Copy(tmp_path)
    return copy.top, copy.swap(STEPS, old, new)


@pytest.mark.parametrize(
    ("new", "says"),
    [
        ("**{{ nothing }}", "nothing"),
        ("**{{ claims.roadside }}", "roadside"),
        ("**{{ known.mood }}", "mood"),
        ("**{{ topic.nmae }}", "nmae"),
        ("**{{ clock().lef }}", "lef"),
        ("**{{ claims.past_seal.value }}", "past_seal"),
    ],
)
def test_an_undefined_name_is_a_fault_that_names_template_and_line(
    tmp_path: Path, new: str, says: str
) -> None:
    top, line = broken(tmp_path, "**Yes", new)
    with pytest.raises(TemplateFault) as fault:
        reply("call_back", top=top, carrier="mole")
    assert fault.value.place == (STEPS, line)
    assert says in str(fault.value)


def test_a_fault_in_the_frame_names_the_frame(tmp_path: Path) -> None:
    copy = Copy(tmp_path)
    line = copy.swap("templates/en/_answer.md.j2", "{{ finer }}", "{{ finner }}")
    with pytest.raises(TemplateFault) as fault:
        reply("closing_time", top=copy.top, carrier="heron")
    assert fault.value.place == ("templates/en/_answer.md.j2", line)


def test_a_template_that_is_not_jinja_is_a_fault_that_names_it(tmp_path: Path) -> None:
    top, line = broken(tmp_path, "{% if claims.signals %}", "{% if claims.signals ? %}")
    with pytest.raises(TemplateFault) as fault:
        reply("call_back", top=top, carrier="mole")
    assert fault.value.place == (STEPS, line)


def test_a_template_that_is_gone_is_a_fault_that_names_it(tmp_path: Path) -> None:
    copy = Copy(tmp_path)
    copy.remove(STEPS)
    with pytest.raises(TemplateFault, match="call_back/steps"):
        reply("call_back", top=copy.top, carrier="mole")


def test_a_claim_that_is_not_there_is_never_printed_as_none(tmp_path: Path) -> None:
    top, line = broken(tmp_path, '{{ claims.marks or "" }}', "{{ claims.marks }}")
    with pytest.raises(TemplateFault) as fault:
        reply("call_back", top=top, carrier="snail")
    assert fault.value.place == (STEPS, line)


def test_every_template_that_is_filled_by_name_is_looked_for_when_a_book_is_read() -> (
    None
):
    room = Path(outcome_text.__file__).parent
    code = "\n".join(path.read_text("utf-8") for path in room.glob("*.py"))
    named = {*re.findall(r'"(_\w+)\.md\.j2"', code)}
    notices = {f"_notices/{name}" for name in _NOTICES.values()}
    assert {*templates_there.SHARED} == named | notices


def test_a_slip_without_a_draft_needs_no_words_for_its_gap() -> None:
    """The toy book has no drafts, and no folder `_put_right`."""
    said = toy_bot().ask("I wrote 4 May instead of 14 May on my parcel", NOW)
    assert said.text

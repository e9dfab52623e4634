"""Every way through every topic of the real book, in both editions; none is left to chance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue import callback_data
from bot.dialogue.actions import Scene, arrive
from bot.dialogue.events import Pressed
from bot.dialogue.manager import take_turn
from bot.dialogue.session import Session
from bot.dialogue.tree import Answer, Question
from bot.dialogue.turn import Fallback, Turn
from bot.knowledge import loader, nodes, time_limits
from bot.knowledge.model import (
    UNSURE,
    Checked,
    Claim,
    Edition,
    Guide,
    KnowledgeBase,
)
from bot.responses.markup import Message, Note, to_plain
from bot.responses.renderer import Renderer
from bot.responses.reply import Reply
from tests.book.conftest import CHECKED
from tests.support.books import real_book, real_bot, toy_bot
from tests.support.markup import text_of, units
from tests.support.walks import BY_HAND, NOW, Walk, Way, edited, walk

PHONE = 700
"""Characters before the fold that a phone shows."""
MOMENTS = [
    (timedelta(seconds=50), timedelta(0)),
    (timedelta(hours=6), timedelta(hours=6)),
    (timedelta(days=400), timedelta(0)),
]
"""How long ago it went out, and by how much that may be off."""

TOPICS = sorted(real_book().topics)

of_every_topic = pytest.mark.parametrize("topic", TOPICS)


def test_every_way_ends_in_an_answer_that_says_something(walked: Walk) -> None:
    found = walked.ways
    assert [way for way in found if isinstance(way.turn.outcome, Answer)]
    for way in found:
        assert isinstance(way.turn.outcome, Answer | Question), way.told
        assert len(way.reply.text.split()) > 2, way.told


@of_every_topic
def test_whoever_is_not_sure_of_a_fact_is_answered_too(topic: str) -> None:
    kb = edited("checked")
    renderer = Renderer(kb, loader.root())
    for slot in sorted(kb.uses(topic) & kb.slots.keys()):
        for more in ({}, {"platform": "linkedin", "kind": "inmail"}):
            known = {**more, slot: UNSURE}
            turn = arrive(Scene(kb, Session(), NOW), topic, known, BY_HAND)
            reply = renderer.reply(turn, NOW)
            assert len(reply.text.split()) > 2, known


def test_every_reply_is_html_that_is_sound_and_fits_a_message(walked: Walk) -> None:
    for way in walked.ways:
        shown = text_of(way.reply.html)
        assert max(units(way.reply.text), units(shown)) <= 4096, way.told


def test_every_button_fits_is_read_again_and_has_a_label(walked: Walk) -> None:
    kb = walked.kb
    for turn in walked.turns:
        labels = [b.label for b in turn.buttons]
        assert len(labels) == len(set(labels)), (turn.slots, labels)
        for b in turn.buttons:
            assert b.label.strip()
            assert len(b.value.encode()) <= callback_data.LIMIT, b
            assert callback_data.decode(kb, b.value) is not None, b


def told_everything(kb: KnowledgeBase) -> list[dict[str, str]]:
    """For each service all that may last of a conversation, at its longest."""
    found = []
    for stem, platform in kb.platforms.items():
        facts = {"platform": stem}
        if platform.kinds:
            facts["kind"] = max(platform.kinds, key=len)
        for name, slot in kb.slots.items():
            if isinstance(slot.values, dict) and not slot.view:
                facts[name] = max(slot.values, key=len)
        found.append(facts | {"sent": time_limits.instant(NOW)})
    return found


@cache
def by_button() -> dict[str, Turn]:
    """Every button that can be come by from there, and where it leads."""
    kb = real_book()
    longest = sorted(
        told_everything(kb), key=lambda facts: -sum(map(len, facts.values()))
    )
    waiting = {
        callback_data.encode(kb, topic, facts)
        for topic in TOPICS
        for facts in longest[:3]
    }
    found: dict[str, Turn] = {}
    while waiting:
        value = waiting.pop()
        place = callback_data.decode(kb, value)
        assert place is not None, value
        found[value] = turn = arrive(Scene(kb, Session(), NOW), *place, BY_HAND)
        waiting |= {b.value for b in turn.buttons} - found.keys()
    return found


@pytest.mark.slow
def test_every_button_fits_when_everything_is_known() -> None:
    """A conversation gathers facts that a topic never asks for, and then goes on."""
    found = by_button()
    assert len(found) > 500
    long = {value for value in found if len(value.encode()) > callback_data.LIMIT}
    assert not long


@pytest.mark.slow
def test_every_choice_leads_somewhere_else() -> None:
    """A fact that its button has no room for would bring the same question again."""
    for value, turn in by_button().items():
        values = [b.value for b in turn.buttons]
        assert len(values) == len(set(values)), (value, turn.buttons)
        assert value not in values, turn.buttons


@pytest.mark.slow
def test_wherever_buttons_lead_there_is_a_reply() -> None:
    renderer = Renderer(real_book(), loader.root())
    for value, turn in by_button().items():
        reply = renderer.reply(turn, NOW)
        assert max(units(reply.text), units(text_of(reply.html))) <= 4096, value
        assert len(reply.text.split()) > 2, value


def test_every_answer_leads_on(walked: Walk) -> None:
    for turn in walked.turns:
        assert turn.buttons, turn.slots


def seen(reply: Reply) -> str:
    """What stands before the folded note."""
    blocks = tuple(b for b in reply.message.blocks if not isinstance(b, Note))
    return to_plain(Message(blocks))


TABLES = {"platforms", "compare", "time_limit", "sources", "service", "faq"}
"""Topics that list all services, where a length for one of them means nothing."""


def test_what_is_seen_of_an_answer_about_a_service_fits_a_phone(walked: Walk) -> None:
    long = {
        f"{way.told}: {len(seen(way.reply))}"
        for way in walked.ways
        if walked.topic not in TABLES and len(seen(way.reply)) > PHONE
    }
    assert not long


def test_every_answer_leads_with_its_verdict_in_bold(walked: Walk) -> None:
    for way in walked.ways:
        if isinstance(way.turn.outcome, Answer):
            assert way.reply.html.startswith("<b>"), (way.told, way.reply.text[:80])


def test_no_template_or_value_shows_through(walked: Walk) -> None:
    for way in walked.ways:
        for trace in ("{{", "{%", "None", "Undefined", "**", "PT", "[]", "()"):
            assert trace not in way.reply.text, (trace, way.told)
        for line in way.reply.text.splitlines():
            assert "  " not in line, (line, way.told)


def test_an_answer_has_a_note_exactly_where_it_states_a_claim(walked: Walk) -> None:
    for way in walked.ways:
        has_note = any(isinstance(b, Note) for b in way.reply.message.blocks)
        assert bool(way.reply.sources) == has_note, way.told


def test_what_leads_is_the_edition_s_side(walked: Walk) -> None:
    """And the other side, where it differs, stands in the note."""
    edition = walked.kb.edition
    for way in walked.ways:
        if not isinstance(way.turn.outcome, Answer):
            continue
        above = seen(way.reply)
        for _, claim in stated(walked.kb, way):
            lead, other = claim.lead(edition), claim.checked
            if other is lead or not (claim.checked and claim.guide):
                continue
            assert isinstance(lead, Guide)
            if other and other.says and other.says != lead.says:
                assert other.says not in above, way.told


def stated(kb: KnowledgeBase, way: Way) -> Iterator[tuple[str, Claim]]:
    """The claims that a reply cites, with the key of each."""
    topic = way.turn.outcome.topic if isinstance(way.turn.outcome, Answer) else ""
    for cited in way.reply.sources:
        match cited.claim.split("."):
            case [name]:
                yield name, kb.claims(topic, way.turn.slots)[name]
            case [stem, name]:
                yield name, kb.platforms[stem].claims[name]
            case [stem, kind, name]:
                yield name, kb.platforms[stem].kinds[kind].claims[name]


# --- the guide


def homed(kb: KnowledgeBase) -> dict[int, int]:
    """How many claims name each number of the guide."""
    claims = [claim for claim in every_claim(kb) if claim.guide]
    numbers = [n for claim in claims if claim.guide for n in claim.guide.numbers]
    return {number: numbers.count(number) for number in range(1, 66)}


def test_every_claim_of_the_guide_has_a_home(kb: KnowledgeBase) -> None:
    assert [n for n, homes in homed(kb).items() if not homes] == []


@pytest.mark.slow
def test_every_claim_of_the_guide_is_said_in_some_answer() -> None:
    """A home that no answer opens would be no home; a list of all services is none."""
    unsaid = set(range(1, 66))
    for edition in get_args(Edition):
        for topic in sorted(set(TOPICS) - {"compare"}):
            if not unsaid:
                return
            found = walk(topic, edition)
            for way in found.ways:
                if isinstance(way.turn.outcome, Answer):
                    for _, claim in stated(found.kb, way):
                        unsaid -= set(claim.guide.numbers if claim.guide else ())
    assert not unsaid


def test_every_claim_has_sources_that_are_there(kb: KnowledgeBase) -> None:
    named: set[str] = set()
    for claim in every_claim(kb):
        if claim.checked:
            assert set(claim.checked.source) <= kb.sources.keys()
            named |= set(claim.checked.source)
    assert named == set(kb.sources), "a source that no claim names"


def every_claim(kb: KnowledgeBase) -> Iterator[Claim]:
    return (claim for _, _, _, claim in nodes.all_claims(kb))


def test_claims_are_sentences_in_the_voice_of_the_project(kb: KnowledgeBase) -> None:
    for claim in every_claim(kb):
        for side in (claim.checked, claim.guide):
            if not isinstance(side, Checked | Guide) or not side.says:
                continue
            assert side.says[0].isupper() or not side.says[0].isalpha(), side.says
            assert side.says.rstrip().endswith((".", "?", ".)", ".”")), side.says
            assert "!" not in side.says
            assert "nfortunately" not in side.says


# --- pressing on


@given(st.sampled_from(TOPICS), st.lists(st.integers(0, 20), max_size=12))
def test_wherever_buttons_lead_each_of_them_fits_and_is_understood(
    topic: str, presses: list[int]
) -> None:
    kb = real_book()
    nlu = toy_bot().nlu
    turn = arrive(Scene(kb, Session(), NOW), topic, {}, BY_HAND)
    for press in presses:
        if not turn.buttons:
            break
        pressed = turn.buttons[press % len(turn.buttons)]
        turn = take_turn(kb, nlu, turn.session, Pressed("1", pressed.value, NOW), NOW)
        assert not isinstance(turn.outcome, Fallback), pressed
        for b in turn.buttons:
            assert len(b.value.encode()) <= callback_data.LIMIT, b
            assert callback_data.decode(kb, b.value) is not None, b


def test_the_services_of_the_guide_are_there(kb: KnowledgeBase) -> None:
    named = {"linkedin", "facebook", "twitter", "instagram", "whatsapp", "other"}
    assert named <= kb.platforms.keys()
    assert set(kb.platforms["linkedin"].kinds) == {"message", "inmail"}


@pytest.mark.slow
@pytest.mark.parametrize("walked", CHECKED, indirect=True)
def test_every_answer_can_be_given_where_the_moment_is_known_too(walked: Walk) -> None:
    """Also where its tree does not look at the clock: templates may."""
    renderer = real_bot().renderer
    for ago, slack in MOMENTS:
        sent = time_limits.instant(NOW - ago, slack)
        for way in walked.ways:
            known = {"sent": sent, **way.known}
            turn = arrive(
                Scene(walked.kb, Session(), NOW), walked.topic, known, BY_HAND
            )
            assert "None" not in renderer.reply(turn, NOW).text, known

"""Every way through every topic of the real book, in both editions; nothing sampled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue import branching, callback_data, reachable, tree
from bot.dialogue.actions import Scene, arrive
from bot.dialogue.events import Pressed
from bot.dialogue.manager import take_turn
from bot.dialogue.session import Session
from bot.dialogue.tree import Answer, Question
from bot.dialogue.turn import Fallback, Trace, Turn
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
from tests.support.books import real_book, real_bot, toy_bot
from tests.support.markup import text_of, units

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PHONE = 700
"""Characters before the fold that a phone shows."""

EDITIONS = get_args(Edition)
TOPICS = sorted(real_book().topics)


@dataclass(frozen=True)
class Way:
    """What is known, and what it leads to."""

    known: dict[str, str]
    turn: Turn
    reply: Reply

    @property
    def told(self) -> str:
        return " ".join(f"{k}={v}" for k, v in self.known.items())


@cache
def edited(edition: Edition) -> KnowledgeBase:
    return replace(real_book(), edition=edition)


_BY_HAND = Trace(None, None)


@cache
def ways(topic: str, edition: Edition) -> tuple[Way, ...]:
    """Every answer of a topic, and the questions on the way there."""
    kb = edited(edition)
    renderer = Renderer(kb, loader.root())
    found = []
    for known in [*asked(kb, topic, {}), *reachable.states(kb, topic, NOW)]:
        turn = arrive(Scene(kb, Session(), NOW), topic, known, _BY_HAND)
        found.append(Way(known, turn, renderer.reply(turn, NOW)))
    return tuple(found)


def asked(
    kb: KnowledgeBase, topic: str, known: dict[str, str]
) -> Iterator[dict[str, str]]:
    """The states in which a question is open."""
    found = tree.walk(kb, topic, known, NOW)
    if isinstance(found, Question):
        yield known
        for answer in [*kb.choices(found.slot, known), UNSURE]:
            fact = answer
            if found.slot == "sent" and answer != UNSURE:
                fact = branching.sent_at(kb, answer, NOW)
            yield from asked(kb, topic, {**known, found.slot: fact})


every = pytest.mark.parametrize(
    "edition",
    ["checked", pytest.param("guide", marks=pytest.mark.slow)],
)
of_every_topic = pytest.mark.parametrize("topic", TOPICS)


@every
@of_every_topic
def test_every_way_ends_in_an_answer_that_says_something(
    topic: str, edition: Edition
) -> None:
    found = ways(topic, edition)
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
            turn = arrive(Scene(kb, Session(), NOW), topic, known, _BY_HAND)
            reply = renderer.reply(turn, NOW)
            assert len(reply.text.split()) > 2, known


@every
@of_every_topic
def test_every_reply_is_html_that_is_sound_and_fits_a_message(
    topic: str, edition: Edition
) -> None:
    for way in ways(topic, edition):
        shown = text_of(way.reply.html)
        assert max(units(way.reply.text), units(shown)) <= 4096, way.told


@every
@of_every_topic
def test_every_button_fits_is_read_again_and_has_a_label(
    topic: str, edition: Edition
) -> None:
    kb = edited(edition)
    for way in ways(topic, edition):
        labels = [b.label for b in way.reply.message.buttons]
        assert len(labels) == len(set(labels)), (way.told, labels)
        for b in way.reply.message.buttons:
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
    values = [
        callback_data.encode(kb, topic, facts)
        for topic in TOPICS
        for facts in longest[:3]
    ]
    found: dict[str, Turn] = {}
    while values:
        value = values.pop()
        place = callback_data.decode(kb, value)
        assert place is not None, value
        found[value] = turn = arrive(Scene(kb, Session(), NOW), *place, _BY_HAND)
        values += {b.value for b in turn.buttons} - found.keys() - set(values)
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


@every
@of_every_topic
def test_every_answer_leads_on(topic: str, edition: Edition) -> None:
    for way in ways(topic, edition):
        assert way.reply.message.buttons, way.told


def seen(reply: Reply) -> str:
    """What stands before the folded note."""
    blocks = tuple(b for b in reply.message.blocks if not isinstance(b, Note))
    return to_plain(Message(blocks))


TABLES = {"platforms", "compare", "time_limit", "sources", "service", "faq"}
"""Topics that list all services, where a length for one of them means nothing."""


@every
@pytest.mark.parametrize("topic", sorted(set(TOPICS) - TABLES))
def test_what_is_seen_of_an_answer_about_a_service_fits_a_phone(
    topic: str, edition: Edition
) -> None:
    long = {
        f"{way.told}: {len(seen(way.reply))}"
        for way in ways(topic, edition)
        if len(seen(way.reply)) > PHONE
    }
    assert not long


@every
@of_every_topic
def test_every_answer_leads_with_its_verdict_in_bold(
    topic: str, edition: Edition
) -> None:
    for way in ways(topic, edition):
        if isinstance(way.turn.outcome, Answer):
            assert way.reply.html.startswith("<b>"), (way.told, way.reply.text[:80])


@every
@of_every_topic
def test_no_template_or_value_shows_through(topic: str, edition: Edition) -> None:
    for way in ways(topic, edition):
        for trace in ("{{", "{%", "None", "Undefined", "**", "PT", "[]", "()"):
            assert trace not in way.reply.text, (trace, way.told)
        for line in way.reply.text.splitlines():
            assert "  " not in line, (line, way.told)


@every
@of_every_topic
def test_an_answer_has_a_note_exactly_where_it_states_a_claim(
    topic: str, edition: Edition
) -> None:
    for way in ways(topic, edition):
        has_note = any(isinstance(b, Note) for b in way.reply.message.blocks)
        assert bool(way.reply.sources) == has_note, way.told


@every
@of_every_topic
def test_what_leads_is_the_edition_s_side(topic: str, edition: Edition) -> None:
    """And the other side, where it differs, stands in the note."""
    for way in ways(topic, edition):
        if not isinstance(way.turn.outcome, Answer):
            continue
        above = seen(way.reply)
        for _, claim in stated(edited(edition), way):
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


def test_every_claim_of_the_guide_is_said_in_some_answer() -> None:
    """A home that no answer opens would be no home; a list of all services is none."""
    said: set[int] = set()
    for edition in EDITIONS:
        for topic in TOPICS:
            if topic == "compare":
                continue
            for way in ways(topic, edition):
                if isinstance(way.turn.outcome, Answer):
                    for _, claim in stated(edited(edition), way):
                        said |= set(claim.guide.numbers if claim.guide else ())
    assert sorted(set(range(1, 66)) - said) == []


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
    turn = arrive(Scene(kb, Session(), NOW), topic, {}, _BY_HAND)
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
@pytest.mark.parametrize("sent", ["a moment ago", "vaguely today", "long ago"])
def test_every_answer_can_be_given_where_the_moment_is_known_too(sent: str) -> None:
    """Also where its tree does not look at the clock: templates may."""
    moment = {
        "a moment ago": time_limits.instant(NOW - timedelta(seconds=50)),
        "vaguely today": time_limits.instant(
            NOW - timedelta(hours=6), timedelta(hours=6)
        ),
        "long ago": time_limits.instant(NOW - timedelta(days=400)),
    }[sent]
    for topic in real_book().topics:
        for way in ways(topic, "checked"):
            known = {"sent": moment, **way.known}
            turn = arrive(Scene(real_book(), Session(), NOW), topic, known, _BY_HAND)
            text = real_bot().renderer.reply(turn, NOW).text
            assert "None" not in text, (topic, known)

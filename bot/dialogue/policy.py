"""turn(): the one function that every message reaches.

A message that fits the question just asked answers it; a message with slots and no
topic is about the topic at hand; a clear topic starts over with what is still known.
Small talk and what is out of scope are topics like any other, and come back to the
open question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from bot.dialogue import callback_data
from bot.dialogue.actions import about, arrive, aside, miss, offer
from bot.dialogue.buttons import HELP, choices, merged
from bot.dialogue.events import Button, Event, Pressed, Said
from bot.dialogue.notices import CLEAR, noticed, shortened
from bot.dialogue.rules import CORRECTION, FRAGMENT, by_facts, concerned, may_be
from bot.dialogue.session import Session
from bot.dialogue.slot_filling import lasting, of_kind, stated_by, still_known
from bot.dialogue.tree import Answer, Question
from bot.dialogue.turn import Trace, Turn
from bot.knowledge.model import UNSURE, KnowledgeBase
from bot.nlu import ranking, tokenizer
from bot.nlu.engine import NluEngine, Parse

OUT = "out_of_scope"
_OFFERS = 3


def turn(nlu: NluEngine, session: Session, event: Event, now: datetime) -> Turn:
    """One event in a chat: what it leads to, and the session after it."""
    match event:
        case Pressed(value=value):
            return _pressed(nlu.kb, session, value, now)
        case Said(text=text):
            return _said(nlu, session, text, now)


def _pressed(kb: KnowledgeBase, session: Session, value: str, now: datetime) -> Turn:
    """A button says all that was known when it was made, so an old one still holds."""
    read = callback_data.decode(kb, value)
    if read is None:
        return miss(kb, session, None, "a button of another time")
    topic, known = read
    return arrive(kb, session, topic, known, now)


def _said(nlu: NluEngine, session: Session, text: str, now: datetime) -> Turn:
    kb = nlu.kb
    if text.startswith("/"):
        return _commanded(nlu, session, text, now)
    said = tokenizer.tokenize(text)
    if not said:
        return miss(kb, session, None, "no words", empty=True)
    if choice := _typed(session, said):
        return _pressed(kb, session, choice.value, now)
    if tokenizer.line(said) in tokenizer.groups(kb.words.back):
        if session.trail:
            return _back(kb, session, now)
        return miss(kb, session, None, "nothing to go back to", empty=True)
    if session.offered and len(said) == 1 and said[0].isdecimal():
        return miss(kb, session, None, "no button of this number")
    parse = of_kind(nlu, session, text, nlu.parse(text, session.pending))
    if not parse.words:
        return miss(kb, session, parse, "nothing but a quotation", empty=True)
    done = noticed(kb, session, parse, _heard(kb, session, parse, now))
    return shortened(kb, session, done)


def _commanded(nlu: NluEngine, session: Session, text: str, now: datetime) -> Turn:
    """A slash command, with the facts that its words state: "/service slack"."""
    kb = nlu.kb
    name, _, rest = text[1:].strip().partition(" ")
    name = name.partition("@")[0]
    if session.trail and tokenizer.line([name]) in tokenizer.groups(kb.words.back):
        return _back(kb, session, now)
    there = _command(kb, name.casefold())
    if there is None:
        return miss(kb, session, None, "an unknown command")
    topic, aspect = there
    stated = stated_by(kb, Session(), nlu.parse(rest), now)
    known = merged(kb, kb.lasting(session.known), stated)
    known |= {"aspect": aspect} if aspect else {}
    return about(kb, session, topic, known, now, 1.0, Trace(None, "a command"))


def _command(kb: KnowledgeBase, name: str) -> tuple[str, str] | None:
    """The topic and aspect that a slash command leads to."""
    for stem, topic in kb.topics.items():
        if topic.command == name:
            return stem, ""
        if name in topic.commands:
            return stem, topic.commands[name]
    return None


def _typed(session: Session, said: Sequence[str]) -> Button | None:
    """The button of the last message whose label or number these words are."""
    if len(said) == 1 and said[0].isdecimal():
        number = int(said[0][:_DIGITS])
        known = 0 < number <= len(session.offered)
        return session.offered[number - 1] if known else None
    return next((b for b in session.offered if _spoken(b.label) == tuple(said)), None)


_spoken = lru_cache(maxsize=1 << 10)(tokenizer.tokenize)
"""A label's words; it is the book's, so no person's words are remembered."""


def _back(kb: KnowledgeBase, session: Session, now: datetime) -> Turn:
    *trail, place = session.trail
    before = replace(session, trail=tuple(trail), topic=None)
    return about(kb, before, place.topic, place.known, now, 1.0, Trace(None, "back"))


def _heard(kb: KnowledgeBase, session: Session, parse: Parse, now: datetime) -> Turn:
    """The rules of the talk, in their order."""
    label, confidence = _topic_of(parse)
    if len(parse.parts) > 1 and kb.topics[parse.parts[0]].clears:
        # "Forget that. How do I ..." is a question in a new conversation.
        session, label = Session(), parse.parts[1]
    stated = stated_by(kb, session, parse, now)
    name, _, aspect = (label or "").partition("/")
    own = {"aspect": aspect} if aspect else {}
    domain = bool(name) and kb.topics[name].scope == "domain"
    topic, way, sure = by_facts(kb, session, parse, stated, name)
    known = dict(session.known)
    if way == CORRECTION and topic == name:
        known |= own
    if not topic and domain:
        topic, way, sure = name, CLEAR, confidence
        known = still_known(kb, session, stated)
        known |= own or lasting(kb, session, name, stated)
    elif not topic and label:
        known = kb.lasting(session.known) | stated | own
        why = Trace(parse, "a side topic")
        return aside(kb, session, name, known, now, confidence, why)
    elif not topic:
        return _unclear(kb, session, parse, stated, now)
    return _go(kb, session, topic, known, stated, now, sure, Trace(parse, way))


def _go(
    kb: KnowledgeBase,
    session: Session,
    topic: str,
    known: Mapping[str, str],
    stated: Mapping[str, str],
    now: datetime,
    sure: float,
    why: Trace,
) -> Turn:
    """On to a topic with what is known, what was just stated, and how to answer."""
    facts = merged(kb, known, stated)
    if why.parse and why.parse.reading.when.time and "sent" not in stated:
        # What the clock showed then puts right what was known, and tells nothing.
        facts.pop("sent", None)
    views = why.parse.reading.views if why.parse else {}
    wanted = {*kb.topics[topic].listens, session.asked}
    facts |= {k: v for k, v in views.items() if k in wanted}
    done = about(kb, session, topic, facts, now, sure, why)
    match done.outcome:
        case Question(there, slot) as put:
            if slot == session.asked and there != session.topic:
                return _unasked(kb, session, done, put, now)
    return done


def _unasked(
    kb: KnowledgeBase, session: Session, done: Turn, put: Question, now: datetime
) -> Turn:
    """A question that was passed over is not put again: "not sure", with its choices."""
    topic, slot = put.topic, put.slot
    known = {**done.known, slot: UNSURE}
    other = about(kb, session, topic, known, now, done.confidence, done.why)
    if not isinstance(other.outcome, Answer):
        return done
    finer = choices(kb, topic, slot, done.known, now)
    buttons = tuple(dict.fromkeys((*finer, *other.buttons)))
    after = replace(other.session, expects=slot, offered=buttons)
    return other._replace(session=after, buttons=buttons)


def _unclear(
    kb: KnowledgeBase,
    session: Session,
    parse: Parse,
    stated: Mapping[str, str],
    now: datetime,
) -> Turn:
    """No topic is clear: facts may still say enough, else two or three are offered."""

    def go(topic: str, known: Mapping[str, str], way: str, sure: float) -> Turn:
        return _go(kb, session, topic, known, stated, now, sure, Trace(parse, way))

    about = concerned(kb, session, stated)
    spare = len(parse.reading.rest)
    if stated and (spare <= 1 or (spare <= FRAGMENT and may_be(parse, about))):
        return go(about, session.known, "facts on the topic at hand", 0.7)
    if isinstance(parse.verdict, ranking.Ambiguous):
        torn = dict.fromkeys(map(ranking.topic, parse.verdict.labels))
        first = next((part for part in parse.parts if part in torn), None)
        if first and kb.topics[first].scope == "domain":
            kept = still_known(kb, session, stated)
            return go(first, kept, "the first of several", parse.verdict.confidence)
        best, *others = torn
        if others and others[0] in kb.topics[best].akin:
            kept = still_known(kb, session, stated)
            return go(best, kept, "one of two alike", parse.verdict.confidence)
        near = tuple(topic for topic in torn if topic != OUT)[:_OFFERS]
        if len(near) > 1:
            return offer(kb, session, near, stated, parse)
    if stated and session.topic:
        way = "facts on the topic at hand"
        return go(session.topic, session.known, way, 0.5)
    return miss(kb, session, parse, "lost", stated)


_DIGITS = 3
"""A number of more digits is no button's."""


def _topic_of(parse: Parse) -> tuple[str | None, float]:
    match parse.verdict:
        case ranking.Confident(label, confidence):
            return label, confidence
        case verdict:
            return None, verdict.confidence


def search(nlu: NluEngine, text: str, now: datetime) -> list[Turn]:
    """The answers nearest to a text, best first; to no text, those asked most."""
    kb, parse = nlu.kb, nlu.parse(text)
    stated = stated_by(kb, Session(), parse, now)
    if parse.ranked and not isinstance(parse.verdict, ranking.NoMatch):
        names = (r.label.partition("/")[0] for r in parse.ranked)
        near = [t for t in dict.fromkeys(names) if kb.topics[t].scope == "domain"]
    else:
        near = list(kb.topics[HELP].next)
    found = []
    for topic in near[:_SEARCHED]:
        known = dict(stated)
        done = arrive(kb, Session(), topic, known, now)
        while isinstance(done.outcome, Question):
            known[done.outcome.slot] = UNSURE
            done = arrive(kb, Session(), topic, known, now)
        found.append(done)
    return found


_SEARCHED = 6

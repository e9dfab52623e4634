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


def turn(mind: NluEngine, session: Session, event: Event, now: datetime) -> Turn:
    """One event in a chat: what it leads to, and the session after it."""
    match event:
        case Pressed(value=value):
            return _pressed(mind.book, session, value, now)
        case Said(text=text):
            return _said(mind, session, text, now)


def _pressed(book: KnowledgeBase, session: Session, value: str, now: datetime) -> Turn:
    """A button says all that was known when it was made, so an old one still holds."""
    read = callback_data.decode(book, value)
    if read is None:
        return miss(book, session, None, "a button of another time")
    topic, known = read
    return arrive(book, session, topic, known, now)


def _said(mind: NluEngine, session: Session, text: str, now: datetime) -> Turn:
    book = mind.book
    if text.startswith("/"):
        return _commanded(mind, session, text, now)
    said = tokenizer.tokenize(text)
    if not said:
        return miss(book, session, None, "no words", empty=True)
    if choice := _typed(session, said):
        return _pressed(book, session, choice.value, now)
    if tokenizer.line(said) in tokenizer.groups(book.words.back):
        if session.trail:
            return _back(book, session, now)
        return miss(book, session, None, "nothing to go back to", empty=True)
    if session.offered and len(said) == 1 and said[0].isdecimal():
        return miss(book, session, None, "no button of this number")
    heard = of_kind(mind, session, text, mind.parse(text, session.pending))
    if not heard.words:
        return miss(book, session, heard, "nothing but a quotation", empty=True)
    done = noticed(book, session, heard, _heard(book, session, heard, now))
    return shortened(book, session, done)


def _commanded(mind: NluEngine, session: Session, text: str, now: datetime) -> Turn:
    """A slash command, with the facts that its words state: "/service slack"."""
    book = mind.book
    name, _, rest = text[1:].strip().partition(" ")
    name = name.partition("@")[0]
    if session.trail and tokenizer.line([name]) in tokenizer.groups(book.words.back):
        return _back(book, session, now)
    there = _command(book, name.casefold())
    if there is None:
        return miss(book, session, None, "an unknown command")
    topic, aspect = there
    stated = stated_by(book, Session(), mind.parse(rest), now)
    known = merged(book, book.lasting(session.known), stated)
    known |= {"aspect": aspect} if aspect else {}
    return about(book, session, topic, known, now, 1.0, Trace(None, "a command"))


def _command(book: KnowledgeBase, name: str) -> tuple[str, str] | None:
    """The topic and aspect that a slash command leads to."""
    for stem, topic in book.topics.items():
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


def _back(book: KnowledgeBase, session: Session, now: datetime) -> Turn:
    *trail, place = session.trail
    before = replace(session, trail=tuple(trail), topic=None)
    return about(book, before, place.topic, place.known, now, 1.0, Trace(None, "back"))


def _heard(book: KnowledgeBase, session: Session, heard: Parse, now: datetime) -> Turn:
    """The rules of the talk, in their order."""
    label, confidence = _topic_of(heard)
    if len(heard.parts) > 1 and book.topics[heard.parts[0]].clears:
        # "Forget that. How do I ..." is a question in a new conversation.
        session, label = Session(), heard.parts[1]
    stated = stated_by(book, session, heard, now)
    name, _, aspect = (label or "").partition("/")
    own = {"aspect": aspect} if aspect else {}
    domain = bool(name) and book.topics[name].scope == "domain"
    topic, way, sure = by_facts(book, session, heard, stated, name)
    known = dict(session.known)
    if way == CORRECTION and topic == name:
        known |= own
    if not topic and domain:
        topic, way, sure = name, CLEAR, confidence
        known = still_known(book, session, stated)
        known |= own or lasting(book, session, name, stated)
    elif not topic and label:
        known = book.lasting(session.known) | stated | own
        why = Trace(heard, "a side topic")
        return aside(book, session, name, known, now, confidence, why)
    elif not topic:
        return _unclear(book, session, heard, stated, now)
    return _go(book, session, topic, known, stated, now, sure, Trace(heard, way))


def _go(
    book: KnowledgeBase,
    session: Session,
    topic: str,
    known: Mapping[str, str],
    stated: Mapping[str, str],
    now: datetime,
    sure: float,
    why: Trace,
) -> Turn:
    """On to a topic with what is known, what was just stated, and how to answer."""
    facts = merged(book, known, stated)
    if why.heard and why.heard.reading.when.time and "sent" not in stated:
        # What the clock showed then puts right what was known, and tells nothing.
        facts.pop("sent", None)
    views = why.heard.reading.views if why.heard else {}
    wanted = {*book.topics[topic].listens, session.asked}
    facts |= {k: v for k, v in views.items() if k in wanted}
    done = about(book, session, topic, facts, now, sure, why)
    match done.outcome:
        case Question(there, slot) as put:
            if slot == session.asked and there != session.topic:
                return _unasked(book, session, done, put, now)
    return done


def _unasked(
    book: KnowledgeBase, session: Session, done: Turn, put: Question, now: datetime
) -> Turn:
    """A question that was passed over is not put again: "not sure", with its choices."""
    topic, slot = put.topic, put.slot
    known = {**done.known, slot: UNSURE}
    other = about(book, session, topic, known, now, done.confidence, done.why)
    if not isinstance(other.outcome, Answer):
        return done
    finer = choices(book, topic, slot, done.known, now)
    buttons = tuple(dict.fromkeys((*finer, *other.buttons)))
    after = replace(other.session, expects=slot, offered=buttons)
    return other._replace(session=after, buttons=buttons)


def _unclear(
    book: KnowledgeBase,
    session: Session,
    heard: Parse,
    stated: Mapping[str, str],
    now: datetime,
) -> Turn:
    """No topic is clear: facts may still say enough, else two or three are offered."""

    def go(topic: str, known: Mapping[str, str], way: str, sure: float) -> Turn:
        return _go(book, session, topic, known, stated, now, sure, Trace(heard, way))

    about = concerned(book, session, stated)
    spare = len(heard.reading.rest)
    if stated and (spare <= 1 or (spare <= FRAGMENT and may_be(heard, about))):
        return go(about, session.known, "facts on the topic at hand", 0.7)
    if isinstance(heard.verdict, ranking.Ambiguous):
        torn = dict.fromkeys(map(ranking.topic, heard.verdict.labels))
        first = next((part for part in heard.parts if part in torn), None)
        if first and book.topics[first].scope == "domain":
            kept = still_known(book, session, stated)
            return go(first, kept, "the first of several", heard.verdict.confidence)
        best, *others = torn
        if others and others[0] in book.topics[best].akin:
            kept = still_known(book, session, stated)
            return go(best, kept, "one of two alike", heard.verdict.confidence)
        near = tuple(topic for topic in torn if topic != OUT)[:_OFFERS]
        if len(near) > 1:
            return offer(book, session, near, stated, heard)
    if stated and session.topic:
        way = "facts on the topic at hand"
        return go(session.topic, session.known, way, 0.5)
    return miss(book, session, heard, "lost", stated)


_DIGITS = 3
"""A number of more digits is no button's."""


def _topic_of(heard: Parse) -> tuple[str | None, float]:
    match heard.verdict:
        case ranking.Confident(label, confidence):
            return label, confidence
        case verdict:
            return None, verdict.confidence


def search(mind: NluEngine, text: str, now: datetime) -> list[Turn]:
    """The answers nearest to a text, best first; to no text, those asked most."""
    book, heard = mind.book, mind.parse(text)
    stated = stated_by(book, Session(), heard, now)
    if heard.ranked and not isinstance(heard.verdict, ranking.NoMatch):
        names = (r.label.partition("/")[0] for r in heard.ranked)
        near = [t for t in dict.fromkeys(names) if book.topics[t].scope == "domain"]
    else:
        near = list(book.topics[HELP].next)
    found = []
    for topic in near[:_SEARCHED]:
        known = dict(stated)
        done = arrive(book, Session(), topic, known, now)
        while isinstance(done.outcome, Question):
            known[done.outcome.slot] = UNSURE
            done = arrive(book, Session(), topic, known, now)
        found.append(done)
    return found


_SEARCHED = 6

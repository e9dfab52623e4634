"""turn(): the one function that every message reaches.

A message that fits the question just asked answers it; a message with slots and no topic
is about the topic at hand; a clear topic starts over with what is still known. Small talk
and what is out of scope are topics like any other, and come back to the open question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core import button, clock, match, tree, words
from bot.core.book import UNSURE, Book
from bot.core.message import Button, Event, Pressed, Said
from bot.core.mind import Heard, Mind
from bot.core.session import Session
from bot.core.tree import Answer, Question

RETRACT = "retract"
"""What a fragment out of context is about: "a normal one"."""

HELP = "help"
OUT = "out_of_scope"
_OFFERS = 3


@dataclass(frozen=True)
class Offer:
    """Two or three topics too close to call, best first."""

    topics: tuple[str, ...]


@dataclass(frozen=True)
class Miss:
    """Nothing was understood, for the nth time in a row; or there was nothing to."""

    times: int
    empty: bool = False


Outcome = Question | Answer | Offer | Miss


@dataclass(frozen=True)
class Why:
    """How a turn came about, as values."""

    heard: Heard | None
    way: str
    """Which rule of the talk decided."""


@dataclass(frozen=True)
class Turn:
    session: Session
    outcome: Outcome
    known: Mapping[str, str]
    """What the outcome is about; for a side question not what the session keeps."""
    confidence: float
    why: Why
    buttons: tuple[Button, ...] = ()
    resume: Question | None = None
    """The question that was open before a side question, put once more."""
    notices: tuple[str, ...] = ()
    """What was assumed, in a few words, so that it can be put right."""


def turn(mind: Mind, session: Session, event: Event, now: datetime) -> Turn:
    """One event in a chat: what it leads to, and the session after it."""
    match event:
        case Pressed(value=value):
            return _pressed(mind.book, session, value, now)
        case Said(text=text):
            return _said(mind, session, text, now)


def _pressed(book: Book, session: Session, value: str, now: datetime) -> Turn:
    """A button says all that was known when it was made, so an old one still holds."""
    read = button.decode(book, value)
    if read is None:
        return _miss(book, session, None, "a button of another time")
    topic, known = read
    return arrive(book, session, topic, known, now)


def _said(mind: Mind, session: Session, text: str, now: datetime) -> Turn:
    book = mind.book
    if text.startswith("/") and (topic := _command(book, text)):
        return _about(
            book, session, topic, dict(session.known), now, 1.0, Why(None, "a command")
        )
    said = words.split(text)
    if not said:
        return _miss(book, session, None, "no words", empty=True)
    if choice := _typed(session, said):
        return _pressed(book, session, choice.value, now)
    if said in {words.split(w) for w in book.words.back} and session.trail:
        return _back(book, session, now)
    heard = mind.hear(text, session.pending)
    if not heard.words:
        return _miss(book, session, heard, "nothing but a quotation", empty=True)
    return _noticed(book, session, heard, _heard(book, session, heard, now), now)


def _noticed(
    book: Book, before: Session, heard: Heard, done: Turn, now: datetime
) -> Turn:
    """A repair or an assumption that mattered is shown, and undone by one press."""
    if not isinstance(done.outcome, Answer | Question):
        return done
    topic, notices, more = done.outcome.topic, [], []
    if book.topics[topic].scope != "domain":
        return done
    for part in heard.parts:
        if (
            part != topic
            and part in book.topics
            and book.topics[part].scope == "domain"
        ):
            facts = {k: v for k, v in done.known.items() if k != "aspect"}
            more.append(
                Button(book.topics[part].label, button.encode(book, part, facts))
            )
    if heard.repaired:
        pairs = ", ".join(
            f"“{wrong}” as “{right}”" for wrong, right in heard.changes[:2]
        )
        notices.append(f"Reading {pairs}.")
        facts = {k: v for k, v in before.known.items() if k != "aspect"}
        value = button.encode(book, HELP, {**facts, "aspect": "none"})
        more.append(Button("Not what I meant", value))
    platform = done.known.get("platform")
    if (
        done.why.way == "a clear topic"
        and platform in book.platforms
        and platform == before.known.get("platform")
        and "platform" not in heard.reading.values
        and topic != before.topic
        and tree.value(book, topic, done.known, "removal") is not None
    ):
        notices.append(f"Taking {book.platforms[platform].label} from before.")
        facts = {k: v for k, v in done.known.items() if k not in ("platform", "kind")}
        more.append(Button("Another service", button.encode(book, topic, facts)))
    if not notices and not more:
        return done
    there = {b.value for b in done.buttons}
    buttons = (*(b for b in more if b.value not in there), *done.buttons)
    session = replace(done.session, offered=buttons)
    return replace(done, session=session, buttons=buttons, notices=tuple(notices))


def _command(book: Book, text: str) -> str | None:
    first = text[1:].split(maxsplit=1)[:1]
    name = first[0].partition("@")[0].casefold() if first else ""
    return next((t for t, topic in book.topics.items() if topic.command == name), None)


def _typed(session: Session, said: Sequence[str]) -> Button | None:
    """The button of the last message whose label or number these words are."""
    if len(said) == 1 and said[0].isdecimal():
        number = int(said[0]) if len(said[0]) < 4 else 0
        return (
            session.offered[number - 1] if 0 < number <= len(session.offered) else None
        )
    return next(
        (b for b in session.offered if words.split(b.label) == tuple(said)), None
    )


def _back(book: Book, session: Session, now: datetime) -> Turn:
    *trail, place = session.trail
    before = replace(session, trail=tuple(trail), topic=None)
    return _about(book, before, place.topic, place.known, now, 1.0, Why(None, "back"))


def _heard(book: Book, session: Session, heard: Heard, now: datetime) -> Turn:
    """The rules of the talk, in their order."""
    label, confidence = _topic_of(heard)
    if len(heard.parts) > 1 and book.topics[heard.parts[0]].command == "restart":
        # "Forget that. How do I ..." is a question in a new conversation.
        session, label = Session(), heard.parts[1]
    stated = _stated(book, session, heard, now)
    here = session.topic
    name, _, aspect = (label or "").partition("/")
    domain = bool(name) and book.topics[name].scope == "domain"
    spare = len(heard.reading.rest)

    def go(topic: str, known: Mapping[str, str], way: str, sure: float) -> Turn:
        merged = _merged(book, known, stated)
        return _about(book, session, topic, merged, now, sure, Why(heard, way))

    if here and session.pending in stated:
        if not (domain and name != here) or spare <= _FRAGMENT:
            return go(here, session.known, "an answer to the question", 0.95)
    if here and stated and _holds(heard.words, book.words.meant):
        return go(here, session.known, "a correction", 0.95)
    if stated and not spare:
        about = _concerned(book, session, stated)
        return go(about, session.known, "facts on the topic at hand", 0.9)
    if domain:
        known = _still_known(session, stated) | ({"aspect": aspect} if aspect else {})
        return go(name, known, "a clear topic", confidence)
    if label:
        why = Why(heard, "a side topic")
        return _aside(book, session, label, stated, now, confidence, why)
    if stated and spare <= _FRAGMENT:
        about = _concerned(book, session, stated)
        return go(about, session.known, "facts on the topic at hand", 0.7)
    if isinstance(heard.verdict, match.Torn):
        torn = dict.fromkeys(topic.partition("/")[0] for topic in heard.verdict.labels)
        first = next((part for part in heard.parts if part in torn), None)
        if first and book.topics[first].scope == "domain":
            known = _still_known(session, stated)
            return go(first, known, "the first of several", confidence)
        offered = tuple(topic for topic in torn if topic != OUT)[:_OFFERS]
        if len(offered) > 1:
            return _offer(book, session, offered, stated, heard)
    if stated and here:
        return go(here, session.known, "facts on the topic at hand", 0.5)
    return _miss(book, session, heard, "lost")


_FRAGMENT = 2
"""Words beside the stated facts that a fragment may have."""


def _concerned(book: Book, session: Session, stated: Mapping[str, str]) -> str:
    """The topic that facts without a question are about.

    That is the one at hand; but a fact that only an earlier one listens to goes there.
    """
    here = session.topic or RETRACT
    for topic in (here, *(place.topic for place in reversed(session.trail))):
        if stated.keys() & set(book.topics[topic].listens):
            return topic
    return here


def _topic_of(heard: Heard) -> tuple[str | None, float]:
    match heard.verdict:
        case match.Clear(label, confidence):
            return label, confidence
        case verdict:
            return None, verdict.confidence


def _stated(
    book: Book, session: Session, heard: Heard, now: datetime
) -> dict[str, str]:
    """The facts of a message; "no idea" counts as an answer to the open question."""
    stated = heard.reading.values
    if heard.reading.age is not None:
        stated["sent"] = clock.instant(now - heard.reading.age)
    if _holds(heard.words, book.words.unsure):
        stated.pop("read", None)
        if session.pending:
            stated[session.pending] = UNSURE
    return stated


def _holds(said: Sequence[str], openings: Sequence[str]) -> bool:
    """Whether one of these word groups stands anywhere in a message."""
    line = f" {' '.join(said)} "
    return any(f" {' '.join(words.split(text))} " in line for text in openings)


def _still_known(session: Session, stated: Mapping[str, str]) -> dict[str, str]:
    """What survives a clear topic: all, unless it is about another service."""
    known = {k: v for k, v in session.known.items() if k != "aspect"}
    other = stated.get("platform", known.get("platform")) != known.get("platform")
    return {} if other and "platform" in known else known


def _merged(
    book: Book, known: Mapping[str, str], stated: Mapping[str, str]
) -> dict[str, str]:
    """Facts with newer ones over them; a kind that the service lacks goes."""
    merged = {**known, **stated}
    platform = book.platforms.get(merged.get("platform", ""))
    kind = merged.get("kind")
    if platform and kind and kind != UNSURE and kind not in platform.kinds:
        del merged["kind"]
    return merged


def arrive(
    book: Book, session: Session, topic: str, known: Mapping[str, str], now: datetime
) -> Turn:
    """At a topic with what is known, as a button leads there."""
    return _about(book, session, topic, known, now, 1.0, Why(None, "a button"))


def _about(
    book: Book,
    session: Session,
    topic: str,
    known: Mapping[str, str],
    now: datetime,
    confidence: float,
    why: Why,
) -> Turn:
    """On to a topic with what is known."""
    if book.topics[topic].scope != "domain":
        label = f"{topic}/{known['aspect']}" if "aspect" in known else topic
        return _aside(book, session, label, known, now, confidence, why)
    other = tree.instead(book, topic, known)
    if other is not None:
        topic, known = other, {k: v for k, v in known.items() if k != "aspect"}
    after = session.at(topic, known)
    outcome = tree.walk(book, topic, known, now)
    if isinstance(outcome, Question):
        after = replace(after, asked=outcome.slot)
    else:
        listens = (s for s in book.topics[topic].listens if s not in known)
        after = replace(after, expects=next(listens, None))
    buttons = _buttons(book, outcome, known, now)
    if isinstance(outcome, Question) and after.trail:
        place = after.trail[-1]
        buttons += (Button("Back", button.encode(book, place.topic, place.known)),)
    after = replace(after, offered=buttons)
    return Turn(after, outcome, known, confidence, why, buttons)


def _aside(
    book: Book,
    session: Session,
    label: str,
    stated: Mapping[str, str],
    now: datetime,
    confidence: float,
    why: Why,
) -> Turn:
    """Small talk and what is out of scope: answered, then back to the step."""
    topic, _, aspect = label.partition("/")
    known = {**session.known, **stated}
    known.pop("aspect", None)
    if book.topics[topic].command == "restart":
        session, known = Session(), {}
    here = {**known, "aspect": aspect} if aspect else known
    outcome = tree.walk(book, topic, here, now)
    resume = None
    if session.topic and session.asked:
        resume = Question(session.topic, session.asked)
    buttons = _buttons(book, resume or outcome, session.known if resume else known, now)
    after = replace(session, offered=buttons, misses=0)
    return Turn(after, outcome, here, confidence, why, buttons, resume)


def _buttons(
    book: Book, outcome: Question | Answer, known: Mapping[str, str], now: datetime
) -> tuple[Button, ...]:
    """A question's choices; an answer's finer question and the topics next to it."""
    match outcome:
        case Question(topic, slot):
            return _choices(book, topic, slot, known, now, unsure=True)
        case Answer(topic, refine=refine):
            finer = tuple(
                b for slot in refine for b in _choices(book, topic, slot, known, now)
            )
            facts = {k: v for k, v in known.items() if k != "aspect"}
            return finer + tuple(
                Button(book.topics[name].label, button.encode(book, name, facts))
                for name in book.topics[topic].next
                if name != topic
            )


def _choices(
    book: Book,
    topic: str,
    slot: str,
    known: Mapping[str, str],
    now: datetime,
    *,
    unsure: bool = False,
) -> tuple[Button, ...]:
    choices = book.choices(slot, known)
    shown = book.slots[slot].shown or tuple(choices)
    found = []
    for value in shown:
        fact = tree.sent_at(book, value, now) if slot == "sent" else value
        facts = _merged(book, known, {slot: fact})
        found.append(Button(choices[value], button.encode(book, topic, facts)))
    if unsure:
        facts = {**known, slot: UNSURE}
        found.append(Button(book.slots[slot].unsure, button.encode(book, topic, facts)))
    return tuple(found)


def _offer(
    book: Book,
    session: Session,
    topics: tuple[str, ...],
    stated: Mapping[str, str],
    heard: Heard,
) -> Turn:
    known = _merged(book, session.known, stated)
    facts = {k: v for k, v in known.items() if k != "aspect"}
    buttons = (
        *(Button(book.topics[t].label, button.encode(book, t, facts)) for t in topics),
        Button("None of these", button.encode(book, HELP, {**facts, "aspect": "none"})),
    )
    after = replace(session, known=known, offered=buttons, misses=0)
    why = Why(heard, "torn between topics")
    return Turn(after, Offer(topics), known, heard.verdict.confidence, why, buttons)


def _miss(
    book: Book, session: Session, heard: Heard | None, way: str, *, empty: bool = False
) -> Turn:
    """Not understood: said briefly; from the second in a row on, with a way out."""
    misses = session.misses + (0 if empty else 1)
    facts = {k: v for k, v in session.known.items() if k != "aspect"}
    buttons = tuple(
        Button(book.topics[t].label, button.encode(book, t, facts))
        for t in book.topics[HELP].next
    )
    after = replace(session, misses=misses, offered=buttons)
    confidence = heard.verdict.confidence if heard else 0.0
    outcome = Miss(misses, empty)
    return Turn(after, outcome, session.known, confidence, Why(heard, way), buttons)

"""What is counted of a turn: a topic, a service, a decision; never who asked or how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.core import tree
from bot.core.book import Book
from bot.core.guide import STUCK, WORKED
from bot.core.message import Event, Pressed
from bot.core.outcome import Finished, Miss, Offer, Step, Turn
from bot.core.session import Session
from bot.core.tree import Answer, Question

What = Literal["asked", "worked", "thumbs", "group", "inline"]
"""A question and its decision; did the steps work; did the answer help; a question in a
group; a look-up in another chat."""

FEEDBACK = "feedback"
FIRST, LATER, TALK = "first", "later", "talk"


@dataclass(frozen=True)
class Count:
    what: What
    topic: str = ""
    platform: str = ""
    detail: str = ""
    """asked, group: the decision. worked: yes, no. thumbs: up, down."""
    leaf: str = ""
    """The template of the answer that it is about."""
    way: str = ""
    """asked, group: `first` for a question, `later` for the answer that its last open
    question led to, `talk` for small talk."""
    day: str = ""
    """ISO date; of today, where it is empty."""


@dataclass(frozen=True)
class Line:
    """A sum."""

    count: Count
    number: int


def of(
    book: Book, before: Session, done: Turn, decision: str, now: datetime
) -> Count | None:
    """What a turn counts as; none for a step on the way."""
    topic = _topic(done)
    if topic in (WORKED, STUCK, FEEDBACK) and before.topic:
        return _verdict(book, before, done, topic, now)
    match done.outcome:
        case Step() | Finished():
            return None
        case Answer(say=leaf):
            pass
        case _:
            leaf = ""
    platform = book.stem(done.known.get("platform", ""))
    if platform not in book.platforms:
        platform = ""
    way = FIRST
    if topic and book.topics[topic].scope == "talk":
        way = TALK
    elif before.asked and topic == before.topic:
        way = LATER
        if isinstance(done.outcome, Question):
            return None
    return Count("asked", topic, platform, decision, leaf, way, _day(now))


def in_group(book: Book, done: Turn, decision: str, event: Event) -> Count | None:
    """The same in a group, where nothing is known of what came before.

    What is pressed there is a question's next part, as far as anybody can tell.
    """
    found = of(book, Session(), done, decision, event.at)
    if found is None:
        return None
    if isinstance(event, Pressed) and found.way == FIRST:
        if isinstance(done.outcome, Question):
            return None
        found = replace(found, way=LATER)
    return replace(found, what="group")


def looked_up(book: Book, topic: str | None, known: Mapping[str, str]) -> Count:
    """A text in another chat's input, by the topic and service of its best answer."""
    platform = book.stem(known.get("platform", ""))
    return Count("inline", topic or "", platform if platform in book.platforms else "")


def _verdict(
    book: Book, before: Session, done: Turn, topic: str, now: datetime
) -> Count | None:
    """What a person says of the answer before."""
    aspect = done.known.get("aspect", "")
    if topic == FEEDBACK and aspect not in ("good", "bad"):
        return None
    if topic == STUCK and before.topic == STUCK:
        return None  # which hurdle it was is asked next
    about = before.topic or ""
    found = tree.walk(book, about, before.known, now)
    leaf = found.say if isinstance(found, Answer) else ""
    platform = book.stem(before.known.get("platform", ""))
    if topic == FEEDBACK:
        detail = "up" if aspect == "good" else "down"
        return Count("thumbs", about, platform, detail, leaf, "", _day(now))
    detail = "yes" if topic == WORKED else "no"
    return Count("worked", about, platform, detail, leaf, "", _day(now))


def _topic(done: Turn) -> str:
    match done.outcome:
        case Offer() | Miss():
            return ""
        case outcome:
            return outcome.topic


def _day(now: datetime) -> str:
    return now.date().isoformat()

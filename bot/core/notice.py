"""What is said beside an answer, and what is left out that stands above already."""

from __future__ import annotations

from dataclasses import replace

from bot.core import button
from bot.core.book import Book
from bot.core.buttons import HELP, NONE, topics
from bot.core.gist import DEVICE_ALONE
from bot.core.message import Button
from bot.core.mind import Heard
from bot.core.outcome import Turn
from bot.core.session import Session
from bot.core.tree import Answer, Question

CLEAR = "a clear topic"
"""The way of a turn that a question began."""

_CLOCKLESS = (
    "I do not see the time where you are. Tell me how long ago that was, "
    "such as “20 minutes”."
)


def noticed(book: Book, before: Session, heard: Heard, done: Turn) -> Turn:
    """A repair or an assumption that mattered is shown, and undone by one press."""
    if not isinstance(done.outcome, Answer | Question):
        return done
    topic = done.outcome.topic
    notices: list[str] = []
    more: list[Button] = []
    if book.topics[topic].scope != "domain":
        return done
    for part in heard.parts:
        if (
            part != topic
            and part in book.topics
            and book.topics[part].scope == "domain"
        ):
            more += topics(book, [part], done.known)
    if heard.repaired:
        pairs = ", ".join(
            f"“{wrong}” as “{right}”" for wrong, right in heard.changes[:2]
        )
        notices.append(f"Reading {pairs}.")
        facts = {**book.lasting(before.known), "aspect": NONE}
        value = button.encode(book, HELP, facts)
        more.append(Button("Not what I meant", value))
    if heard.reading.when.time and _waits(done):
        notices.append(_CLOCKLESS)
    platform = done.known.get("platform", "")
    label = book.label(platform)
    taken = label and platform == before.known.get("platform")
    named = "platform" in heard.reading.values
    # Said once: in a conversation on one service it would be a refrain.
    first = not before.trail
    fresh = first and done.why.way == CLEAR and topic != before.topic and not named
    if taken and fresh and _uses(book, done, platform):
        notices.append(f"Taking {label} from before.")
        facts = {k: v for k, v in done.known.items() if k not in ("platform", "kind")}
        more.append(Button("Another service", button.encode(book, topic, facts)))
    if not notices and not more:
        return done
    there = {b.value for b in done.buttons}
    buttons = (*(b for b in more if b.value not in there), *done.buttons)
    session = replace(done.session, offered=buttons)
    return done._replace(session=session, buttons=buttons, notices=tuple(notices))


def _waits(done: Turn) -> bool:
    """Whether an answer would say more if it were known when the message went out."""
    return isinstance(done.outcome, Answer) and "sent" in done.outcome.refine


def _uses(book: Book, done: Turn, platform: str) -> bool:
    """Whether an answer states what holds on a service."""
    if not isinstance(done.outcome, Answer):
        return False
    return bool(set(done.outcome.claims) & book.claims_of(platform, done.known).keys())


def shortened(book: Book, before: Session, done: Turn) -> Turn:
    """The same answer again, a fact later, is its verdict alone.

    Only where it is said anew: a button puts an answer in the place of the one before.
    And not to a question that is put again: its answer is wanted.
    """
    answer = done.outcome
    same = before.answered and before.answered == done.session.answered
    heard = done.why.heard
    if not same or not heard or not isinstance(answer, Answer):
        return done
    if done.why.way == CLEAR and not book.words.asking.isdisjoint(heard.words):
        return done
    uses = book.topics[answer.topic].uses
    changed = dict(before.known.items() ^ done.known.items()).keys()
    told = {slot for slot, use in _TELLING.items() if use in uses}
    idle = not changed and done.why.way == DEVICE_ALONE
    if not idle and not (changed and changed <= told):
        return done
    return done._replace(outcome=replace(answer, again=True))


_TELLING = {"sent": "clock", "read": "read"}
"""The facts that a verdict may turn on, and what a tree looks at then."""

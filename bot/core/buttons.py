"""The buttons under an outcome. Each carries facts, so that it outlives the session."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from bot.core import button, guide, tree
from bot.core.book import UNSURE, Book
from bot.core.memory import Memory
from bot.core.message import Button
from bot.core.outcome import Finished, Step
from bot.core.tree import Answer, Question

HELP = "help"
NONE = "none"
"""The aspect of help that "none of these" leads to."""


def under(
    book: Book,
    outcome: Question | Answer | Step | Finished,
    answer: Question | Answer,
    known: Mapping[str, str],
    now: datetime,
) -> tuple[Button, ...]:
    """A question's choices; an answer's finer questions and the topics next to it."""
    match outcome, answer:
        case Question(topic, slot), _:
            return choices(book, topic, slot, known, now, unsure=True)
        case Step() | Finished(), Answer():
            return guide.buttons(book, outcome, answer, known)
        case Answer(topic), _:
            finer = [
                b
                for slot in outcome.refine
                for b in choices(book, topic, slot, known, now)
            ]
            if guide.walkable(book, outcome, known):
                facts = {**known, guide.STEP: "1"}
                finer.append(Button("Step by step", button.encode(book, topic, facts)))
            names = outcome.next or book.topics[topic].next
            return (*finer, *topics(book, names, known, but=topic))
    raise AssertionError(outcome)


def topics(
    book: Book, names: Iterable[str], known: Mapping[str, str], *, but: str = ""
) -> tuple[Button, ...]:
    """Buttons to topics, or to `topic/aspect`, with what is known."""
    names = tuple(names)
    if "sent" in known:
        # A moment comes once; it would only crowd out the others.
        return tuple(_to(book, names, known, but))
    key = (names, frozenset(known.items()), but)
    return _topics.of(book, key, lambda: tuple(_to(book, names, known, but)))


_topics: Memory[tuple[Button, ...]] = Memory()


def _to(
    book: Book, names: Iterable[str], known: Mapping[str, str], but: str
) -> Iterator[Button]:
    for name in names:
        topic, _, aspect = name.partition("/")
        if name != but:
            facts = book.lasting(known) | ({"aspect": aspect} if aspect else {})
            label = book.topics[topic].labels.get(aspect, book.topics[topic].label)
            yield Button(label, button.encode(book, topic, facts))


def choices(
    book: Book,
    topic: str,
    slot: str,
    known: Mapping[str, str],
    now: datetime,
    *,
    unsure: bool = False,
) -> tuple[Button, ...]:
    """A button for each value of a slot that can be chosen."""
    labels = book.choices(slot, known)
    found = []
    for value in book.slots[slot].shown or labels:
        fact = tree.sent_at(book, value, now) if slot == "sent" else value
        facts = merged(book, known, {slot: fact})
        found.append(Button(labels[value], button.encode(book, topic, facts)))
    if unsure:
        facts = {**known, slot: UNSURE}
        found.append(Button(book.slots[slot].unsure, button.encode(book, topic, facts)))
    return tuple(found)


def offers(
    book: Book, names: Iterable[str], known: Mapping[str, str]
) -> tuple[Button, ...]:
    """Topics to choose from, or none of them."""
    value = button.encode(book, HELP, {**book.lasting(known), "aspect": NONE})
    return (*topics(book, names, known), Button("None of these", value))


def merged(
    book: Book, known: Mapping[str, str], stated: Mapping[str, str]
) -> dict[str, str]:
    """Facts with newer ones over them; a kind that the service lacks goes."""
    facts = {**known, **stated}
    platform = book.platforms.get(book.stem(facts.get("platform", "")))
    kind = facts.get("kind")
    if platform and kind and kind != UNSURE and kind not in platform.kinds:
        del facts["kind"]
    return facts

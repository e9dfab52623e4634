"""The buttons under an outcome. Each carries facts, so that it outlives the session."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from bot.dialogue import callback_data, steps, tree
from bot.dialogue.events import Button
from bot.dialogue.tree import Answer, Question
from bot.dialogue.turn import Finished, Step
from bot.knowledge.memo import Memo
from bot.knowledge.model import UNSURE, KnowledgeBase

HELP = "help"
NONE = "none"
"""The aspect of help that "none of these" leads to."""


def under(
    book: KnowledgeBase,
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
            return steps.buttons(book, outcome, answer, known)
        case Answer(topic), _:
            finer = [
                b
                for slot in outcome.refine
                for b in choices(book, topic, slot, known, now)
            ]
            if steps.walkable(book, outcome, known):
                facts = {**known, steps.STEP: "1"}
                finer.append(
                    Button("Step by step", callback_data.encode(book, topic, facts))
                )
            names = outcome.next or book.topics[topic].next
            return (*finer, *topics(book, names, known, but=topic))
    raise AssertionError(outcome)


def topics(
    book: KnowledgeBase,
    names: Iterable[str],
    known: Mapping[str, str],
    *,
    but: str = "",
) -> tuple[Button, ...]:
    """Buttons to topics, or to `topic/aspect`, with what is known."""
    names = tuple(names)
    if "sent" in known:
        # A moment comes once; it would only crowd out the others.
        return tuple(_to(book, names, known, but))
    key = (names, frozenset(known.items()), but)
    return _topics.of(book, key, lambda: tuple(_to(book, names, known, but)))


_topics: Memo[tuple[Button, ...]] = Memo()


def _to(
    book: KnowledgeBase, names: Iterable[str], known: Mapping[str, str], but: str
) -> Iterator[Button]:
    for name in names:
        topic, _, aspect = name.partition("/")
        if name != but:
            facts = book.lasting(known) | ({"aspect": aspect} if aspect else {})
            label = book.topics[topic].labels.get(aspect, book.topics[topic].label)
            yield Button(label, callback_data.encode(book, topic, facts))


def choices(
    book: KnowledgeBase,
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
        found.append(Button(labels[value], callback_data.encode(book, topic, facts)))
    if unsure:
        facts = {**known, slot: UNSURE}
        found.append(
            Button(book.slots[slot].unsure, callback_data.encode(book, topic, facts))
        )
    return tuple(found)


def offers(
    book: KnowledgeBase, names: Iterable[str], known: Mapping[str, str]
) -> tuple[Button, ...]:
    """Topics to choose from, or none of them."""
    value = callback_data.encode(book, HELP, {**book.lasting(known), "aspect": NONE})
    return (*topics(book, names, known), Button("None of these", value))


def merged(
    book: KnowledgeBase, known: Mapping[str, str], stated: Mapping[str, str]
) -> dict[str, str]:
    """Facts with newer ones over them; a kind that the service lacks goes."""
    facts = {**known, **stated}
    platform = book.platforms.get(facts.get("platform", ""))
    kind = facts.get("kind")
    if platform and kind and kind != UNSURE and kind not in platform.kinds:
        del facts["kind"]
    return facts

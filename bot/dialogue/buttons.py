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
    kb: KnowledgeBase,
    outcome: Question | Answer | Step | Finished,
    answer: Question | Answer,
    known: Mapping[str, str],
    now: datetime,
) -> tuple[Button, ...]:
    """A question's choices; an answer's finer questions and the topics next to it."""
    match outcome, answer:
        case Question(topic, slot), _:
            return choices(kb, topic, slot, known, now, unsure=True)
        case Step() | Finished(), Answer():
            return steps.buttons(kb, outcome, answer, known)
        case Answer(topic), _:
            finer = [
                b
                for slot in outcome.refine
                for b in choices(kb, topic, slot, known, now)
            ]
            if steps.walkable(kb, outcome, known):
                facts = {**known, steps.STEP: "1"}
                finer.append(
                    Button("Step by step", callback_data.encode(kb, topic, facts))
                )
            names = outcome.next or kb.topics[topic].next
            return (*finer, *topics(kb, names, known, but=topic))
    raise AssertionError(outcome)


def topics(
    kb: KnowledgeBase, names: Iterable[str], known: Mapping[str, str], *, but: str = ""
) -> tuple[Button, ...]:
    """Buttons to topics, or to `topic/aspect`, with what is known."""
    names = tuple(names)
    if "sent" in known:
        # A moment comes once; it would only crowd out the others.
        return tuple(_to(kb, names, known, but))
    key = (names, frozenset(known.items()), but)
    return _topics.of(kb, key, lambda: tuple(_to(kb, names, known, but)))


_topics: Memo[tuple[Button, ...]] = Memo()


def _to(
    kb: KnowledgeBase, names: Iterable[str], known: Mapping[str, str], but: str
) -> Iterator[Button]:
    for name in names:
        topic, _, aspect = name.partition("/")
        if name != but:
            facts = kb.lasting(known) | ({"aspect": aspect} if aspect else {})
            label = kb.topics[topic].labels.get(aspect, kb.topics[topic].label)
            yield Button(label, callback_data.encode(kb, topic, facts))


def choices(
    kb: KnowledgeBase,
    topic: str,
    slot: str,
    known: Mapping[str, str],
    now: datetime,
    *,
    unsure: bool = False,
) -> tuple[Button, ...]:
    """A button for each value of a slot that can be chosen."""
    labels = kb.choices(slot, known)
    found = []
    for value in kb.slots[slot].shown or labels:
        fact = tree.sent_at(kb, value, now) if slot == "sent" else value
        facts = merged(kb, known, {slot: fact})
        found.append(Button(labels[value], callback_data.encode(kb, topic, facts)))
    if unsure:
        facts = {**known, slot: UNSURE}
        found.append(
            Button(kb.slots[slot].unsure, callback_data.encode(kb, topic, facts))
        )
    return tuple(found)


def offers(
    kb: KnowledgeBase, names: Iterable[str], known: Mapping[str, str]
) -> tuple[Button, ...]:
    """Topics to choose from, or none of them."""
    value = callback_data.encode(kb, HELP, {**kb.lasting(known), "aspect": NONE})
    return (*topics(kb, names, known), Button("None of these", value))


def merged(
    kb: KnowledgeBase, known: Mapping[str, str], stated: Mapping[str, str]
) -> dict[str, str]:
    """Facts with newer ones over them; a kind that the service lacks goes."""
    facts = {**known, **stated}
    platform = kb.platforms.get(kb.stem(facts.get("platform", "")))
    kind = facts.get("kind")
    if platform and kind and kind != UNSURE and kind not in platform.kinds:
        del facts["kind"]
    return facts

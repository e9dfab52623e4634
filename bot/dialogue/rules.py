"""The topic of a message whose point is its facts: an answer, a correction, a note."""

from __future__ import annotations

from collections.abc import Mapping

from bot.dialogue import steps
from bot.dialogue.session import Session
from bot.knowledge.model import KnowledgeBase
from bot.nlu import ranking, tokenizer
from bot.nlu.engine import Parse

RETRACT = "retract"
"""What a fragment out of context is about: "a normal one"."""

OVER = "follow_up"
"""What is left where nothing can be taken back."""

CORRECTION = "a correction"
DEVICE_ALONE = "nothing but a device"

_NOTE = 4
"""Words beside the facts that a note of them may have: whom it went to, what it was."""

FRAGMENT = 2
"""Words beside the stated facts that a fragment may have."""


def by_facts(
    kb: KnowledgeBase,
    session: Session,
    parse: Parse,
    stated: Mapping[str, str],
    topic: str,
) -> tuple[str, str, float]:
    """The topic that the stated facts are about, if they are the message's point.

    `topic` is the clear one, if there is one: a fresh question of the domain beats a
    pending choice, and what is clearly about something else is no note of facts.
    """
    here = session.topic or ""
    devices = kb.words.devices
    theirs = kb.words.theirs
    spare = sum(w not in devices and w not in theirs for w in parse.reading.rest)
    scope = kb.topics[topic].scope if topic else ""
    if here and session.asked in parse.reading.views and spare <= FRAGMENT:
        return here, "an answer to the question", 0.95
    fresh = scope == "domain" and topic != here
    if spare <= _NOTE and (there := _beyond(kb, session, parse, stated, fresh=fresh)):
        return there
    if here and session.pending in stated and (not fresh or spare <= FRAGMENT):
        return here, "an answer to the question", 0.95
    if here and stated and tokenizer.holds(parse.words, kb.words.meant):
        return here, CORRECTION, 0.95
    if here and not stated and _is_wish(kb, here, parse, topic):
        return here, "a wish on how to answer", 0.9
    if fresh and stated == {"read": "read"}:
        return "", "", 0.0  # "she saw it, by the way" is a topic of its own
    if stated and not spare and (here or scope != "out"):
        return concerned(kb, session, stated), "facts on the topic at hand", 0.9
    if not spare and not devices.keys().isdisjoint(parse.words):
        return here or RETRACT, DEVICE_ALONE, 0.9
    about = concerned(kb, session, stated)
    if scope in ("", "talk") and may_be(parse, about) and _is_note(kb, parse, stated):
        return about, "a note of facts", 0.8
    return "", "", 0.0


def _beyond(
    kb: KnowledgeBase,
    session: Session,
    parse: Parse,
    stated: Mapping[str, str],
    *,
    fresh: bool,
) -> tuple[str, str, float] | None:
    """After an answer that was no help: what got in the way, or what is left to do."""
    if not session.topic:
        return None
    # "Can my boss still see it" is a question of its own, "I still see it" is none.
    asks = fresh and not kb.words.asking.isdisjoint(parse.words)
    if session.guided and not asks and tokenizer.holds(parse.words, kb.words.stuck):
        return steps.STUCK, "the steps did not work", 0.95
    stuck = session.topic == steps.STUCK
    if (session.asked and not stuck) or stated:
        return None
    if not tokenizer.holds(parse.words, kb.words.helpless):
        return None
    lost = tokenizer.groups(kb.words.helpless)
    own = {word for group in lost for word in group.split()}
    if not own.issuperset(parse.reading.rest):
        return None
    there = steps.STUCK if session.guided and not stuck else OVER
    return there, "what is left to do", 0.9


def _is_wish(kb: KnowledgeBase, here: str, parse: Parse, topic: str) -> bool:
    """Whether a message only says how the answer at hand should be: "more formal"."""
    views = {
        slot: kb.slots[slot].values
        for slot in parse.reading.views
        if slot in kb.topics[here].listens
    }
    names = {
        word
        for slot, values in views.items()
        if isinstance(values, dict)
        for name in values[parse.reading.views[slot]].names
        for word in name.replace("/", " ").split()
    }
    spare = [word for word in parse.reading.rest if word not in names]
    asks = not kb.words.asking.isdisjoint(parse.words)
    if not names or (topic not in ("", here) and asks):
        return False
    return len(spare) <= (FRAGMENT if topic else _NOTE)


def may_be(parse: Parse, topic: str) -> bool:
    """Whether a message without a clear topic leaves room for this one."""
    verdict = parse.verdict
    return not isinstance(verdict, ranking.Ambiguous) or topic in map(
        ranking.topic, verdict.labels
    )


def _is_note(kb: KnowledgeBase, parse: Parse, stated: Mapping[str, str]) -> bool:
    """Whether a message only says what, where and when: "inmail, an hour ago, help"."""
    where = stated.keys() & {"platform", "kind"}
    when = stated.keys() & {"sent", "read", "kind"} - where
    asks = not kb.words.asking.isdisjoint(parse.words)
    few = len(parse.reading.rest) <= _NOTE
    return bool(where) and (bool(when) or len(where) > 1) and few and not asks


def concerned(kb: KnowledgeBase, session: Session, stated: Mapping[str, str]) -> str:
    """The topic that facts without a question are about.

    That is the one at hand; but a fact that only an earlier one has a use for goes there.
    """
    here = session.topic or RETRACT
    for topic in (here, *(place.topic for place in reversed(session.trail))):
        if stated.keys() & kb.topics[topic].uses:
            return topic
    return here

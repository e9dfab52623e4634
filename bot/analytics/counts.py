"""What is counted of a turn: a topic, a service, a decision; never who asked or how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.dialogue import tree
from bot.dialogue.events import Event, Pressed
from bot.dialogue.session import Session
from bot.dialogue.tree import Answer, Question
from bot.dialogue.turn import Fallback, Finished, NoButton, Step, Suggestions, Turn
from bot.knowledge.model import KnowledgeBase
from bot.store.records import Count

FIRST, LATER, TALK = "first", "later", "talk"


def of(
    kb: KnowledgeBase, before: Session, done: Turn, decision: str, now: datetime
) -> Count | None:
    """What a turn counts as; none for a step on the way."""
    topic, roles = _topic(done), kb.roles.topics
    verdicts = (roles.steps_worked, roles.steps_failed, roles.feedback)
    if topic and topic in verdicts and before.topic:
        return _verdict(kb, before, done, topic, now)
    match done.outcome:
        case Step() | Finished():
            return None
        case Answer(say=leaf):
            pass
        case _:
            leaf = ""
    platform = kb.stem(done.slots.get(kb.roles.slots.service, ""))
    if platform not in kb.platforms:
        platform = ""
    way = FIRST
    if topic and kb.topics[topic].scope == "talk":
        way = TALK
    elif before.requested_slot and topic == before.topic:
        way = LATER
        if isinstance(done.outcome, Question):
            return None
    return Count("asked", topic, platform, decision, leaf, way, _day(now))


def in_group(
    kb: KnowledgeBase, done: Turn, decision: str, event: Event
) -> Count | None:
    """The same in a group, where nothing is known of what came before.

    What is pressed there is a question's next part, as far as anybody can tell.
    """
    found = of(kb, Session(), done, decision, event.at)
    if found is None:
        return None
    if isinstance(event, Pressed) and found.way == FIRST:
        if isinstance(done.outcome, Question):
            return None
        found = replace(found, way=LATER)
    return replace(found, what="group")


def looked_up(kb: KnowledgeBase, topic: str | None, known: Mapping[str, str]) -> Count:
    """A text in another chat's input, by the topic and service of its best answer."""
    platform = kb.stem(known.get(kb.roles.slots.service, ""))
    return Count("inline", topic or "", platform if platform in kb.platforms else "")


def _verdict(
    kb: KnowledgeBase, before: Session, done: Turn, topic: str, now: datetime
) -> Count | None:
    """What a person says of the answer before."""
    roles, values = kb.roles.topics, kb.roles.values
    aspect = done.slots.get("aspect", "")
    if topic == roles.feedback and aspect not in (values.good, values.bad):
        return None
    if topic == roles.steps_failed and before.topic == roles.steps_failed:
        return None  # which hurdle it was is asked next
    about = before.topic or ""
    found = tree.walk(kb, about, before.slots, now)
    leaf = found.say if isinstance(found, Answer) else ""
    platform = kb.stem(before.slots.get(kb.roles.slots.service, ""))
    if topic == roles.feedback:
        detail = "up" if aspect == values.good else "down"
        return Count("thumbs", about, platform, detail, leaf, "", _day(now))
    detail = "yes" if topic == roles.steps_worked else "no"
    return Count("worked", about, platform, detail, leaf, "", _day(now))


def _topic(done: Turn) -> str:
    match done.outcome:
        case Suggestions() | Fallback() | NoButton():
            return ""
        case outcome:
            return outcome.topic


def _day(now: datetime) -> str:
    return now.date().isoformat()

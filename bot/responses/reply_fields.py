"""The fields of a reply that say what it is: decision, topic, slots, verdict, place."""

from __future__ import annotations

from datetime import datetime

from bot.dialogue import callback_data
from bot.dialogue.branching import Slots
from bot.dialogue.tree import Answer, Question
from bot.dialogue.turn import (
    Fallback,
    Finished,
    NoButton,
    Outcome,
    Step,
    Suggestions,
    Turn,
)
from bot.knowledge import time_limits
from bot.knowledge.model import UNSURE, KnowledgeBase
from bot.responses.reply import NO_ACTION, About


def public_slots(kb: KnowledgeBase, known: Slots, now: datetime) -> dict[str, str]:
    """What is known, as others see it: no "not sure", a moment as its age."""
    found = {k: v for k, v in kb.lasting(known).items() if v != UNSURE}
    time = kb.roles.slots.time
    if time in found:
        found[time] = time_limits.iso(now - time_limits.moment(found[time]))
    return found


def about(kb: KnowledgeBase, turn: Turn) -> About | None:
    """What the first sentence speaks to; none where something is asked."""
    match turn.outcome:
        case Answer(name, _, verdict, action):
            # Outside the domain it is the near miss.
            outside = name == kb.roles.topics.fallback
            near_miss = turn.slots.get("aspect") if outside else None
            return About(action or near_miss or NO_ACTION, verdict)
        case Step():
            return About(turn.slots.get("action", kb.roles.values.action), None)
        case Fallback() | NoButton():
            return About(NO_ACTION, None)
        case _:
            return None


def place(kb: KnowledgeBase, turn: Turn) -> str | None:
    """The value of a button that leads there; none where a turn is at no topic."""
    there = topic(turn.outcome)
    return callback_data.encode(kb, there, turn.slots) if there else None


def topic(outcome: Outcome) -> str | None:
    """The topic that an outcome is at."""
    match outcome:
        case Question(name) | Answer(name) | Step(name) | Finished(name):
            return name
        case _:
            return None


def decision(kb: KnowledgeBase, outcome: Outcome) -> str:
    """answer, ask, clarify or decline."""
    fallback = kb.roles.topics.fallback
    match outcome:
        case Question() | Finished():
            return "ask"
        case Step():
            return "answer"
        case Suggestions():
            return "clarify"
        case Answer(name) if (kb.topics[name].known_as or name) != fallback:
            return "answer"
        case _:
            return "decline"

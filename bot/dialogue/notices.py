"""What is said beside an answer, and what is left out that stands above already."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import callback_data
from bot.dialogue.buttons import HELP, NONE, topics
from bot.dialogue.events import Button
from bot.dialogue.rules import DEVICE_ALONE
from bot.dialogue.session import Session
from bot.dialogue.tree import Answer, Question
from bot.dialogue.turn import Turn
from bot.knowledge.model import KnowledgeBase
from bot.nlu.engine import Parse

CLEAR = "a clear topic"
"""The way of a turn that a question began."""

_CLOCKLESS = (
    "I do not see the time where you are. Tell me how long ago that was, "
    "such as “20 minutes”."
)


def noticed(kb: KnowledgeBase, before: Session, parse: Parse, done: Turn) -> Turn:
    """A repair or an assumption that mattered is shown, and undone by one press."""
    if not isinstance(done.outcome, Answer | Question):
        return done
    topic = done.outcome.topic
    notices: list[str] = []
    more: list[Button] = []
    if kb.topics[topic].scope != "domain":
        return done
    for part in parse.parts:
        if part != topic and part in kb.topics and kb.topics[part].scope == "domain":
            more += topics(kb, [part], done.known)
    if parse.repaired:
        pairs = ", ".join(
            f"“{wrong}” as “{right}”" for wrong, right in parse.corrections[:2]
        )
        notices.append(f"Reading {pairs}.")
        facts = {**kb.lasting(before.known), "aspect": NONE}
        value = callback_data.encode(kb, HELP, facts)
        more.append(Button("Not what I meant", value))
    if parse.reading.when.time and _waits(done):
        notices.append(_CLOCKLESS)
    platform = done.known.get("platform", "")
    label = kb.label(platform)
    taken = label and platform == before.known.get("platform")
    named = "platform" in parse.reading.values
    # Said once: in a conversation on one service it would be a refrain.
    first = not before.trail
    fresh = first and done.why.way == CLEAR and topic != before.topic and not named
    if taken and fresh and _uses(kb, done, platform):
        notices.append(f"Taking {label} from before.")
        facts = {k: v for k, v in done.known.items() if k not in ("platform", "kind")}
        more.append(Button("Another service", callback_data.encode(kb, topic, facts)))
    if not notices and not more:
        return done
    there = {b.value for b in done.buttons}
    buttons = (*(b for b in more if b.value not in there), *done.buttons)
    session = replace(done.session, offered=buttons)
    return done._replace(session=session, buttons=buttons, notices=tuple(notices))


def _waits(done: Turn) -> bool:
    """Whether an answer would say more if it were known when the message went out."""
    return isinstance(done.outcome, Answer) and "sent" in done.outcome.refine


def _uses(kb: KnowledgeBase, done: Turn, platform: str) -> bool:
    """Whether an answer states what holds on a service."""
    if not isinstance(done.outcome, Answer):
        return False
    return bool(set(done.outcome.claims) & kb.claims_of(platform, done.known).keys())


def shortened(kb: KnowledgeBase, before: Session, done: Turn) -> Turn:
    """The same answer again, a fact later, is its verdict alone.

    Only where it is said anew: a button puts an answer in the place of the one before.
    And not to a question that is put again: its answer is wanted.
    """
    answer = done.outcome
    same = before.answered and before.answered == done.session.answered
    parse = done.why.parse
    if not same or not parse or not isinstance(answer, Answer):
        return done
    if done.why.way == CLEAR and not kb.words.asking.isdisjoint(parse.words):
        return done
    uses = kb.topics[answer.topic].uses
    changed = dict(before.known.items() ^ done.known.items()).keys()
    told = {slot for slot, use in _TELLING.items() if use in uses}
    idle = not changed and done.why.way == DEVICE_ALONE
    if not idle and not (changed and changed <= told):
        return done
    return done._replace(outcome=replace(answer, again=True))


_TELLING = {"sent": "clock", "read": "read"}
"""The facts that a verdict may turn on, and what a tree looks at then."""

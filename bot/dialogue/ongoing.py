"""The action that a conversation is about, with which the next question goes on.

"Can I edit it", "will he know": the second is asked of the edit.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.dialogue.tree import Answer
from bot.knowledge.model import KnowledgeBase
from bot.nlu.engine import Parse


def action_of(kb: KnowledgeBase, answer: Answer, slots: Mapping[str, str]) -> str:
    """What an answer speaks of, if that is not what is usually done; else empty.

    Where something cannot be done, what is asked next may be about what helps instead.
    """
    if kb.topics[answer.topic].scope != "domain":
        return missed_action(kb, slots.get("aspect", ""))
    action, default = kb.action(answer.topic, slots), kb.roles.topics.default
    entry = kb.actions.get(action)
    asked = action == kb.usual_action(answer.topic)
    if entry and entry.given_up and asked and answer.verdict in ("no", "over"):
        return ""
    usual = (kb.usual_action(default), *kb.topics[default].handles)
    return "" if action in usual else action


def missed_action(kb: KnowledgeBase, aspect: str) -> str:
    """The action that a near miss is of: "how do I leave a group"; else empty."""
    return next((n for n, entry in kb.actions.items() if aspect in entry.misses), "")


def missed(
    kb: KnowledgeBase, topic: str, slots: Mapping[str, str], parse: Parse | None
) -> str:
    """The aspect of a near miss with which a short text goes on; else empty.

    One that is of an action only if the text names what is done: "who is the group's
    admin" does not.
    """
    aspect = slots.get("aspect", "")
    if topic != kb.roles.topics.fallback:
        return ""
    names = parse is None or not kb.words.acts.isdisjoint(parse.words)
    lasts = aspect in kb.topics[topic].lasts
    return aspect if lasts or (names and missed_action(kb, aspect)) else ""


def gone_on(kb: KnowledgeBase, topic: str, action: str) -> dict[str, str]:
    """The action as a fact for a topic that says nothing of its own."""
    own = kb.usual_action(topic) != kb.roles.values.action
    answered = action in kb.answered_actions(topic)
    return {"action": action} if answered and not own else {}

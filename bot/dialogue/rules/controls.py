"""Controls: commands, buttons that are typed, and "back"."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from bot.dialogue import callback_data
from bot.dialogue.context import Context, Decision
from bot.dialogue.events import Button
from bot.dialogue.slot_filling import merged
from bot.nlu import tokenizer
from bot.nlu.language import Language

DIGITS = 3
"""A number of more digits is no button's."""


def runs_command(context: Context) -> Decision | None:
    """A slash command, with the facts that its words state: "/restart"."""
    if not context.text.startswith("/"):
        return None
    kb, session = context.kb, context.session
    name = context.text[1:].strip().partition(" ")[0].partition("@")[0]
    if session.history and tokenizer.line([name]) in kb.language.groups(kb.words.back):
        return _previous(context)
    for stem, topic in kb.topics.items():
        if name.casefold() in (topic.command, *topic.commands):
            aspect = topic.commands.get(name.casefold())
            slots = merged(kb, kb.lasting(session.slots), context.new_slots)
            return Decision(stem, slots | ({"aspect": aspect} if aspect else {}))
    if context.parse.words:
        return None  # "/unsend my message" is a question
    return Decision(None, session.slots, 0.0)


def types_button(context: Context) -> Decision | None:
    """The label or the number of a button of the last message: "2"."""
    said, language = context.said, context.kb.language
    button = _typed(context.session.offered, said, language) if said else None
    if button is None:
        return None
    found = callback_data.decode(context.kb, button.value)
    if found is None:
        return Decision(None, context.session.slots, 0.0)
    return Decision(*found)


def goes_back(context: Context) -> Decision | None:
    """One step back, in one of the words for that: "go back"."""
    said = context.line
    if said not in context.kb.language.groups(context.kb.words.back):
        return None
    if context.session.history:
        return _previous(context)
    return Decision(None, context.session.slots, 0.0)


def types_number_without_button(context: Context) -> Decision | None:
    """A number alone, and no button bears it: "77"."""
    said = context.said
    if len(said) != 1 or not said[0].isdecimal():
        return None
    return Decision(None, context.session.slots, 0.0)


def _previous(context: Context) -> Decision:
    """Where the conversation was before."""
    visit = context.session.history[-1]
    return Decision(visit.topic, visit.slots, returns=True)


def _typed(
    offered: Sequence[Button], said: Sequence[str], language: Language
) -> Button | None:
    """The button whose label or number these words are."""
    if len(said) == 1 and said[0].isdecimal():
        number = int(said[0]) if len(said[0]) <= DIGITS else 0
        return offered[number - 1] if 0 < number <= len(offered) else None
    return next((b for b in offered if _spoken(b.label, language) == tuple(said)), None)


@lru_cache(maxsize=1 << 10)
def _spoken(label: str, language: Language) -> tuple[str, ...]:
    """A label's words; it is the knowledge's, so no person's words are remembered."""
    return language.tokenize(label)

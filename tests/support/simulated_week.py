"""A week of simulated use: people who ask, press on, miss, and vote."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.analytics.recorder import Recorder
from bot.app import Assistant
from bot.dialogue.events import Button, Pressed, Said
from bot.knowledge.model import KnowledgeBase, Labels
from bot.store import Store

END = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
_BY_WEEKDAY = (1.0, 1.05, 0.95, 1.1, 1.3, 0.8, 0.7)
_MISSED = (
    "can i undo a bank transfer on zelle",
    "can i undo a zelle bank transfer",
    "undo a bank transfer with zelle please",
    "how do i unsend a fax",
    "unsend a fax",
    "stop a parcel that i posted",
    "stop a parcel i have posted to sarah",
    "cancel my hotel reservation",
    "is my phone bugged",
    "my cat walked over the keyboard at 3 am",
)
_IN_GROUPS = 0.1
_GOOD = 0.72
"""How often the steps work."""


async def week(
    bot: Assistant,
    phrases: Mapping[str, Sequence[str]],
    store: Store,
    questions: int,
    seed: int = 1,
) -> Assistant:
    """The bot after it, its counts and phrases handed to the store."""
    dice = random.Random(seed)
    bot = replace(bot, store=store, recorder=Recorder(keep_phrases=True))
    labels = sorted(phrases)
    weights = [_interest(bot.kb, label) for label in labels]
    for chat, at in enumerate(_moments(questions, dice)):
        if dice.random() < 0.08:
            text = dice.choice(_MISSED)
        else:
            label = dice.choices(labels, weights)[0]
            text = dice.choice(phrases[label])
        if dice.random() < _IN_GROUPS:
            bot.in_group(Said("week:group", text, at))
        else:
            await _person(bot, f"week:{chat}", text, at, dice)
        if chat % 500 == 0:
            await bot.recorder.flush(store.counters)
    await bot.recorder.flush(store.counters)
    return bot


async def _person(
    bot: Assistant, chat: str, text: str, at: datetime, dice: random.Random
) -> None:
    """Answers what is asked back, goes through steps, and may say how it went."""
    reply = await bot.handle(Said(chat, text, at))
    for _ in range(12):
        at += timedelta(seconds=dice.randint(4, 60))
        button = _choice(bot.kb.labels, reply.message.buttons, reply.decision, dice)
        if button is None:
            break
        reply = await bot.handle(Pressed(chat, button.value, at))
    topics, values = bot.kb.roles.topics, bot.kb.roles.values
    if reply.decision == "answer" and dice.random() < 0.12:
        aspect = values.good if dice.random() < 0.8 else values.bad
        await bot.handle(Pressed(chat, f"{topics.feedback}/{aspect}", at))
    elif reply.decision == "answer" and dice.random() < 0.03:
        await bot.handle(Pressed(chat, f"{topics.help}/{values.none_of_these}", at))


def _choice(
    labels: Labels, buttons: tuple[Button, ...], decision: str, dice: random.Random
) -> Button | None:
    named = {button.label: button for button in buttons}
    if labels.worked in named:
        worked = dice.random() < _GOOD
        return named[labels.worked if worked else labels.failed]
    for label in (labels.next, labels.done):
        if label in named:
            return named[label]
    steps = [b for b in buttons if "|n1" in b.value]
    if steps and dice.random() < 0.5:
        return steps[0]
    if decision in ("ask", "clarify") and buttons and dice.random() < 0.9:
        return dice.choice(buttons[: max(2, len(buttons) - 1)])
    return None


def _moments(questions: int, dice: random.Random) -> Iterator[datetime]:
    total = sum(_BY_WEEKDAY)
    monday = (END - timedelta(days=6)).replace(hour=0)
    for day, share in enumerate(_BY_WEEKDAY):
        for _ in range(round(questions * share / total)):
            hour = min(23.9, max(0.0, dice.gauss(15, 4.5)))
            yield monday + timedelta(days=day, hours=hour)


def _interest(kb: KnowledgeBase, label: str) -> float:
    topic, topics = label.partition("/")[0], kb.roles.topics
    if topic == topics.fallback:
        return 0.35
    if topic == topics.default:
        return 14.0
    return 5.0 if topic in kb.topics[topics.default].next else 1.0

"""A question leads where it leads alone, also as the second turn of a chat.

What was told in the first turn is only the service, so nothing else may come of it. A
rule that takes a question for a further fact is found here.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import Assistant
from bot.dialogue.events import Said
from bot.dialogue.session import Session
from bot.dialogue.tree import Answer
from tests.support.books import real_bot

HERE = Path(__file__).parent
KNOWN = HERE / "second_turns.txt"
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


def test_a_second_turn_leads_where_the_question_leads_alone() -> None:
    bot = real_bot()
    lines = (HERE / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    otherwise = {text for text in texts if _second(bot, text) != _alone(bot, text)}
    known = set(KNOWN.read_text(encoding="utf-8").splitlines())
    assert otherwise - known == set()
    assert known - otherwise == set(), "these no longer fail: take them out"


def _alone(bot: Assistant, text: str) -> tuple[str | None, str]:
    return _reached(bot, Session(), text)


def _second(bot: Assistant, text: str) -> tuple[str | None, str]:
    known = bot.answered(Session(), Said("chat", text, NOW)).turn.slots
    service = bot.kb.label(known.get(bot.kb.roles.slots.service, ""))
    where = f" on {service}" if service else ""
    first = f"I sent a message{where} by mistake"
    session = bot.answered(Session(), Said("chat", first, NOW)).turn.session
    return _reached(bot, session, text)


def _reached(bot: Assistant, session: Session, text: str) -> tuple[str | None, str]:
    done = bot.answered(session, Said("chat", text, NOW + timedelta(minutes=1))).turn
    outcome = done.outcome
    if isinstance(outcome, Answer):
        return outcome.topic, outcome.say
    return None, type(outcome).__name__

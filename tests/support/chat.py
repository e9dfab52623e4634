"""The front door: a person in one chat, over the core or over `chat --jsonl`."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, Self

from bot.app import Assistant
from bot.channels import jsonl
from bot.dialogue.events import Pressed, Said
from bot.dialogue.session import Session

NOW = datetime(2026, 5, 10, 12, 0, tzinfo=UTC)

Reply = Mapping[str, Any]
"""A reply object of the interface."""


class Face(Protocol):
    """What takes events and gives reply objects."""

    def say(self, text: str, at: datetime) -> Reply: ...

    def press(self, value: str, at: datetime) -> Reply: ...


class Core:
    """The bot itself."""

    def __init__(self, bot: Assistant) -> None:
        self.bot, self.session = bot, Session()

    def say(self, text: str, at: datetime) -> Reply:
        return self._send(Said("1", text, at))

    def press(self, value: str, at: datetime) -> Reply:
        return self._send(Pressed("1", value, at))

    def _send(self, event: Said | Pressed) -> Reply:
        reply, self.session = self.bot.reply(self.session, event)
        return reply.as_json()


class Lines:
    """The bot behind lines of JSON. All of them are read anew for each reply."""

    def __init__(self, bot: Assistant) -> None:
        self.bot, self.lines = bot, list[str]()

    def say(self, text: str, at: datetime) -> Reply:
        return self._send({"chat": "1", "text": text, "at": at.isoformat()})

    def press(self, value: str, at: datetime) -> Reply:
        return self._send({"chat": "1", "press": value, "at": at.isoformat()})

    def _send(self, event: Mapping[str, str]) -> Reply:
        self.lines.append(json.dumps(event) + "\n")
        out = io.StringIO()
        jsonl.chat(self.bot, io.StringIO("".join(self.lines)), out)
        *_, last = out.getvalue().strip("\n").split("\n")
        reply: Reply = json.loads(last)
        return reply


class Chat:
    """One person's conversation; each step can be followed by the next."""

    def __init__(self, face: Face, at: datetime = NOW) -> None:
        self.face, self.now = face, at
        self.reply: Reply = {}

    def say(self, text: str) -> Self:
        self.reply = self.face.say(text, self.now)
        return self

    def press(self, label: str) -> Self:
        """Presses the button of the last reply that bears a label."""
        assert label in self.buttons, f"no button {label!r} among {self.labels}"
        return self.press_value(self.buttons[label])

    def press_value(self, value: str) -> Self:
        self.reply = self.face.press(value, self.now)
        return self

    def wait(self, **span: float) -> Self:
        """Time passes: `wait(minutes=5)`."""
        self.now += timedelta(**span)
        return self

    def sees(self, *parts: str) -> Self:
        for part in parts:
            assert part in self.text, f"{part!r} is not in {self.text!r}"
        return self

    def sees_no(self, *parts: str) -> Self:
        for part in parts:
            assert part not in self.text, f"{part!r} is in {self.text!r}"
        return self

    def is_asked(self, slot_question: str) -> Self:
        assert self.decision == "ask", self.reply
        return self.sees(slot_question)

    @property
    def text(self) -> str:
        return str(self.reply["text"])

    @property
    def decision(self) -> str:
        return str(self.reply["decision"])

    @property
    def topic(self) -> str | None:
        topic: str | None = self.reply["topic"]
        return topic

    @property
    def slots(self) -> dict[str, str]:
        return dict(self.reply["slots"])

    @property
    def buttons(self) -> dict[str, str]:
        """Label to value."""
        return {b["label"]: b["value"] for b in self.reply["buttons"]}

    @property
    def labels(self) -> list[str]:
        return [b["label"] for b in self.reply["buttons"]]

"""Replays stories over a channel, by the story's clock, and tells what is not met."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from bot.book import Book
from bot.dialogue.events import Button, Event, Pressed, Said
from bot.dialogue.session import Session
from bot.dialogue.turn import Outcome
from bot.errors import Problem
from bot.knowledge.model import Edition
from bot.responses.renderer import Renderer
from bot.responses.reply import Reply
from bot.tools.every_answer import Entry
from bot.tools.story import Expectation, Story, StoryTurn

START = datetime(2026, 5, 10, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Seen:
    """What a person sees, and where a channel tells it, the reply behind it."""

    text: str
    labels: tuple[str, ...]
    reply: Reply | None = None
    outcome: Outcome | None = None

    @property
    def place(self) -> str:
        """The answer or question that was reached."""
        if self.reply is None or self.outcome is None:
            return ""
        return Entry("", {}, self.outcome, self.reply).place


class Face(Protocol):
    """A channel with one person in it."""

    def say(self, text: str, at: datetime) -> Seen: ...

    def press(self, label: str, at: datetime) -> Seen | None:
        """None where the last message has no such button."""


@dataclass
class Core:
    """The bot itself."""

    bot: Book
    session: Session = field(default_factory=Session)
    offered: tuple[Button, ...] = ()

    def say(self, text: str, at: datetime) -> Seen:
        return self._send(Said("story", text, at))

    def press(self, label: str, at: datetime) -> Seen | None:
        value = next((b.value for b in self.offered if b.label == label), None)
        return None if value is None else self._send(Pressed("story", value, at))

    def _send(self, event: Event) -> Seen:
        _, turn, reply = self.bot.answered(self.session, event)
        self.session, self.offered = turn.session, reply.message.buttons
        labels = tuple(b.label for b in reply.message.buttons)
        return Seen(reply.text, labels, reply, turn.outcome)


def edited(bot: Book, top: Path, edition: Edition) -> Book:
    """The same bot in an edition."""
    if bot.kb.edition == edition:
        return bot
    kb = replace(bot.kb, edition=edition)
    return replace(bot, kb=kb, renderer=Renderer(kb, top))


def replay(
    story: Story, face: Face, at: datetime = START
) -> Iterator[tuple[StoryTurn, Seen | None]]:
    """Each turn with what is seen after it; ends at a button that is not there."""
    for turn in story.turns:
        at += turn.wait
        seen = face.press(turn.text, at) if turn.pressed else face.say(turn.text, at)
        yield turn, seen
        if seen is None:
            return


def failures(story: Story, face: Face, at: datetime = START) -> list[Problem]:
    """Every expectation that is not met, by its line."""
    found = []
    for turn, seen in replay(story, face, at):
        if seen is None:
            message = f"the last message has no button “{turn.text}”"
            found.append(Problem(story.path, turn.line, message))
            break
        found += [
            Problem(story.path, expected.line, message)
            for expected in turn.expects
            if (message := unmet(expected, seen))
        ]
    return found


def unmet(expected: Expectation, seen: Seen) -> str:
    """What is wrong; empty where all is well, or where this channel cannot tell."""
    text, labels = expected.text, seen.labels
    match expected.key:
        case "has" if _plain(text) not in _plain(seen.text):
            return f"“{text}” is not in “{_short(seen.text)}”"
        case "not" if _plain(text) in _plain(seen.text):
            return f"“{text}” is in “{_short(seen.text)}”"
        case "buttons" if missing := [b for b in _listed(text) if b not in labels]:
            return f"no button “{missing[0]}” among {', '.join(labels) or 'none'}"
        case "no buttons" if there := [b for b in _listed(text) if b in labels]:
            return f"there is a button “{there[0]}”"
        case "says" if seen.outcome and text != seen.place:
            return f"what was reached is {seen.place}"
    return _unmet_behind(expected, seen.reply) if seen.reply else ""


def _unmet_behind(expected: Expectation, reply: Reply) -> str:
    text = expected.text
    match expected.key:
        case "topic" if text != (reply.topic or "none"):
            return f"the topic is {reply.topic}"
        case "decision" if text != reply.decision:
            return f"the decision is {reply.decision}"
        case "slots":
            for part in text.split():
                slot, _, value = part.partition("=")
                known = reply.slots.get(slot.removeprefix("-"))
                if (known is not None) if slot.startswith("-") else (known != value):
                    return f"{slot.removeprefix('-')} is {known}"
        case "cites" if text not in (cited := [c.claim for c in reply.sources]):
            return f"cites only {', '.join(cited) or 'nothing'}"
    return ""


_SHORT = 160
"""Characters of a reply that a report repeats."""


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHORT else f"{line[:_SHORT]}…"


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split("|") if part.strip()]


def _plain(text: str) -> str:
    return " ".join(text.translate(_QUOTES).split()).casefold()


_QUOTES = str.maketrans("’‘“”", "''\"\"")

"""Writes a chat down as it goes, as a story that a test can replay."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from bot.dialogue.events import Button, Event, Pressed
from bot.errors import BotError
from bot.knowledge.time_limits import duration
from bot.responses.reply import Reply


class StoryRecorder:
    """Writes each turn of a chat into a file, in the form of a story."""

    def __init__(self, path: Path) -> None:
        """Raises BotError, if there is such a file already, or none can be made."""
        self._path = path
        self._at: datetime | None = None
        self._offered: tuple[Button, ...] = ()
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write("# What this conversation is about\n")
        except FileExistsError:
            raise BotError(f"{path} is there already") from None
        except OSError as error:
            raise BotError(f"{path} cannot be written: {error.strerror}") from None

    def record(self, event: Event, reply: Reply) -> None:
        """One turn: what was done, and what the reply was about."""
        lines = [""]
        waited = event.at - (self._at or event.at)
        if waited >= timedelta(minutes=1):
            lines.append(f"at: +{waited // timedelta(minutes=1)}m")
        lines.append(self._done(event))
        lines.append(f"decision: {reply.decision}")
        if reply.topic:
            lines.append(f"topic: {reply.topic}")
        # An age is the clock's, so it would not be the same in a replay.
        told = ((k, v) for k, v in reply.slots.items() if not duration(v))
        slots = " ".join(f"{slot}={value}" for slot, value in told)
        lines += [f"slots: {slots}"] if slots else []
        self._at, self._offered = event.at, reply.message.buttons
        with self._path.open("a", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")

    def _done(self, event: Event) -> str:
        """The words, or the button whose label or number they are."""
        if isinstance(event, Pressed):
            label = next(b.label for b in self._offered if b.value == event.value)
            return f"= {label}"
        text = " ".join(event.text.split())
        for number, button in enumerate(self._offered, 1):
            if text in (str(number), button.label):
                return f"= {button.label}"
        return f"> {text}"

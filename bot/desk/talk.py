"""A conversation as a plain text file: what a person does, and what must be seen then.

    # The first comment is what the talk is about.
    > what the person says
    = The label of the button that is pressed
    at: +15m                       the clock moves on, before what comes next
    edition: guide                 the side of the claims that leads; else `checked`

and, of the reply to the line above them, in any order:

    topic: retract                 decision: ask
    says: retract/steps            the answer; a question is retract?kind
    slots: platform=NAME -read           known with this value; not known
    has: 60 minutes                not: InMail
    buttons: On a phone | Not yet  no buttons: Back
    cites: NAME.window
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from bot.app import Bot
from bot.core.book import Edition
from bot.core.message import Button, Event, Pressed, Said
from bot.core.outcome import Outcome
from bot.core.session import Session
from bot.desk.proof import Entry
from bot.errors import BotError, KnowledgeError, Problem
from bot.files import meant
from bot.render import Renderer
from bot.reply import Reply

START = datetime(2026, 5, 10, 12, 0, tzinfo=UTC)
KEYS = (
    "topic",
    "decision",
    "says",
    "slots",
    "has",
    "not",
    "buttons",
    "no buttons",
    "cites",
)

_KEY = re.compile(r"(?P<key>[a-z][a-z ]*):\s*(?P<text>.*)")
_SPAN = re.compile(r"(\d+)\s*([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True)
class Expectation:
    key: str
    text: str
    line: int


@dataclass(frozen=True)
class Turn:
    """What the person does, and what must be seen then."""

    text: str
    pressed: bool
    """A button's label, not words."""
    wait: timedelta
    """How long after the turn before."""
    line: int
    expects: tuple[Expectation, ...] = ()


@dataclass(frozen=True)
class Talk:
    path: str
    about: str
    turns: tuple[Turn, ...]
    edition: Edition = "checked"


# --- reading


def read(path: Path) -> Talk:
    """Raises KnowledgeError with every line that is not understood."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeError(
            [Problem(str(path), 1, f"cannot be read: {error}")]
        ) from None
    return parse(text, str(path))


def parse(text: str, path: str = "talk.txt") -> Talk:
    """Raises KnowledgeError with every line that is not understood."""
    draft = _Draft(path)
    for number, line in enumerate(text.splitlines(), 1):
        draft.take(number, line.strip())
    if not draft.turns and not draft.problems:
        draft.problems.append(Problem(path, 1, "nobody says anything: begin with `> `"))
    if draft.problems:
        raise KnowledgeError(draft.problems)
    return Talk(path, draft.about, tuple(draft.turns), draft.edition)


@dataclass
class _Draft:
    path: str
    about: str = ""
    edition: Edition = "checked"
    turns: list[Turn] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    wait: timedelta = timedelta(0)

    def take(self, number: int, line: str) -> None:
        match line[:1]:
            case "":
                return
            case "#":
                self.about = self.about or line.lstrip("# ")
            case ">" | "=":
                turn = Turn(line[1:].strip(), line[0] == "=", self.wait, number)
                self.turns.append(turn)
                self.wait = timedelta(0)
            case _:
                self.expect(number, line)

    def expect(self, number: int, line: str) -> None:
        found = _KEY.fullmatch(line)
        key = found["key"].strip() if found else line.split(maxsplit=1)[0]
        if found and key == "at":
            span = duration(found["text"])
            if span is None:
                self.fault(number, "`at` has to be a span such as +15m, +3h or +2d")
            else:
                self.wait += span
        elif found and key == "edition":
            if found["text"] in ("checked", "guide"):
                self.edition = "guide" if found["text"] == "guide" else "checked"
            else:
                self.fault(number, "`edition` is checked or guide")
        elif not found or key not in KEYS:
            message = f"`{key}` is no expectation{meant(key, [*KEYS, 'at', 'edition'])}"
            self.fault(number, message)
        elif not self.turns:
            self.fault(number, "nothing was said before this")
        else:
            last = self.turns[-1]
            expects = (*last.expects, Expectation(key, found["text"].strip(), number))
            self.turns[-1] = Turn(
                last.text, last.pressed, last.wait, last.line, expects
            )

    def fault(self, line: int, message: str) -> None:
        self.problems.append(Problem(self.path, line, message))


def duration(text: str) -> timedelta | None:
    """`+1h 30m` as a span."""
    parts = _SPAN.findall(text)
    if not parts or _SPAN.sub("", text).strip(" +"):
        return None
    return timedelta(**{_UNITS[unit]: int(number) for number, unit in parts})


# --- replaying


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

    bot: Bot
    session: Session = field(default_factory=Session)
    offered: tuple[Button, ...] = ()

    def say(self, text: str, at: datetime) -> Seen:
        return self._send(Said("talk", text, at))

    def press(self, label: str, at: datetime) -> Seen | None:
        value = next((b.value for b in self.offered if b.label == label), None)
        return None if value is None else self._send(Pressed("talk", value, at))

    def _send(self, event: Event) -> Seen:
        turn = self.bot.turn(self.session, event)
        reply = self.bot.renderer.reply(turn, event.at.replace(microsecond=0))
        self.session, self.offered = turn.session, reply.message.buttons
        labels = tuple(b.label for b in reply.message.buttons)
        return Seen(reply.text, labels, reply, turn.outcome)


def edited(bot: Bot, top: Path, edition: Edition) -> Bot:
    """The same bot in an edition."""
    if bot.book.edition == edition:
        return bot
    book = bot.book.model_copy(update={"edition": edition})
    mind = replace(bot.mind, book=book)
    return replace(bot, mind=mind, renderer=Renderer(book, top))


def replay(
    talk: Talk, face: Face, at: datetime = START
) -> Iterator[tuple[Turn, Seen | None]]:
    """Each turn with what is seen after it; ends at a button that is not there."""
    for turn in talk.turns:
        at += turn.wait
        seen = face.press(turn.text, at) if turn.pressed else face.say(turn.text, at)
        yield turn, seen
        if seen is None:
            return


def failures(talk: Talk, face: Face, at: datetime = START) -> list[Problem]:
    """Every expectation that is not met, by its line."""
    found = []
    for turn, seen in replay(talk, face, at):
        if seen is None:
            message = f"the last message has no button “{turn.text}”"
            found.append(Problem(talk.path, turn.line, message))
            break
        found += [
            Problem(talk.path, expected.line, message)
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


# --- writing


class Notes:
    """A chat written down as it goes, in the form of a talk."""

    def __init__(self, path: Path) -> None:
        """Raises BotError, if there is such a file already, or none can be made."""
        self._path = path
        self._at: datetime | None = None
        self._offered: tuple[Button, ...] = ()
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write("# What this talk is about\n")
        except FileExistsError:
            raise BotError(f"{path} is there already") from None
        except OSError as error:
            raise BotError(f"{path} cannot be written: {error.strerror}") from None

    def note(self, event: Event, reply: Reply) -> None:
        """One turn: what was done, and what the reply was about."""
        lines = [""]
        waited = event.at - (self._at or event.at)
        if waited >= timedelta(minutes=1):
            lines.append(f"at: +{waited // timedelta(minutes=1)}m")
        lines.append(self._done(event))
        lines.append(f"decision: {reply.decision}")
        if reply.topic:
            lines.append(f"topic: {reply.topic}")
        slots = " ".join(f"{k}={v}" for k, v in reply.slots.items() if k != "sent")
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

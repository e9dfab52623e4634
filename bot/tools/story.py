"""A conversation as a plain text file: what a person does, and what must be seen then.

    # The first comment is what the conversation is about.
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
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.errors import KnowledgeError, Problem
from bot.knowledge.model import Edition
from bot.knowledge.near_names import did_you_mean
from bot.knowledge.yaml_file import unread

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
class StoryTurn:
    """What the person does, and what must be seen then."""

    text: str
    pressed: bool
    """A button's label, not words."""
    wait: timedelta
    """How long after the turn before."""
    line: int
    expects: tuple[Expectation, ...] = ()


@dataclass(frozen=True)
class Story:
    path: str
    about: str
    turns: tuple[StoryTurn, ...]
    edition: Edition = "checked"


# --- reading


def read(path: Path) -> Story:
    """Raises KnowledgeError with every line that is not understood."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeError([Problem(str(path), 1, unread(error))]) from None
    return parse(text, str(path))


def parse(text: str, path: str = "story.txt") -> Story:
    """Raises KnowledgeError with every line that is not understood."""
    draft = _Draft(path)
    for number, line in enumerate(text.splitlines(), 1):
        draft.take(number, line.strip())
    if not draft.turns and not draft.problems:
        draft.problems.append(Problem(path, 1, "nobody says anything: begin with `> `"))
    if draft.problems:
        raise KnowledgeError(draft.problems)
    return Story(path, draft.about, tuple(draft.turns), draft.edition)


@dataclass
class _Draft:
    path: str
    about: str = ""
    edition: Edition = "checked"
    turns: list[StoryTurn] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    wait: timedelta = timedelta(0)

    def take(self, number: int, line: str) -> None:
        match line[:1]:
            case "":
                return
            case "#":
                self.about = self.about or line.lstrip("# ")
            case ">" | "=":
                turn = StoryTurn(line[1:].strip(), line[0] == "=", self.wait, number)
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
            message = f"`{key}` is no expectation{did_you_mean(key, [*KEYS, 'at', 'edition'])}"
            self.fault(number, message)
        elif not self.turns:
            self.fault(number, "nothing was said before this")
        else:
            last = self.turns[-1]
            expects = (*last.expects, Expectation(key, found["text"].strip(), number))
            self.turns[-1] = StoryTurn(
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

"""Replies: every one, in both editions, fits Telegram and a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.dialogue import callback_data
from bot.dialogue.tree import Answer
from bot.errors import Problem
from bot.knowledge import time_limits
from bot.knowledge.model import KnowledgeBase
from bot.responses.markup import Message, Note, to_plain
from bot.responses.renderer import Renderer
from bot.responses.template_files import TemplateFault
from bot.tools import every_answer
from bot.tools.check.focus import EVERYTHING, Focus
from bot.tools.distinct import Distinct
from bot.tools.every_answer import Entry
from bot.tools.progress import progress

TEXT_LIMIT = 4096
"""UTF-16 units of a message, by Telegram's Bot API (sendMessage.text)."""

PHONE = 700
"""Characters before the fold that a phone shows without much scrolling."""


def every(
    kb: KnowledgeBase, top: Path, focus: Focus = EVERYTHING
) -> tuple[list[Entry], list[Problem]]:
    """The replies that are looked at; and the templates that cannot be filled."""
    told = Distinct(Renderer(kb, top), every_answer.NOW)
    found: list[Entry] = []
    problems: list[Problem] = []
    with progress("Filling every answer", list(kb.topics)) as topics:
        for topic in topics:
            for known in focus.states(kb, topic):
                try:
                    entry = every_answer.reached(told, topic, known)
                except TemplateFault as fault:
                    problems.append(Problem(*fault.place, fault.reason))
                else:
                    found += [entry] if entry else []
    return found, problems


def faults(entries: list[Entry]) -> Iterator[Problem]:
    """What Telegram would refuse, and what was left empty."""
    for entry in entries:
        size = units(entry.reply.text)
        if size > TEXT_LIMIT:
            message = f"{size} UTF-16 units, more than {TEXT_LIMIT}"
            yield _problem(entry, message)
        if not entry.reply.text.strip():
            yield _problem(entry, "an empty reply")
        for b in entry.reply.message.buttons:
            size = len(b.value.encode())
            if size > callback_data.LIMIT:
                message = (
                    f"the button {b.value} has {size} bytes, over {callback_data.LIMIT}"
                )
                yield _problem(entry, message)


def buttons(kb: KnowledgeBase) -> Iterator[Problem]:
    """Buttons without room for the service, the kind and the time: names too long."""
    names = kb.roles.slots
    sent = {names.time: time_limits.instant(every_answer.NOW)}
    for stem, platform in kb.platforms.items():
        for kind in platform.kinds or ("",):
            known = {
                names.service: stem,
                **({names.kind: kind} if kind else {}),
                **sent,
            }
            for topic in kb.topics:
                value = callback_data.encode(kb, topic, known)
                if callback_data.decode(kb, value) != (topic, known):
                    told = " ".join(filter(None, (stem, kind)))
                    message = f"no room for {told} in a button to `{topic}`"
                    file = f"knowledge/platforms/{stem}.yaml"
                    yield Problem(
                        file, 1, f"{message}, which has {callback_data.LIMIT} bytes"
                    )


def nowhere(kb: KnowledgeBase, entries: list[Entry]) -> Iterator[Problem]:
    """Claims of services at answers that are reached only where none is known."""
    service = kb.roles.slots.service
    ways: dict[str, list[Entry]] = {}
    for entry in entries:
        if isinstance(entry.outcome, Answer):
            ways.setdefault(entry.place, []).append(entry)
    for found in ways.values():
        if any(entry.known.get(service) in kb.platforms for entry in found):
            continue
        answer = found[0].outcome
        assert isinstance(answer, Answer)
        general = kb.claims(answer.topic, found[0].known)
        for claim in answer.claims:
            if claim not in general:
                message = f"`{claim}` is a claim of services, and none is known here"
                yield _problem(found[0], message)


def long(entries: list[Entry]) -> Iterator[Problem]:
    """Leaves with more before the fold than a phone shows; the longest of each."""
    longest: dict[str, tuple[int, Entry]] = {}
    for entry in entries:
        size = len(visible(entry.reply.message))
        if size > max(PHONE, longest.get(entry.place, (0, entry))[0]):
            longest[entry.place] = size, entry
    for size, entry in longest.values():
        message = f"{size} characters before the fold, more than {PHONE}"
        yield _problem(entry, message, entry.place)


def visible(message: Message) -> str:
    """What is seen before anything is unfolded."""
    shown = tuple(b for b in message.blocks if not isinstance(b, Note))
    return to_plain(Message(shown))


def units(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def _problem(entry: Entry, message: str, about: str = "") -> Problem:
    where = f" (with {entry.way})" if entry.way else ""
    file = f"knowledge/topics/{entry.topic}.yaml"
    return Problem(file, 1, f"{entry.place}: {message}{where}", about)

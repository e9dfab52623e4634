"""Reads questions with the topic and the facts that a person gave them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.errors import BotError, Problem
from bot.knowledge.model import KnowledgeBase
from bot.knowledge.near_names import did_you_mean
from bot.knowledge.yaml_file import unread

_TEXTS = ("text", "topic")
_KEYS = frozenset((*_TEXTS, "also", "slots", "origin", "split"))


@dataclass(frozen=True)
class Labelled:
    """A question, the topic that answers it, and what its own words state."""

    text: str
    topic: str
    also: tuple[str, ...] = ()
    """Topics that would be as good an answer."""
    slots: dict[str, str] = field(default_factory=dict)

    @property
    def labels(self) -> frozenset[str]:
        return frozenset((self.topic, *self.also))


def read(file: Path, kb: KnowledgeBase) -> tuple[Labelled, ...]:
    """One question a line. Raises BotError with every line that is none."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BotError(f"{file}: {unread(error)}") from None
    questions: list[Labelled] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        faults: list[str] = []
        try:
            row = json.loads(line)
            faults += _faults(row, kb)
        except (ValueError, RecursionError):
            faults.append("not JSON")
        problems += (Problem(str(file), number, fault) for fault in faults)
        if not faults:
            also, slots = row.get("also") or (), row.get("slots") or {}
            questions.append(
                Labelled(row["text"], row["topic"], tuple(also), dict(slots))
            )
    if not problems and not questions:
        problems.append(Problem(str(file), 1, "there is no question in it"))
    if problems:
        raise BotError("\n".join(map(str, problems)))
    return tuple(questions)


def _faults(row: Any, kb: KnowledgeBase) -> Iterator[str]:
    if not isinstance(row, dict):
        yield "not an object"
        return
    for key in row.keys() - _KEYS:
        yield f"unknown key `{key}`"
    for key in _TEXTS:
        if not isinstance(row.get(key), str) or not row[key].strip():
            yield f"`{key}` has to be a text"
    yield from _unknown(row, kb)


def _unknown(row: dict[str, Any], kb: KnowledgeBase) -> Iterator[str]:
    """Topics and slots that the book has not."""
    also, slots = row.get("also") or [], row.get("slots") or {}
    if not isinstance(also, list) or not isinstance(slots, dict):
        yield "`also` has to be a list of topics, `slots` slots with their values"
        return
    for topic in (row.get("topic"), *also):
        if isinstance(topic, str) and topic not in kb.topics:
            yield f"no topic `{topic}`{did_you_mean(topic, kb.topics)}"
    for slot in slots:
        if slot not in kb.slots:
            yield f"no slot `{slot}`{did_you_mean(slot, kb.slots)}"

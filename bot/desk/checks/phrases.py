"""Phrases: those that lead elsewhere, and two that are one once names are masked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from bot.errors import Problem
from bot.knowledge.cache import VECTORS, open_engine
from bot.knowledge.loader import phrase_lines
from bot.knowledge.model import KnowledgeBase
from bot.nlu import engine, entities, tokenizer
from bot.nlu.classifier import SETTINGS

Masked = tuple[str, ...]
Phrase = tuple[str, str, int, Masked]
"""Label, phrase, line, and its words without names."""


def masked(kb: KnowledgeBase, top: Path) -> list[Phrase]:
    """Every phrase as the matcher sees it."""
    lexicon = entities.entity_patterns(kb)
    return [
        (label, phrase, number, entities.extract(lexicon, _words(phrase)).masked)
        for label in sorted(kb.phrases)
        for number, phrase in phrase_lines(top / f"knowledge/phrases/{label}.txt")
    ]


def _words(phrase: str) -> tuple[str, ...]:
    return tokenizer.tokenize(engine.without_quotes(phrase))


def clashes(phrases: list[Phrase]) -> Iterator[Problem]:
    """Phrases of two labels that differ in the name of a service alone."""
    first: dict[Masked, Phrase] = {}
    for label, phrase, number, said in phrases:
        other = first.setdefault(said, (label, phrase, number, said))
        if other[0] != label:
            message = (
                f"but for names the same as “{other[1]}” "
                f"at knowledge/phrases/{other[0]}.txt:{other[2]}"
            )
            yield Problem(f"knowledge/phrases/{label}.txt", number, message)


def astray(phrases: list[Phrase], top: Path, cache: Path | None) -> Iterator[Problem]:
    """Phrases that do not lead to their own topic and aspect.

    To know that takes a model, and to fit one takes its time: what was found is kept
    until a phrase changes.
    """
    kept = cache / f"astray-{_digest(phrases, top)}.json" if cache else None
    found: dict[str, str] = {}
    if kept and kept.is_file():
        found = json.loads(kept.read_text(encoding="utf-8"))
    else:
        found = _astray(phrases, top, cache)
        if kept:
            with suppress(OSError):
                kept.parent.mkdir(parents=True, exist_ok=True)
                for old in kept.parent.glob("astray-*.json"):
                    old.unlink(missing_ok=True)
                kept.write_text(json.dumps(found), encoding="utf-8")
    for label, phrase, number, _ in phrases:
        if best := found.get(f"{label}\t{phrase}"):
            message = f"“{phrase}” is taken for `{best}`"
            yield Problem(f"knowledge/phrases/{label}.txt", number, message)


def _astray(phrases: list[Phrase], top: Path, cache: Path | None) -> dict[str, str]:
    model = open_engine(top, "checked", cache).model
    found = {}
    for label, phrase, _, said in phrases:
        best = model.rank(said)[0].label
        if best != label:
            found[f"{label}\t{phrase}"] = best
    return found


def _digest(phrases: list[Phrase], top: Path) -> str:
    sha = hashlib.sha256(SETTINGS.encode())
    for label, phrase, _, said in phrases:
        sha.update(f"{label}\t{phrase}\t{' '.join(said)}\n".encode())
    for path in sorted((top / VECTORS).glob("*")):
        sha.update(path.read_bytes())
    return sha.hexdigest()[:24]

"""Phrases: those that lead elsewhere, and two that are one once names are masked."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from bot.errors import Problem
from bot.knowledge.cache import VECTORS, open_engine
from bot.knowledge.model import KnowledgeBase
from bot.knowledge.near_names import did_you_mean
from bot.knowledge.phrase_files import phrase_lines
from bot.knowledge.training_data import entity_patterns
from bot.nlu import engine, entities
from bot.nlu.language import Language
from bot.tools.progress import progress

Masked = tuple[str, ...]
Phrase = tuple[str, str, int, Masked]
"""Label, phrase, line, and its words without names."""


def masked(kb: KnowledgeBase, top: Path) -> list[Phrase]:
    """Every phrase as the matcher sees it."""
    patterns = entity_patterns(kb)
    return [
        (
            label,
            phrase,
            number,
            entities.extract(patterns, _words(phrase, kb.language)).masked,
        )
        for label in sorted(kb.phrases)
        for number, phrase, _ in phrase_lines(top / f"knowledge/phrases/{label}.txt")
    ]


def _words(phrase: str, language: Language) -> tuple[str, ...]:
    return language.tokenize(language.without_quotes(phrase))


def sections(kb: KnowledgeBase, top: Path) -> Iterator[Problem]:
    """Headings of sections that name no action."""
    for label, stated in kb.phrase_actions.items():
        unknown = set(stated) - kb.actions.keys() - {""}
        file = f"knowledge/phrases/{label}.txt"
        for name in sorted(unknown):
            lines = (top / file).read_text(encoding="utf-8").splitlines()
            at = next(n for n, row in enumerate(lines, 1) if row.strip() == f"[{name}]")
            meant = did_you_mean(name, kb.actions)
            yield Problem(file, at, f"no action `{name}`{meant}")


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
            file = f"knowledge/phrases/{label}.txt"
            yield Problem(file, number, message, f"{phrase} = {other[1]}")


class Border(NamedTuple):
    """A phrase that is taken for another label than its own."""

    place: Problem
    lead: float
    """By how much the other label leads, in logits."""

    @property
    def close(self) -> bool:
        """Whether both are about as likely, so that any change of phrases may turn it."""
        return self.lead <= _CLOSE


_CLOSE = math.log(2)


def borders(
    phrases: list[Phrase],
    top: Path,
    cache: Path | None,
    labels: frozenset[str] = frozenset(),
) -> Iterator[Border]:
    """Phrases that do not lead to their own topic and aspect; with `labels`, of these.

    To know that takes a model, and to fit one takes its time: what was found is kept
    until a phrase changes.
    """
    kept = cache / f"borders-{_digest(phrases, top)}.json" if cache else None
    if labels and not (kept and kept.is_file()):
        phrases, kept = [one for one in phrases if one[0] in labels], None
    found: dict[str, tuple[str, float]] = {}
    if not phrases:
        return
    if kept and kept.is_file():
        found = json.loads(kept.read_text(encoding="utf-8"))
    else:
        found = _taken(phrases, top, cache)
        if kept:
            with suppress(OSError):
                kept.parent.mkdir(parents=True, exist_ok=True)
                for old in kept.parent.glob("borders-*.json"):
                    old.unlink(missing_ok=True)
                kept.write_text(json.dumps(found), encoding="utf-8")
    for label, phrase, number, _ in phrases:
        if labels and label not in labels:
            continue
        best, lead = found.get(f"{label}\t{phrase}", ("", 0.0))
        if best:
            message = f"“{phrase}” is taken for `{best}`"
            file = f"knowledge/phrases/{label}.txt"
            yield Border(Problem(file, number, message, phrase), lead)


def _taken(
    phrases: list[Phrase], top: Path, cache: Path | None
) -> dict[str, tuple[str, float]]:
    """By label and phrase what it is taken for, and by how much that leads."""
    _, trained = open_engine(top, "checked", cache)
    model, found = trained.model, {}
    own = {label: at for at, label in enumerate(model.labels)}
    with progress("Looking where each phrase leads", phrases) as looked:
        for label, phrase, _, said in looked:
            best = model.rank(said)[0].label
            if best != label:
                odds = model.logits(said)
                lead = float(odds[own[best]] - odds[own[label]])
                found[f"{label}\t{phrase}"] = (best, round(lead, 3))
    return found


def _digest(phrases: list[Phrase], top: Path) -> str:
    """A name for these phrases, and for the code and the vectors that rank them."""
    sha = hashlib.sha256()
    for label, phrase, _, said in phrases:
        sha.update(f"{label}\t{phrase}\t{' '.join(said)}\n".encode())
    code = Path(engine.__file__).parent.rglob("*.py")
    for path in (*sorted(code), *sorted((top / VECTORS).glob("*/*"))):
        sha.update(path.read_bytes())
    return sha.hexdigest()[:24]

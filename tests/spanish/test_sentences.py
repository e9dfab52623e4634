"""Each value of the Spanish book is changed in turn: its sentence gives it away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from shutil import copytree

from bot.knowledge import loader, nodes
from bot.knowledge.model import ClaimType, KnowledgeBase
from bot.tools.check import look, sentences
from tests.support.books import SPANISH, spanish_bot

TODAY = date(2026, 12, 1)


def test_the_sentences_of_the_book_say_what_its_values_say() -> None:
    assert list(sentences.contrary(spanish_bot().kb, SPANISH)) == []


def turned(value: str, kind: ClaimType) -> str | None:
    """A value that says the contrary, if it is one that says anything."""
    if value.startswith("P"):
        return "PT37M"
    if value in kind.yes:
        return next(v for v in (*kind.none, *kind.no) if v in kind.values)
    return (
        kind.yes[0]
        if value in (*kind.no, *kind.none) and kind.yes[0] in kind.values
        else None
    )


def untold(kb: KnowledgeBase) -> list[tuple[str, str, str]]:
    """Services, claims and sentences whose value is turned round and not told."""
    missed, tried = [], 0
    for file, name, _, claim in nodes.all_claims(kb):
        side = claim.checked
        if side is None or side.value is None or name not in kb.facts:
            continue
        value = turned(side.value, kb.facts[name])
        if value is None:
            continue
        tried += 1
        changed = replace(claim, checked=replace(side, value=value, depends=None))
        alone = replace(kb.platforms["whatsapp"], claims={name: changed}, kinds={})
        only = replace(kb, platforms={"whatsapp": alone}, topics={})
        if not list(sentences.contrary(only, SPANISH)):
            missed.append((file, name, side.says))
    assert tried > 30
    return missed


def test_every_value_that_is_turned_round_is_told() -> None:
    assert untold(spanish_bot().kb) == []


def test_a_wrong_one_is_a_warning_of_the_command(tmp_path: Path) -> None:
    copytree(SPANISH, tmp_path / "book")
    path = tmp_path / "book/knowledge/platforms/whatsapp.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("value: nota", "value: nada"), encoding="utf-8")
    told = [str(one) for one in look(tmp_path / "book", TODAY, tmp_path).warnings]
    assert told == [
        "knowledge/platforms/whatsapp.yaml:25: `rastro` is `nada` here, but the sentence"
        " begins with something that stays: “Queda una nota que dice que se eliminó un"
        " mensaje.”"
    ]


def test_what_a_value_means_is_one_of_the_values(tmp_path: Path) -> None:
    copytree(SPANISH, tmp_path / "book")
    path = tmp_path / "book/knowledge/claims.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[todos], ", "[toods], "), encoding="utf-8")
    _, problems = loader.read(tmp_path / "book")
    assert [str(one) for one in problems] == [
        "knowledge/claims.yaml:1: no value `toods`; did you mean `todos`?"
    ]

"""Claims: those that the guide or a service is owed, stale ones, idle ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

from bot.dialogue.tree import Answer
from bot.errors import Problem
from bot.knowledge import nodes, references
from bot.knowledge import unfinished as unfinished_texts
from bot.knowledge.model import Branch, Claim, KnowledgeBase, Platform, Uncovered
from bot.knowledge.yaml_file import Where
from bot.tools.check import source_lines
from bot.tools.check.templates import mentioned
from bot.tools.every_answer import Entry

_FRESH = timedelta(days=183)
"""Half a year."""

Place = tuple[str, str, Where]
"""File, key and the place around it."""


def homeless(kb: KnowledgeBase) -> Iterator[Problem]:
    """Claims of the guide that no claim of ours names; a book may have no guide."""
    numbers: set[int] = set()
    for _, _, _, claim in nodes.all_claims(kb):
        numbers |= set(claim.guide.numbers if claim.guide else ())
    for number in range(1, references.LAST_CLAIM + 1) if numbers else ():
        if number not in numbers:
            yield Problem("knowledge", 1, f"the guide's claim {number} has no home")


def owed(kb: KnowledgeBase) -> Iterator[Problem]:
    """Claims that a service has to make and does not."""
    roles, uncovered = kb.roles, kb.roles.values.uncovered
    for stem, platform in kb.platforms.items():
        for kind in platform.kinds or ("",):
            claims = kb.claims_of(stem, {roles.slots.kind: kind})
            removal = claims.get(roles.claims.removal)
            value = removal.lead(kb.edition).value if removal else None
            for name, fact in kb.facts.items():
                due = fact.owed or (value is not None and value in fact.owed_if)
                if due and name not in claims and stem != uncovered:
                    of = f" of `{kind}`" if kind else ""
                    message = f"the claim `{name}`{of} is owed: {fact.about}"
                    yield Problem(f"knowledge/platforms/{stem}.yaml", 1, message)


def shared_names(kb: KnowledgeBase, top: Path) -> Iterator[Problem]:
    """One name of two services: only the first would ever be found."""
    for stem, other, place, name in _shared(kb):
        if kb.roles.values.uncovered not in (stem, other):
            file = f"platforms/{stem}.yaml"
            line = source_lines.line(top, file, place)
            message = f"`{name}` is a name of {other}.yaml too"
            yield Problem(f"knowledge/{file}", line, message)


def covered(kb: KnowledgeBase, top: Path) -> Iterator[Problem]:
    """A service of the list of those without a file, though it has one by now."""
    stem = kb.roles.values.uncovered
    file = f"platforms/{stem}.yaml"
    places: dict[Where, str] = {
        place[:2]: other for s, other, place, _ in _shared(kb) if s == stem
    }
    places |= {("services", key): key for key in kb.listed if key in kb.platforms}
    for place, other in places.items():
        name = _named(kb.platforms[stem], place)
        message = f"`{name}` has a file of its own by now, {other}.yaml: take it out"
        yield Problem(f"knowledge/{file}", source_lines.line(top, file, place), message)


def _named(platform: Platform, place: Where) -> str:
    """The key of a service at a place, or the name that stands there."""
    key, at = place
    return str(at) if key == "services" else getattr(platform, str(key))[at]


def _shared(kb: KnowledgeBase) -> Iterator[tuple[str, str, Where, str]]:
    """The service, the one that had the name before it, the place, the name."""
    found: dict[tuple[str, ...], str] = {}
    uncovered = kb.roles.values.uncovered
    for stem in sorted(kb.platforms, key=lambda stem: stem == uncovered):
        platform = kb.platforms[stem]
        named: list[tuple[Where, Platform | Uncovered]] = [((), platform)]
        named += [(("services", key), one) for key, one in platform.services.items()]
        for where, entry in named:
            for key in ("names", "weak"):
                for i, name in enumerate(getattr(entry, key)):
                    other = found.setdefault(kb.language.tokenize(name), stem)
                    if other != stem:
                        yield stem, other, (*where, key, i), name


def doubled(kb: KnowledgeBase, top: Path) -> Iterator[Problem]:
    """Claims of a topic under the key of a service's, which could both be meant."""
    for stem, topic in kb.topics.items():
        for name in topic.claims.keys() & kb.facts.keys():
            file = f"topics/{stem}.yaml"
            line = source_lines.line(top, file, ("claims", name))
            message = f"services make a claim `{name}`; give this one another name"
            yield Problem(f"knowledge/{file}", line, message)


def stale(kb: KnowledgeBase, top: Path, on: date) -> Iterator[Problem]:
    """Claims that were checked longer than half a year before a date; a file a line."""
    for file, old in _by_file(kb, lambda c: _age(c, on) > _FRESH).items():
        first = min(old, key=lambda found: -_age(found[1], on))
        checked = first[1].checked
        assert checked
        names = ", ".join(dict.fromkeys(f"`{name}`" for (_, name, _), _ in old))
        message = (
            f"checked more than half a year before {on}, "
            f"the oldest on {checked.checked}: {names}"
        )
        yield Problem(f"knowledge/{file}", _line(top, first[0]), message)


def _age(claim: Claim, on: date) -> timedelta:
    return on - claim.checked.checked if claim.checked else timedelta(0)


def unfinished(kb: KnowledgeBase, top: Path) -> Iterator[Problem]:
    """Claims that a scaffold left to be found out; people are not told these."""
    for file, name, where, claim in nodes.all_claims(kb):
        if said := unfinished_texts.open_in(claim):
            message = f"the claim `{name}` is still to be found out: {said}"
            line = _line(top, (file, name, where))
            yield Problem(f"knowledge/{file}", line, message)
    for stem, topic in kb.topics.items():
        told = {"label": topic.label, "about": topic.about}
        yield from _to_be_written(top, f"topics/{stem}.yaml", told)
    for stem, platform in kb.platforms.items():
        told = {"label": platform.label}
        yield from _to_be_written(top, f"platforms/{stem}.yaml", told)


def _to_be_written(top: Path, file: str, told: Mapping[str, str]) -> Iterator[Problem]:
    for key, said in told.items():
        if unfinished_texts.TODO in said:
            line = source_lines.line(top, file, (key,))
            yield Problem(f"knowledge/{file}", line, f"still to be written: {said}")


def ahead(kb: KnowledgeBase, top: Path, on: date) -> Iterator[Problem]:
    """Claims that were checked on a day that is still to come."""
    for file, name, where, claim in nodes.all_claims(kb):
        if claim.checked and claim.checked.checked > on:
            day = claim.checked.checked
            message = f"`{name}` was checked on {day}, which is after {on}"
            line = source_lines.line(top, file, (*where, name, "checked", "checked"))
            yield Problem(f"knowledge/{file}", line, message)


def unused(kb: KnowledgeBase, top: Path, proof: list[Entry]) -> Iterator[Problem]:
    """Claims that no reply uses and no branch reads; sources that no claim names."""
    used = {place for entry in proof for place in _used(kb, top, entry)}
    read = _branched(kb) | set(kb.first_aid.values())
    for file, name, where, _ in nodes.all_claims(kb):
        if (file, name, where) not in used and name not in read:
            message = f"no reachable answer uses the claim `{name}`"
            line = _line(top, (file, name, where))
            yield Problem(f"knowledge/{file}", line, message)
    named = {
        source
        for _, _, _, claim in nodes.all_claims(kb)
        if claim.checked
        for source in claim.checked.source
    }
    for source in kb.sources.keys() - named:
        line = source_lines.line(top, "sources.yaml", (source,))
        yield Problem("knowledge/sources.yaml", line, f"no claim names `{source}`")


def _used(kb: KnowledgeBase, top: Path, entry: Entry) -> Iterator[Place]:
    """Where the claims stand that a reply's template reads or states."""
    if isinstance(entry.outcome, Answer):
        for name, _ in mentioned(kb, top, entry.place):
            if name in entry.outcome.claims:
                yield from home(kb, entry.outcome.topic, entry.known, name)


def home(
    kb: KnowledgeBase, topic: str, known: Mapping[str, str], name: str
) -> Iterator[Place]:
    """Where a claim stands: with the kind, the service, the topic or action, or all."""
    stem, *rest = kb.place(name, known).split(".")
    entry = kb.topics.get(topic)
    actions = [kb.action(topic, known), kb.usual_action(topic)] if entry else []
    if rest:
        kind = ("kinds", rest[0]) if rest[1:] else ()
        yield f"platforms/{stem}.yaml", name, (*kind, "claims")
    elif entry and name in entry.claims:
        yield f"topics/{topic}.yaml", name, ("claims",)
    elif found := [
        a for a in actions if a in kb.actions and name in kb.actions[a].claims
    ]:
        yield f"actions/{found[0]}.yaml", name, ("claims",)
    elif name in kb.general:
        yield "general.yaml", name, ()


def _branched(kb: KnowledgeBase) -> set[str]:
    """The claims whose value decides a branch."""
    found: set[str] = set()
    for tree in nodes.trees(kb):
        for _, node in nodes.below(tree.root):
            if isinstance(node, Branch):
                found |= {node.of} if node.by == "clock" else {node.by}
    return found


def _by_file(
    kb: KnowledgeBase, wanted: Callable[[Claim], bool]
) -> dict[str, list[tuple[Place, Claim]]]:
    found: dict[str, list[tuple[Place, Claim]]] = {}
    for file, name, where, claim in nodes.all_claims(kb):
        if wanted(claim):
            found.setdefault(file, []).append(((file, name, where), claim))
    return found


def _line(top: Path, place: Place) -> int:
    file, name, where = place
    return source_lines.line(top, file, (*where, name))

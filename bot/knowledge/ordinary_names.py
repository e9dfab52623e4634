"""Names of services that are ordinary words: they would be found in every question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.errors import Problem
from bot.knowledge.model import KnowledgeBase, Platform, Uncovered
from bot.knowledge.yaml_file import Where, YamlFile

_OF_TALK = ("near", "skip", "acts", "modal", "polite")
"""Lists of `words.yaml`: words of messaging, and those that say nothing."""
_OF_THINGS = ("things",)
"""Of what is no message: beside a word of messaging one may be a service."""


def ordinary_names(
    kb: KnowledgeBase, files: Mapping[str, YamlFile]
) -> Iterator[Problem]:
    """A name of a single word that `words.yaml` holds."""
    kinds = {
        word: kind
        for kind in (*_OF_THINGS, *_OF_TALK)
        for word in getattr(kb.words, kind)
    }
    for stem, platform in kb.platforms.items():
        file = files[f"platforms/{stem}.yaml"]
        for where, name in _names(platform):
            kind = kinds.get(name.casefold(), "")
            if where[-2] == "weak" and kind != "near":
                continue
            if kind:
                message = f"`{name}` is an ordinary word (`{kind}` in words.yaml), so "
                message += "many questions would be taken for this service: "
                message += _instead(name, kind)
                yield Problem(file.name, file.line(where), message)


def _instead(name: str, kind: str) -> str:
    if kind in _OF_THINGS:
        return "put it under `weak:`"
    return f"take it out, or write more of the name, such as `{name} app`"


def _names(platform: Platform) -> Iterator[tuple[Where, str]]:
    """Each name with its place, those of the services that it stands for too."""
    named: list[tuple[Where, Platform | Uncovered]] = [((), platform)]
    named += [(("services", key), one) for key, one in platform.services.items()]
    for where, entry in named:
        for key in ("names", "weak"):
            for i, name in enumerate(getattr(entry, key)):
                yield (*where, key, i), name

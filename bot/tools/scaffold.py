"""takeback new: the files of a topic or a service to begin with. Writes over nothing.

They load; what is still to be found out says TODO, and `takeback check` lists it.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot.errors import BotError
from bot.knowledge.model import ClaimType, KnowledgeBase, Uncovered
from bot.knowledge.unfinished import TODO
from bot.tools.command_line import EDIT, open_renderer, unpacked

_NAME = re.compile(r"[a-z][a-z0-9_]{0,23}")

_PLATFORM = """\
# How messages are taken back on {label}. What each line means: knowledge/README.md.
label: {label}
# How people write it, in lower case; single slips are mended anyway. A name that is an
# ordinary word too goes under `weak:` and counts only beside a word such as "on" or "chat".
names: [{names}]
{weak}claims:
{claims}
  # Owed too, or welcome, as soon as it is known:
{more}
"""
_CLAIM = """\
  {name}: # {about}
    checked:
{value}      says: "{todo}: {about}"
      sureness: low
      # source: [...] the names in sources.yaml of what was read
      checked: {today}
"""
_TOPIC = """\
about: "{todo}: what people want to know here."
label: {label}  # as a button
tree: {{say: anywhere, claims: [answer]}}
claims:
  answer:
    checked:
      says: "{todo}: the answer, in one or two short sentences."
      sureness: low
      # source: [...] the names in sources.yaml of what was read
      checked: {today}
next: [{next}]
"""
_PHRASES = """\
# What people type who want to know this: one question a line, in as many different words
# as you can think of. Twenty are a beginning. Name real services freely.
"""
_TEMPLATE = """\
{% extends "_answer.md.j2" %}
{% block verdict %}
**{{ claims.answer }}**
{% endblock %}
"""

NameArgument = Annotated[str, typer.Argument(help="Small letters, digits and _.")]
app = typer.Typer()
new = typer.Typer(no_args_is_help=True)
app.add_typer(
    new,
    name="new",
    help="Begin a topic or a service with its files.",
    rich_help_panel=EDIT,
)


@new.command("platform", hidden=True)
@new.command("service")
def service_command(name: NameArgument) -> None:
    """Write the file of a service; `takeback check` lists what is to be found out."""
    _tell(platform(unpacked(), open_renderer().kb, name, date.today()))  # noqa: DTZ011


@new.command("topic")
def topic_command(name: NameArgument) -> None:
    """Write the files of a topic: a tree of one leaf, its template, its phrases."""
    _tell(topic(unpacked(), open_renderer().kb, name, date.today()))  # noqa: DTZ011


def _tell(written: list[Path]) -> None:
    for path in written:
        print(path)
    print("Now fill in what says TODO; `takeback check` lists it.")


def platform(top: Path, kb: KnowledgeBase, name: str, today: date) -> list[Path]:
    """The file of a service. Raises BotError."""
    sound(name, kb.platforms.keys(), "service")
    listed = kb.listed.get(name) or _listed_as(kb, name.replace("_", " "))
    spoken = listed.names if listed else (name.replace("_", " "),)
    weak = f"weak: [{', '.join(listed.weak)}]\n" if listed and listed.weak else ""
    owed = {key: fact for key, fact in kb.facts.items() if fact.owed}
    more = {key: fact for key, fact in kb.facts.items() if not fact.owed}
    text = _PLATFORM.format(
        names=", ".join(spoken),
        weak=weak,
        label=listed.label if listed else name.replace("_", " ").title(),
        claims="".join(
            _claim(key, fact).format(todo=TODO, today=today)
            for key, fact in owed.items()
        ).rstrip(),
        more="\n".join(
            f"  #   {key}: {_about(kb, fact)}" for key, fact in more.items()
        ),
    )
    return _write({top / f"knowledge/platforms/{name}.yaml": text})


def topic(top: Path, kb: KnowledgeBase, name: str, today: date) -> list[Path]:
    """The files of a topic with one answer. Raises BotError."""
    sound(name, kb.topics.keys(), "topic")
    label = name.replace("_", " ").capitalize()
    text = _TOPIC.format(
        todo=TODO,
        label=label,
        today=today,
        next=kb.roles.topics.default,
    )
    return _write(
        {
            top / f"knowledge/topics/{name}.yaml": text,
            top / f"knowledge/phrases/{name}.txt": _PHRASES,
            top / f"templates/{kb.language_code}/{name}/anywhere.md.j2": _TEMPLATE,
        }
    )


def _listed_as(kb: KnowledgeBase, name: str) -> Uncovered | None:
    """What the list of services without a file knows under a name."""
    there = (one for one in kb.listed.values() if name in (*one.names, *one.weak))
    return next(there, None)


def _claim(name: str, fact: ClaimType) -> str:
    value = "unclear" if "unclear" in fact.values else next(iter(fact.values), "")
    line = f"      value: {value} # {_values(fact)}\n" if value else ""
    return (
        _CLAIM.replace("{name}", name)
        .replace("{about}", fact.about)
        .replace("{value}", line)
    )


def _about(kb: KnowledgeBase, fact: ClaimType) -> str:
    values = _values(fact)
    removal, owed = kb.roles.claims.removal, " or ".join(fact.owed_if)
    when = f" Owed where `{removal}` is {owed}." if owed else ""
    return fact.about + (f" ({values})" if values else "") + when


def _values(fact: ClaimType) -> str:
    quoted = [f'"{v}"' if v in ("yes", "no") else v for v in fact.values]
    return ", ".join(
        [*quoted, *(["PT15M, PT48H..PT60H or the like"] if fact.duration else [])]
    )


def sound(name: str, there: Collection[str], what: str) -> None:
    """Raises BotError for what is no name, or the name of something."""
    if not _NAME.fullmatch(name):
        message = "small letters, digits and _, at most 24, such as voice_notes"
        raise BotError(f"`{name}` is no name for a {what}: {message}")
    if name in there:
        raise BotError(f"the {what} `{name}` is there already")


def _write(files: dict[Path, str]) -> list[Path]:
    for path in files:
        if path.exists():
            raise BotError(f"{path} is there already")
    for path, text in files.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            raise BotError(f"{path} cannot be written: {error.strerror}") from None
    return list(files)

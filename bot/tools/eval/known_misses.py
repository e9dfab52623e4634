"""Questions that are known to be answered wrongly: a list that may only shrink."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.errors import BotError
from bot.knowledge.yaml_file import unread
from bot.tools.eval.figures import Wrong

_HEAD = """\
# Questions that are answered wrongly: known, and to become fewer. One a line, then a
# tab, the right topic and what it is taken for. `takeback eval FILE --known THIS` holds
# it against how things are; with --write-known it is written anew.
"""


def read(file: Path) -> tuple[str, ...]:
    """The questions of a list. Raises BotError where there is none."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BotError(f"{file}: {unread(error)}") from None
    return tuple(
        line.partition("\t")[0]
        for line in lines
        if line.strip() and not line.startswith("# ")
    )


def written(wrong: Iterable[Wrong]) -> str:
    """The list of these."""
    lines = sorted(f"{w.text}\t{w.topic} → {w.taken_for}\n" for w in wrong)
    return _HEAD + "".join(lines)


def differences(
    known: Iterable[str], wrong: Iterable[Wrong], asked: Iterable[str]
) -> Iterator[str]:
    """One line for every question that fares otherwise than the list says."""
    listed, failed = frozenset(known), {w.text: w for w in wrong}
    for text in asked:
        if text in failed and text not in listed:
            one = failed[text]
            yield f"wrong, and not on the list: {text} ({one.topic} → {one.taken_for})"
        elif text in listed and text not in failed:
            yield f"right now, take it off the list: {text}"
    for text in sorted(listed.difference(asked)):
        yield f"on the list, but not asked: {text}"

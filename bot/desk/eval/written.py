"""The fitted doubt as a file that a reviewer can read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from textwrap import fill

from bot.desk.eval import doubt
from bot.desk.eval.folds import FOLDS
from bot.knowledge.model import Fitted

_HEAD = f"""
Written by `takeback eval --fit`, never by hand. How sure is sure enough: the
confidence, its limits, and what justifies them. Fitted to the book's own phrases in
{FOLDS} rounds: each phrase held out once, and each label out of scope once more as
a whole ("strange": what nobody foresaw). A wrong answer costs {doubt.WRONG:g}, to ask
back {doubt.ASKED_BACK:g}, to lose a question {doubt.LOST:g}, to answer one that is
out of scope {doubt.STRANGE:g}.
"""
_SCORES = """
Of the held-out phrases, the part whose topic ranked first and among the first three,
and what these limits make of them. Out of scope, to be lost is right.
"""
_RELIABILITY = f"""
Of the answers given: how sure, and how many right, as weighed for what people ask
({doubt.HOPE:.0%} with their topic first; phrases are harder) and of the bare phrases.
"""
_WIDTH = 88


def written(found: Fitted) -> str:
    """The text of `knowledge/doubt.yaml`."""
    return "".join(
        (
            _comment(_HEAD),
            f"date: {found.date.isoformat()}\n",
            f"phrases: {found.phrases}\n",
            "doubt:\n",
            *_indented(f"{name}: {n:g}" for name, n in asdict(found.doubt).items()),
            _comment(_SCORES),
            "scores:\n",
            *_indented(f"{kind}: {_flow(row)}" for kind, row in found.scores.items()),
            _comment(_RELIABILITY),
            "reliability:\n",
            *_indented(f"- {_flow(row)}" for row in found.reliability),
        )
    )


def _comment(text: str) -> str:
    line = " ".join(text.split())
    mark = "# "
    return fill(line, _WIDTH, initial_indent=mark, subsequent_indent=mark) + "\n"


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"  {line}\n" for line in lines)


def _flow(row: Mapping[str, float]) -> str:
    return f"{{{', '.join(f'{name}: {n:g}' for name, n in row.items())}}}"

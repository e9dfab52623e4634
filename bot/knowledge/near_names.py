"""What may have been meant by a name that there is not."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(name: str, among: Iterable[str]) -> str:
    """What an editor may have meant by a name, as the end of a message."""
    # Only now: it takes a start some milliseconds, and most names are there.
    from rapidfuzz import process

    near = process.extractOne(name, list(among), score_cutoff=70)
    return f"; did you mean `{near[0]}`?" if near else ""

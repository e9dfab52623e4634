"""Questions mistyped as fingers do it, the same way every time."""

import random
from functools import lru_cache

_WRONG_START = 0.1
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


@lru_cache
def _beside_key(key: str) -> str:
    """The keys that a finger meets instead, on the same row or the next."""
    positions = {
        k: (x + 0.5 * y, y) for y, row in enumerate(_KEYS) for x, k in enumerate(row)
    }
    if key not in positions:
        return ""
    x, y = positions[key]
    return "".join(
        k
        for k, (a, b) in positions.items()
        if k != key and abs(a - x) <= 1 >= abs(b - y)
    )


def mistyped(question: str, slips: int, rng: random.Random) -> str:
    """The question with so many words mistyped; longer words are likelier."""
    words = question.split(" ")
    for _ in range(slips):
        sizes = [len(word) if word.isalpha() else 0 for word in words]
        weights = [size if size >= 4 else size / 100 for size in sizes]  # noqa: PLR2004
        if not any(weights):
            break
        at = rng.choices(range(len(words)), weights)[0]
        words[at] = _slipped(words[at].lower(), rng)
    return " ".join(words)


def _slipped(word: str, rng: random.Random) -> str:
    """A wrong key, two letters swapped, one dropped or one doubled."""
    first = 0 if rng.random() < _WRONG_START else min(1, len(word) - 1)
    at = rng.randrange(first, len(word))
    before, letter, after = word[:at], word[at], word[at + 1 :]
    kind = rng.choices(("key", "swap", "drop", "double"), (35, 25, 25, 15))[0]
    if kind == "key" and _beside_key(letter):
        return before + rng.choice(_beside_key(letter)) + after
    if kind == "swap" and after and after[0] != letter:
        return before + after[0] + letter + after[1:]
    if kind == "drop" and before + after:
        return before + after
    return before + letter + letter + after

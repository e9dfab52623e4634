"""python -m tests.benchmarks.texts [COUNT] [SEED]: the slowest of many odd texts.

Every text is answered once, cold for its own words, by the real knowledge base, and then
redacted as for the inbox; what takes longest is told, with its text, and what half and all
but one in a hundred take. It is processor time, which others at work make up to ten times as
long now and then. So what took too long is taken again, with all memories of words emptied,
and counts by its best.
"""

from __future__ import annotations

import functools
import gc
import random
import statistics
import sys
import time
from collections.abc import Callable

from bot import startup
from bot.analytics.redact import Redactor, WordLists
from bot.app import Assistant
from bot.folders import root
from bot.nlu.engine import LONGEST
from tests.support.books import real_bot
from tests.support.fake_telegram import say

MOST = 0.010
"""Seconds that the slowest may take."""
SHOWN = 5
AGAIN = 5
"""Times that what took too long is taken again."""

LETTERS = "etaoinshrdlucmfwypvbgkjqxz"
KNOWN = [
    *("delete", "unsend", "message", "whatsapp", "signal", "line", "slack", "on", "in"),
    *("not", "read", "seen", "before", "she", "he", "they", "it", "my", "the", "a"),
    *("group", "ago", "hours", "minutes", "yesterday", "at", "9", "30", "like", "from"),
    *("to", "march", "2021", "3rd", "last", "blocked", "admin", "photo"),
]
ODD = "'’.,?!\"“”()-_/\\\n\t🙈👍é\u0301ß中д\u200b0123456789"

Make = Callable[[random.Random], str]


def slips(draw: random.Random) -> str:
    """Words that are none, short and long."""
    return " ".join(
        "".join(draw.choices(LETTERS, k=draw.randint(2, 24))) for _ in range(200)
    )


def misspelt(draw: random.Random) -> str:
    """Words of the knowledge base, each with a letter too many."""
    words = draw.choices(KNOWN, k=draw.randint(1, 200))
    return " ".join(w + draw.choice(LETTERS) for w in words)


def known(draw: random.Random) -> str:
    """Words that patterns are made of, in no order."""
    return " ".join(draw.choices(KNOWN, k=draw.randint(1, 250)))


def repeated(draw: random.Random) -> str:
    """A few words again and again."""
    return " ".join(draw.choices(KNOWN, k=draw.randint(1, 4)) * 250)


def marks(draw: random.Random) -> str:
    """Signs, emoji and letters of any script."""
    return "".join(draw.choices(ODD + LETTERS, k=draw.randint(1, LONGEST)))


def anything(draw: random.Random) -> str:
    """Any characters at all."""
    return "".join(
        chr(draw.randint(1, 0xD7FF)) for _ in range(draw.randint(1, LONGEST))
    )


def quoted(draw: random.Random) -> str:
    """Quotations, open and closed."""
    return "".join(draw.choice(["“", '"', "' ", "said ", "x "]) for _ in range(LONGEST))


def drawn_out(draw: random.Random) -> str:
    """One letter for many."""
    return draw.choice(LETTERS) * LONGEST + draw.choice(LETTERS)


MAKERS: tuple[Make, ...] = (
    slips, misspelt, known, repeated, marks, anything, quoted, drawn_out,
)  # fmt: skip


def plain(bot: Assistant) -> float:
    """Seconds of a usual question, to tell how fast the machine is just now."""
    took = []
    for _ in range(200):
        start = time.thread_time()
        bot.ask("can i still unsend a message on signal after they read it")
        took.append(time.thread_time() - start)
    return statistics.median(took)


def by_kind(took: list[tuple[float, str, str]]) -> None:
    """Prints what each kind of text takes."""
    kinds: dict[str, list[float]] = {}
    for seconds, name, _ in took:
        kinds.setdefault(name, []).append(seconds * 1e3)
    for name, own in kinds.items():
        own.sort()
        middle, p99 = own[len(own) // 2], own[len(own) * 99 // 100]
        say(f"{name:10} middle {middle:.2f}, p99 {p99:.2f}, slowest {own[-1]:.2f} ms")


def memories() -> list[functools._lru_cache_wrapper[object]]:
    """Those of words and texts that were met before."""
    every = [o for o in gc.get_objects() if isinstance(o, functools._lru_cache_wrapper)]
    ours = [one for one in every if one.__module__.startswith("bot.")]
    return [one for one in ours if one.cache_parameters()["maxsize"]]


def main(many: int = 20_000, seed: int = 1) -> int:
    """Prints the figures; 1 where the slowest took too long."""
    draw, bot = random.Random(seed), real_bot()
    lists = WordLists.read(root() / "knowledge" / "redaction")
    redactor = Redactor(bot.nlu.spelling.uses, lists)
    bot.renderer.templates.prepare()
    bot.ask("how do i unsendd it")  # what is made at the first slip is made now
    remembered = memories()  # the collector no longer lists them afterwards
    startup.settled()

    def once(text: str) -> float:
        start = time.thread_time()
        bot.ask(text)
        redactor.redact(text)
        return time.thread_time() - start

    def cold(text: str) -> float:
        for memory in remembered:
            memory.cache_clear()
        return once(text)

    took: list[tuple[float, str, str]] = []
    for number in range(many):
        make = MAKERS[number % len(MAKERS)]
        text = make(draw)[:LONGEST]
        took.append((once(text), make.__name__, text))
    by_kind(took)
    took.sort(reverse=True)
    half, most, slowest = (took[n][0] * 1e3 for n in (many // 2, many // 100, 0))
    say(f"a plain question, met before: {plain(bot) * 1e3:.2f} ms")
    say(
        f"{many} texts, middle {half:.2f}, one in 100 {most:.2f}, slowest {slowest:.2f} ms"
    )
    late = [one for one in took if one[0] > MOST]
    again = [
        (min(cold(text) for _ in range(AGAIN)), name, text) for _, name, text in late
    ]
    say(f"{len(late)} took more than {MOST * 1e3:.0f} ms; the best of {AGAIN} of each:")
    again.sort(reverse=True)
    for seconds, name, text in again[:SHOWN]:
        say(f"{seconds * 1e3:7.2f} ms  {name}: {text[:60]!r}")
    good = not again or again[0][0] <= MOST
    say("good" if good else "NOT GOOD")
    return int(not good)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))

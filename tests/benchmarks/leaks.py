"""python -m tests.benchmarks.leaks: what the inbox keeps of phrases that say something private.

262 phrases; what is private stands in brackets. A leak is a phrase of which a bracketed word
is kept, be it "house". The phrases that keep one are printed, and what a redaction takes.
"""

from __future__ import annotations

import re
import statistics
import sys
import time
from collections import Counter

from bot.analytics.redact import Redactor, WordLists, small
from bot.folders import root
from tests.support.books import real_bot
from tests.support.fake_telegram import say

WANTED = 262
_PRIVATE = re.compile(r"\[([^]]+)\]")
_WORD = re.compile(r"[^\W_]+")

_NAMES = """
john michael susan karen sarah lisa daniel sandra mark paul kevin brian laura anna peter
grace tom bill bob smith brown taylor will rose jessica emily omar fatima wei priya
"""
AFTER = (
    "message i sent to [{}] on whatsapp",
    "how do i unsend what i wrote to [{}]",
    "[{}] got my message, can i delete it",
    "i texted [{}] by mistake on signal",
)
FRAMES = {
    "i sent it to {} and she read it": (
        "[Sarah Connor]", "[sarah connor]", "[SARAH CONNOR]", "[mary-jane watson]",
        "Dr [Patel]", "mrs [okafor]", "grandma [Elsie]", "my boss [Tim]", "[Zoë]", "[José]",
    ),
    "can i take back a message about {}": (
        "[cancer]", "my [abortion]", "[chlamydia]", "my [divorce] from [Greg]", "[rehab]",
        "my [bipolar diagnosis]", "[HIV]", "the [miscarriage]", "[chemo]", "[prozac]",
    ),
    "i sent my address {} to the wrong group": (
        "[baker street london]", "[church lane bath]", "[12 elm road]", "[Rue] de [Rivoli]",
        "[park avenue]", "[Hauptstrasse 5]", "[flat 3 oak house]", "[Brooklyn]", "[leeds]",
        "[10115 berlin]",
    ),
    "undo please, the pin was {}": (
        "[four two one nine]", "[4219]", "[double seven zero one]", "[nine nine nine]",
        "[1-2-3-4]", "[oh seven seven]", "[twelve thirty four]", "[fivefive]", "[VIII]",
    ),
    "my password {} went to the wrong chat": (
        "[hunter2]", "[correcthorsebattery]", "[Tr0ub4dor]", "[s3cret!]", "[qwertz]",
        "[swordfish]", "[letmein99]", "[p@ssw0rd]", "[trustno1]", "[zxcvb]",
    ),
    "i mailed it to {} yesterday": (
        "[joe.bloggs@example.com]", "[joe] dot [bloggs] at gmail", "[@bobby_99]",
        "[+49 170 1234567]", "[example.com/secret]", "[t.me/bobby]", "[020-7946-0958]",
        "[DE89 3704 0044 0532 0130 00]", "[#mysecret]", "[https://example.org/u/jane]",
    ),
    "how do i unsend {} in teams": (
        "[“you are fat”]", "['my salary is 90k']", '["meet me at nine"]', "[«je t'aime»]",
        "[`rm -rf`]", "[„du bist blöd“]", '["unclosed words of mine]', "[‘call me’]",
    ),
    "{} saw my story, can i hide it": (
        "[Mohammed]", "[mohammed]", "[Nguyen]", "[szymon]", "[Kowalski]", "[olga petrova]",
        "[Мария]", "[小明]", "[siobhan]", "[Bjørn]", "[xx_darkwolf_xx]", "[O'Brien]",
    ),
    "the message to {} was about money": (
        "[barclays]", "the [Smiths]", "[Acme Ltd]", "[goldman sachs]", "my landlord [Ivan]",
        "[st marys school]", "[judge Reinhold]", "[father murphy]", "[nhs glasgow]",
    ),
    "how do i undo: {}": (
        "[i quit]", "[you will regret it]", "[see you at the harbour]", "[salary 90000]",
    ),
    "i work at {} and sent it to everyone": (
        "[lidl]", "the [white house]", "[Siemens]", "[Croydon hospital]", "[tesco extra]",
        "a [law firm] in [Zurich]", "[mcdonalds watford]", "the [embassy] of [Chad]",
    ),
    "she was born {} and i posted it": (
        "[12/03/1999]", "[1999-03-12]", "in [nineteen eighty four]", "[3rd] of [march 99]",
    ),
}  # fmt: skip


def phrases() -> list[str]:
    """As many names as there is room for, after the rest."""
    rest = [frame.format(one) for frame, all_ in FRAMES.items() for one in all_]
    names = (*_NAMES.split(), *(name.title() for name in _NAMES.split()))
    named = [frame.format(name) for name in names for frame in AFTER]
    return [*rest, *named[: WANTED - len(rest)]]


def leaked(redactor: Redactor, phrase: str) -> list[str]:
    """The private words that are kept, unless the same stand outside of the brackets."""
    kept = Counter(_WORD.findall(redactor.redact(_PRIVATE.sub(r"\1", phrase))))
    open_ = Counter(_WORD.findall(small(_PRIVATE.sub("", phrase))))
    own = _WORD.findall(small(" ".join(_PRIVATE.findall(phrase))))
    return [word for word in own if kept[word] > open_[word]]


def main() -> bool:
    lists = WordLists.read(root() / "knowledge" / "redaction")
    redactor = Redactor(real_bot().nlu.spelling.uses, lists)
    found = phrases()
    took = []
    leaks = 0
    for phrase in found:
        began = time.thread_time()
        redactor.redact(phrase)
        took.append((time.thread_time() - began) * 1e6)
        if words := leaked(redactor, phrase):
            leaks += 1
            say(f"  {phrase}: {' '.join(words)}")
    say(
        f"{len(found)} phrases, {leaks} keep a private word; "
        f"a redaction {statistics.median(took):.0f} µs, at most {max(took):.0f}"
    )
    return len(found) == WANTED


if __name__ == "__main__":
    sys.exit(not main())

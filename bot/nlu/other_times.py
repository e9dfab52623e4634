"""Times that are not those at which a message went out.

They tell how old somebody is, or when it was read, answered or deleted.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.nlu.expressions import Expression


class OtherTimes(NamedTuple):
    """How a language says of what a time is, if not of the sending.

    Patterns of what stands before a time end where it begins.
    """

    aged: Expression
    """A time that may be how old somebody is."""
    passed: Expression
    """One that says that it passed."""
    deed: Expression
    """Before a time at which something was done to the message, or by somebody else."""
    just: Expression
    """How a time begins that has just been."""
    at_once: Expression
    """How one ends that is no verb: "just now"."""
    they: Expression
    """Somebody else, before what they have just done."""
    until: Expression
    """Behind a span that lasted until something."""
    person: Expression
    """Whose age it is, before it."""
    relative: Expression
    """The same, behind it."""
    sent: Expression
    """Before a time at which the message was sent."""
    sending: Expression
    """The same, behind it."""
    message: Expression
    """Behind an age: it is that of a message after all."""


def is_of_sending(match: re.Match[str], line: str, words: OtherTimes) -> bool:
    """Whether the words beside a time say that it is when the message was sent."""
    before, behind = line[: match.start()], line[match.end() :]
    return bool(words.sent.search(before) or words.sending.match(behind))


def is_of_another(match: re.Match[str], line: str, words: OtherTimes) -> bool:
    """Whether a time in a line tells of something else than the sending."""
    before, behind = line[: match.start()], line[match.end() :]
    if words.aged.search(match[0]):
        named = words.person.search(before) and not words.message.match(behind)
        return bool(named or words.relative.match(behind))
    if words.just.match(match[0]):
        # "Just now" may be of another deed, "just sent" of another person.
        other = words.deed if words.at_once.search(match[0]) else words.they
        return bool(other.search(before))
    lasted = not words.passed.search(match[0]) and words.until.match(behind)
    return bool(lasted or words.deed.search(before))

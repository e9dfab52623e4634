"""The facts of a message as the conversation has them, and what survives of those before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from bot.core import clock, guide, oclock, words
from bot.core.book import UNSURE, Book
from bot.core.gist import FRAGMENT
from bot.core.mind import Heard, Mind
from bot.core.session import Session


def stated_by(
    book: Book, session: Session, heard: Heard, now: datetime
) -> dict[str, str]:
    """The facts of a message; "no idea" counts as an answer to the open question."""
    stated = heard.reading.values
    stated |= _device(book, session, heard, stated)
    here = _keeps(book, session, heard)
    if here or _at_the_other_end(book, session, heard, stated):
        stated["platform"] = session.known["platform"]
    assumed = heard.reading.assumed
    if assumed and "platform" not in {**session.known, **stated}:
        stated["platform"] = assumed
    if found := _age(heard, now):
        age, slack = found
        stated["sent"] = clock.instant(now - age, slack)
    if words.holds(heard.words, book.words.unsure):
        stated.pop("read", None)
        if session.pending:
            stated[session.pending] = UNSURE
    return stated


def _device(
    book: Book, session: Session, heard: Heard, stated: dict[str, str]
) -> dict[str, str]:
    """The device that words name, where they do not name a service by it.

    A service that was named by nothing else is taken out of `stated`.
    """
    devices = book.words.devices
    named = [word for word in heard.words if word in devices]
    if not named:
        return {}
    spare = [word for word in heard.words if word not in devices]
    bare = session.asked != "platform" and book.words.skip.issuperset(spare)
    if "platform" not in session.known and not bare:
        return {}
    for found in heard.reading.found:
        if found.slot == "platform" and found.weak:
            if not set(heard.words[found.start : found.end]) <= devices.keys():
                return {}
            stated.pop("platform", None)
    if "platform" in stated or _theirs(book, heard):
        return {}
    return {guide.DEVICE: devices[named[0]]}


def _theirs(book: Book, heard: Heard) -> bool:
    return not book.words.theirs.isdisjoint(heard.words)


def _at_the_other_end(
    book: Book, session: Session, heard: Heard, stated: Mapping[str, str]
) -> bool:
    """Whether a service named is where the recipient gets the mail: "she uses ..."."""
    ends = {session.known.get("platform", ""), stated.get("platform", "")}
    if len(ends) == 1 or words.holds(heard.words, book.words.meant):
        return False
    mail = [book.claims_of(end, {}).get("removal") for end in ends]
    values = [claim.lead(book.edition).value if claim else None for claim in mail]
    return _theirs(book, heard) and all(value in _MAIL for value in values)


_MAIL = ("organisation", "before_delivery")


def _age(heard: Heard, now: datetime) -> tuple[timedelta, timedelta] | None:
    """How long ago the message went out, as stated, and by how much that may be off.

    A time of day tells where the clock is the person's own, in its zone; a channel that
    does not know theirs says UTC.
    """
    reading = heard.reading
    if reading.age is not None:
        return reading.age, reading.slack
    time, day = reading.when.time, reading.when.day
    if day is not None:
        return oclock.since(day, now)
    if time is not None and now.tzinfo is not UTC:
        return oclock.ago(time, now), timedelta(0)
    return None


def _keeps(book: Book, session: Session, heard: Heard) -> bool:
    """Whether a name means the service at hand: its app may be called like another."""
    here = book.platforms.get(session.known.get("platform", ""))
    if here is None or not here.keeps or words.holds(heard.words, book.words.meant):
        return False
    found = [f for f in heard.reading.found if f.slot == "platform"]
    said = words.line(heard.words[found[0].start : found[0].end]) if found else ""
    return said in words.groups(here.keeps)


def of_kind(mind: Mind, session: Session, text: str, heard: Heard) -> Heard:
    """Which kind it was may come to a person later: "it's the old one"."""
    if "kind" not in session.known or heard.reading.found:
        return heard
    if len(heard.reading.rest) > FRAGMENT:
        return heard
    late = mind.hear(text, "kind")
    platform = mind.book.platforms.get(session.known.get("platform", ""))
    kinds = platform.kinds if platform else {}
    return late if late.reading.values.get("kind") in kinds else heard


def still_known(
    book: Book, session: Session, stated: Mapping[str, str]
) -> dict[str, str]:
    """What survives a clear topic: all, unless it is about another service."""
    known = book.lasting(session.known)
    other = stated.get("platform", known.get("platform")) != known.get("platform")
    return {} if other and "platform" in known else known


def lasting(
    book: Book, session: Session, topic: str, stated: Mapping[str, str]
) -> dict[str, str]:
    """The aspect of the topic at hand that a plain question about it leaves as it is."""
    aspect = session.known.get("aspect", "")
    platform = session.known.get("platform")
    same = topic == session.topic and stated.get("platform", platform) == platform
    return {"aspect": aspect} if same and aspect in book.topics[topic].lasts else {}

"""The facts of a message as the conversation has them, and what survives of those before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from bot.dialogue import steps
from bot.dialogue.rules import FRAGMENT
from bot.dialogue.session import Session
from bot.knowledge import time_limits
from bot.knowledge.model import UNSURE, KnowledgeBase
from bot.nlu import clock_times, tokenizer
from bot.nlu.engine import NluEngine, Parse


def stated_by(
    kb: KnowledgeBase, session: Session, parse: Parse, now: datetime
) -> dict[str, str]:
    """The facts of a message; "no idea" counts as an answer to the open question."""
    stated = parse.reading.values
    stated |= _device(kb, session, parse, stated)
    here = _keeps(kb, session, parse)
    if here or _at_the_other_end(kb, session, parse, stated):
        stated["platform"] = session.known["platform"]
    assumed = parse.reading.assumed
    if assumed and "platform" not in {**session.known, **stated}:
        stated["platform"] = assumed
    if found := _age(parse, now):
        age, slack = found
        stated["sent"] = time_limits.instant(now - age, slack)
    if tokenizer.holds(parse.words, kb.words.unsure):
        stated.pop("read", None)
        if session.pending:
            stated[session.pending] = UNSURE
    return stated


def _device(
    kb: KnowledgeBase, session: Session, parse: Parse, stated: dict[str, str]
) -> dict[str, str]:
    """The device that words name, where they do not name a service by it.

    A service that was named by nothing else is taken out of `stated`.
    """
    devices = kb.words.devices
    named = [word for word in parse.words if word in devices]
    if not named:
        return {}
    spare = [word for word in parse.words if word not in devices]
    bare = session.asked != "platform" and kb.words.skip.issuperset(spare)
    if "platform" not in session.known and not bare:
        return {}
    for found in parse.reading.found:
        if found.slot == "platform" and found.weak:
            if not set(parse.words[found.start : found.end]) <= devices.keys():
                return {}
            stated.pop("platform", None)
    if "platform" in stated or _theirs(kb, parse):
        return {}
    return {steps.DEVICE: devices[named[0]]}


def _theirs(kb: KnowledgeBase, parse: Parse) -> bool:
    return not kb.words.theirs.isdisjoint(parse.words)


def _at_the_other_end(
    kb: KnowledgeBase, session: Session, parse: Parse, stated: Mapping[str, str]
) -> bool:
    """Whether a service named is where the recipient gets the mail: "she uses ..."."""
    ends = {session.known.get("platform", ""), stated.get("platform", "")}
    if len(ends) == 1 or tokenizer.holds(parse.words, kb.words.meant):
        return False
    mail = [kb.claims_of(end, {}).get("removal") for end in ends]
    values = [claim.lead(kb.edition).value if claim else None for claim in mail]
    return _theirs(kb, parse) and all(value in _MAIL for value in values)


_MAIL = ("organisation", "before_delivery")


def _age(parse: Parse, now: datetime) -> tuple[timedelta, timedelta] | None:
    """How long ago the message went out, as stated, and by how much that may be off.

    A time of day tells where the clock is the person's own, in its zone; a channel that
    does not know theirs says UTC.
    """
    reading = parse.reading
    if reading.age is not None:
        return reading.age, reading.slack
    time, day = reading.when.time, reading.when.day
    if day is not None:
        return clock_times.since(day, now)
    if time is not None and now.tzinfo is not UTC:
        return clock_times.ago(time, now), timedelta(0)
    return None


def _keeps(kb: KnowledgeBase, session: Session, parse: Parse) -> bool:
    """Whether a name means the service at hand: its app may be called like another."""
    here = kb.platforms.get(session.known.get("platform", ""))
    if here is None or not here.keeps or tokenizer.holds(parse.words, kb.words.meant):
        return False
    found = [f for f in parse.reading.found if f.slot == "platform"]
    said = tokenizer.line(parse.words[found[0].start : found[0].end]) if found else ""
    return said in tokenizer.groups(here.keeps)


def of_kind(nlu: NluEngine, session: Session, text: str, parse: Parse) -> Parse:
    """Which kind it was may come to a person later: "it's the old one"."""
    if "kind" not in session.known or parse.reading.found:
        return parse
    if len(parse.reading.rest) > FRAGMENT:
        return parse
    late = nlu.parse(text, "kind")
    platform = nlu.kb.platforms.get(session.known.get("platform", ""))
    kinds = platform.kinds if platform else {}
    return late if late.reading.values.get("kind") in kinds else parse


def still_known(
    kb: KnowledgeBase, session: Session, stated: Mapping[str, str]
) -> dict[str, str]:
    """What survives a clear topic: all, unless it is about another service."""
    known = kb.lasting(session.known)
    other = stated.get("platform", known.get("platform")) != known.get("platform")
    return {} if other and "platform" in known else known


def lasting(
    kb: KnowledgeBase, session: Session, topic: str, stated: Mapping[str, str]
) -> dict[str, str]:
    """The aspect of the topic at hand that a plain question about it leaves as it is."""
    aspect = session.known.get("aspect", "")
    platform = session.known.get("platform")
    same = topic == session.topic and stated.get("platform", platform) == platform
    return {"aspect": aspect} if same and aspect in kb.topics[topic].lasts else {}

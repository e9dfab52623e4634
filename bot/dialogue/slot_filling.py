"""The facts of a message as the conversation has them, and what survives of those before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from bot.dialogue import hearsay
from bot.dialogue.session import Session
from bot.knowledge import time_limits
from bot.knowledge.model import UNSURE, KnowledgeBase
from bot.nlu import clock_times, dates, tokenizer
from bot.nlu.engine import NluEngine, Parse

_FRAGMENT = 2
"""Words beside a kind that a late answer about it may have."""


def stated_by(
    kb: KnowledgeBase, session: Session, parse: Parse, now: datetime
) -> dict[str, str]:
    """The facts of a message; "no idea" counts as an answer to the open question."""
    names = kb.roles.slots
    stated = parse.extraction.values
    implied = names.service in session.slots and _is_implied(parse, names.service)
    if implied and not _is_the_other_of_two(kb, session, parse):
        del stated[names.service]
    stated |= _device(kb, session, parse, stated)
    keeps = _keeps(kb, session, parse)
    if own := _own_of_two(kb, session, parse):
        stated[names.service] = own
    elif keeps or _at_the_other_end(kb, session, parse, stated):
        stated[names.service] = session.slots[names.service]
    if _is_one_of_them(kb, session, stated):
        stated[names.audience] = session.slots[names.audience]
    if _is_read_elsewhere(kb, session, parse, stated):
        told = (stated.get(names.audience), kb.roles.values.outside)
        stated[names.audience] = _telling_more(kb, names.audience, told)
    found = _age(parse, now) or _number(kb, session, parse, now)
    if not found and names.time in session.slots:
        found = hearsay.supposed(kb, parse)
    if found and not hearsay.is_told(kb, parse):
        age, slack = found
        stated[names.time] = time_limits.instant(now - age, slack)
        corrects = _corrects(kb, parse)
        known = session.slots.get(names.time)
        if not corrects and _is_vaguer(known, stated[names.time], age):
            del stated[names.time]
    if kb.language.holds(parse.words, kb.words.unsure):
        stated.pop(names.state, None)
        asks = not kb.words.asking.isdisjoint(parse.words)
        if session.pending and not (asks and len(parse.words) > _ANSWER):
            stated[session.pending] = UNSURE
    return stated


_ANSWER = 8
"""Words of the longest "no idea" that asks something: "not sure, does it matter?"."""


def _is_implied(parse: Parse, slot: str) -> bool:
    """Whether words only imply a slot's value: what is known goes before that."""
    found = [f for f in parse.extraction.found if f.slot == slot]
    return bool(found) and all(f.implied and not f.end for f in found)


def _is_the_other_of_two(kb: KnowledgeBase, session: Session, parse: Parse) -> bool:
    """Whether a correction implies the one that is taken for this: "no, it was blue"."""
    slot = kb.roles.slots.service
    here = kb.platforms.get(session.slots[slot])
    other = parse.extraction.values.get(slot)
    return here is not None and other in here.outdoes and _corrects(kb, parse)


def _is_vaguer(known: str | None, said: str, age: timedelta) -> bool:
    """Whether a vague time would overwrite a more exact one that may be the same.

    "20 minutes ago" stays what it is where "some hours ago", or "today", comes later.
    """
    if known in (None, UNSURE):
        return False
    assert known is not None
    slack, exact = time_limits.slack(said), time_limits.slack(known)
    apart = abs(time_limits.moment(said) - time_limits.moment(known))
    return exact < slack and (apart <= slack + exact or slack > age * _ROUGH)


_ROUGH = 0.5
"""The share of an age by which a vague one may be off."""


def _device(
    kb: KnowledgeBase, session: Session, parse: Parse, stated: dict[str, str]
) -> dict[str, str]:
    """The device that words name, where they do not name a service by it.

    A service that was named by nothing else is taken out of `stated`.
    """
    names, devices = kb.roles.slots, kb.words.devices
    named = [word for word in parse.words if word in devices]
    if not named or not names.device:
        return {}
    spare = [word for word in parse.words if word not in devices]
    bare = session.requested_slot != names.service and kb.words.skip.issuperset(spare)
    if names.service not in session.slots and not bare:
        return {}
    for found in parse.extraction.found:
        if found.slot == names.service and found.ambiguous:
            if not set(parse.words[found.start : found.end]) <= devices.keys():
                return {}
            stated.pop(names.service, None)
    other = stated.get(names.service, "") not in ("", session.slots.get(names.service))
    if other or _is_theirs(kb, parse):
        return {}
    return {names.device: devices[named[0]]}


def _is_theirs(kb: KnowledgeBase, parse: Parse) -> bool:
    return not kb.words.theirs.isdisjoint(parse.words)


def _at_the_other_end(
    kb: KnowledgeBase, session: Session, parse: Parse, stated: Mapping[str, str]
) -> bool:
    """Whether a service named is where the recipient gets the mail: "she uses ..."."""
    service = kb.roles.slots.service
    ends = {session.slots.get(service, ""), stated.get(service, "")}
    if len(ends) == 1 or kb.language.holds(parse.words, kb.words.meant):
        return False
    if kb.language.holds(parse.words, kb.words.own_end):
        return False
    mail = kb.roles.values.mail
    return _is_their_end(kb, parse) and all(kb.removal(end) in mail for end in ends)


def _is_one_of_them(
    kb: KnowledgeBase, session: Session, stated: Mapping[str, str]
) -> bool:
    """Whether who has read it is one of those that it went to: "my mum read it"."""
    slot = kb.roles.slots.audience
    before, now = session.slots.get(slot), stated.get(slot)
    if not before or not now or kb.roles.slots.state not in stated:
        return False
    service = stated.get(kb.roles.slots.service) or session.slots.get(
        kb.roles.slots.service, ""
    )
    if kb.removal(service) in kb.roles.values.set_by_others:
        return False  # a recall is of each mailbox by itself
    values = [*kb.slots[slot].values]
    if not kb.slots[slot].ranked or not {before, now} <= {*values}:
        return False
    return values.index(now) > values.index(before)


def _telling_more(kb: KnowledgeBase, slot: str, told: Sequence[str | None]) -> str:
    """Of several values of a ranked slot the one that counts: "to somebody, outside"."""
    values = [*kb.slots[slot].values]
    return min(filter(None, told), key=values.index)


def _is_their_end(kb: KnowledgeBase, parse: Parse) -> bool:
    """Whether a service is named as theirs, or as where it went: "to a ... address"."""
    if _is_theirs(kb, parse):
        return True
    towards = kb.language.groups(kb.words.towards)
    slot = kb.roles.slots.service
    return any(
        found.slot == slot
        and tokenizer.line(parse.words[: found.start]).endswith(towards)
        for found in parse.extraction.found
    )


def _own_of_two(kb: KnowledgeBase, session: Session, parse: Parse) -> str:
    """The first of two that send mail, neither talked of before: "from X to her Y"."""
    named, mail = parse.extraction.platforms, kb.roles.values.mail
    known = session.slots.get(kb.roles.slots.service, "")
    if len(named) != _TWO or not all(kb.removal(one) in mail for one in named):
        return ""
    if (own := _named_as_own(kb, parse)) and _is_their_end(kb, parse):
        return own
    if not session.topic or known in named or not _is_theirs(kb, parse):
        return ""
    return "" if kb.language.holds(parse.words, kb.words.own_end) else named[0]


_TWO = 2


def _named_as_own(kb: KnowledgeBase, parse: Parse) -> str:
    """The service that stands behind such words: "I'm using X", "we are on our X"."""
    groups, slot = kb.language.groups(kb.words.own_end), kb.roles.slots.service
    for found in parse.extraction.found:
        ends = range(max(found.start - _BETWEEN, 0), found.end)
        lines = (tokenizer.line(parse.words[:end]) for end in ends)
        if found.slot == slot and any(line.endswith(groups) for line in lines):
            return found.value
    return ""


_BETWEEN = 2
"""Words that may stand between: "I am on my company X"."""


def _is_read_elsewhere(
    kb: KnowledgeBase, session: Session, parse: Parse, stated: Mapping[str, str]
) -> bool:
    """Whether they read mail with another service than the one that can recall it."""
    names, values = kb.roles.slots, kb.roles.values
    service = stated.get(names.service) or session.slots.get(names.service, "")
    named = parse.extraction.platforms
    others = [other for other in named if other != service]
    if not names.audience or not others or not _is_their_end(kb, parse):
        return False
    if kb.removal(service) not in values.set_by_others:
        return False
    return all(kb.removal(other) in values.mail for other in others)


def _age(parse: Parse, now: datetime) -> tuple[timedelta, timedelta] | None:
    """How long ago the message went out, as stated, and by how much that may be off.

    A time of day tells where the clock is the person's own, in its zone; a channel that
    does not know theirs says UTC.
    """
    extraction = parse.extraction
    date = dates.since(extraction.date, now) if extraction.date else None
    if extraction.age is not None:
        # "Last year, in March": what says more counts.
        if date and date[1] < extraction.slack:
            return date
        return extraction.age, extraction.slack
    if date:
        return date
    time, day = extraction.when.time, extraction.when.day
    if day is not None:
        return clock_times.since(day, now)
    if time is not None and now.tzinfo is not UTC:
        return clock_times.ago(time, now), timedelta(0)
    return None


def _corrects(kb: KnowledgeBase, parse: Parse) -> bool:
    """Whether a message puts right what was said before: "no, I mean ten"."""
    denies = parse.words[:1] and parse.words[0] in kb.words.no
    return bool(denies) or kb.language.holds(parse.words, kb.words.meant)


def _number(
    kb: KnowledgeBase, session: Session, parse: Parse, now: datetime
) -> tuple[timedelta, timedelta] | None:
    """An age that is corrected by its number alone, in the unit of before: "no, 10"."""
    known = session.slots.get(kb.roles.slots.time, UNSURE)
    if known == UNSURE or not _corrects(kb, parse):
        return None
    numbers = [word for word in parse.words if word.isdecimal()]
    rest = {*parse.words} - {*numbers} - kb.words.skip - {*kb.words.no}
    if len(numbers) != 1 or len(numbers[0]) > _DIGITS:
        return None
    meant = {w for text in kb.language.groups(kb.words.meant) for w in text.split()}
    if not rest <= meant:
        return None
    before = now - time_limits.moment(known)
    unit = next((u for u in _UNITS if before >= u), _UNITS[-1])
    return int(numbers[0]) * unit, timedelta(0)


_UNITS = (timedelta(days=1), timedelta(hours=1), timedelta(minutes=1))
_DIGITS = 3
"""Digits of the longest number that is an age."""


def _keeps(kb: KnowledgeBase, session: Session, parse: Parse) -> bool:
    """Whether a name means the service at hand: its app may be called like another."""
    service = kb.roles.slots.service
    here = kb.platforms.get(session.slots.get(service, ""))
    if here is None or not here.keeps or kb.language.holds(parse.words, kb.words.meant):
        return False
    found = [f for f in parse.extraction.found if f.slot == service]
    said = tokenizer.line(parse.words[found[0].start : found[0].end]) if found else ""
    return said in kb.language.groups(here.keeps)


def with_kind(
    kb: KnowledgeBase, nlu: NluEngine, session: Session, text: str, parse: Parse
) -> Parse:
    """Which kind it was may come to a person later: "it's the old one"."""
    names = kb.roles.slots
    if names.kind not in session.slots or parse.extraction.found:
        return parse
    if len(parse.extraction.rest) > _FRAGMENT:
        return parse
    late = nlu.parse(text, frozenset({names.kind}))
    platform = kb.platforms.get(session.slots.get(names.service, ""))
    kinds = platform.kinds if platform else {}
    return late if late.extraction.values.get(names.kind) in kinds else parse


def of_any(kb: KnowledgeBase, session: Session) -> dict[str, str]:
    """What is so of another message, too: where, and to whom."""
    names = kb.roles.slots
    any_of = (names.service, names.kind, names.device, names.audience)
    return {name: session.slots[name] for name in any_of if name in session.slots}


def kept(
    kb: KnowledgeBase, session: Session, new_slots: Mapping[str, str]
) -> dict[str, str]:
    """What survives a clear topic: all, unless it is about another service."""
    slots, service = kb.lasting(session.slots), kb.roles.slots.service
    other = new_slots.get(service, slots.get(service)) != slots.get(service)
    return {} if other and service in slots else slots


def sticky(
    kb: KnowledgeBase, session: Session, topic: str, new_slots: Mapping[str, str]
) -> dict[str, str]:
    """Aspect and action of the topic at hand that a plain question leaves as they are."""
    service = kb.roles.slots.service
    before = session.slots.get(service)
    if topic != session.topic or new_slots.get(service, before) != before:
        return {}
    lasts = kb.topics[topic].lasts
    own = {name: session.slots.get(name, "") for name in ("aspect", "action")}
    return {name: value for name, value in own.items() if value in lasts}


def left_there(kb: KnowledgeBase, session: Session, topic: str) -> dict[str, str]:
    """That a message stays, where the way at hand is closed: "can they still see it?"."""
    roles = kb.roles
    if topic != roles.topics.effects or session.topic != roles.topics.default:
        return {}
    closed = session.slots.get("aspect") in roles.values.closed
    return {"aspect": roles.values.left} if closed else {}


def merged(
    kb: KnowledgeBase, slots: Mapping[str, str], new_slots: Mapping[str, str]
) -> dict[str, str]:
    """Slots with newer ones over them; a kind that the service lacks goes."""
    names = kb.roles.slots
    facts = {**slots, **new_slots}
    platform = kb.platforms.get(facts.get(names.service, ""))
    kind = facts.get(names.kind)
    if platform and kind and kind != UNSURE and kind not in platform.kinds:
        del facts[names.kind]
    return facts

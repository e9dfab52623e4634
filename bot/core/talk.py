"""turn(): the one function that every message reaches.

A message that fits the question just asked answers it; a message with slots and no
topic is about the topic at hand; a clear topic starts over with what is still known.
Small talk and what is out of scope are topics like any other, and come back to the
open question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache

from bot.core import button, clock, guide, match, oclock, tree, words
from bot.core.book import UNSURE, Book
from bot.core.buttons import HELP, NONE, choices, merged, offers, topics, under
from bot.core.message import Button, Event, Pressed, Said
from bot.core.mind import Heard, Mind
from bot.core.outcome import Finished, Miss, Offer, Step, Turn, Why
from bot.core.session import Session
from bot.core.tree import Answer, Question

RETRACT = "retract"
"""What a fragment out of context is about: "a normal one"."""

OVER = "follow_up"
"""What is left where nothing can be taken back."""

OUT = "out_of_scope"
CLEAR = "a clear topic"
CORRECTION = "a correction"
_OFFERS = 3


def turn(mind: Mind, session: Session, event: Event, now: datetime) -> Turn:
    """One event in a chat: what it leads to, and the session after it."""
    match event:
        case Pressed(value=value):
            return _pressed(mind.book, session, value, now)
        case Said(text=text):
            return _said(mind, session, text, now)


def _pressed(book: Book, session: Session, value: str, now: datetime) -> Turn:
    """A button says all that was known when it was made, so an old one still holds."""
    read = button.decode(book, value)
    if read is None:
        return _miss(book, session, None, "a button of another time")
    topic, known = read
    return arrive(book, session, topic, known, now)


def _said(mind: Mind, session: Session, text: str, now: datetime) -> Turn:
    book = mind.book
    if text.startswith("/"):
        return _commanded(mind, session, text, now)
    said = words.split(text)
    if not said:
        return _miss(book, session, None, "no words", empty=True)
    if choice := _typed(session, said):
        return _pressed(book, session, choice.value, now)
    if words.line(said) in words.groups(book.words.back):
        if session.trail:
            return _back(book, session, now)
        return _miss(book, session, None, "nothing to go back to", empty=True)
    if session.offered and len(said) == 1 and said[0].isdecimal():
        return _miss(book, session, None, "no button of this number")
    heard = _of_kind(mind, session, text, mind.hear(text, session.pending))
    if not heard.words:
        return _miss(book, session, heard, "nothing but a quotation", empty=True)
    done = _noticed(book, session, heard, _heard(book, session, heard, now))
    return _shortened(book, session, done, now)


def _shortened(book: Book, before: Session, done: Turn, now: datetime) -> Turn:
    """The same answer again, a fact later, is its verdict alone.

    Only where it is said anew: a button puts an answer in the place of the one before.
    """
    topic, answer = before.topic, done.outcome
    if not isinstance(answer, Answer) or answer.topic != topic or before.asked:
        return done
    changed = dict(before.known.items() ^ done.known.items()).keys()
    if not changed or not changed <= {"sent", "read"}:
        return done
    last = tree.walk(book, topic, before.known, now)
    if not isinstance(last, Answer) or last.say != answer.say:
        return done
    return done._replace(outcome=replace(answer, again=True))


def _of_kind(mind: Mind, session: Session, text: str, heard: Heard) -> Heard:
    """Which kind it was may come to a person later: "it's the old one"."""
    if "kind" not in session.known or heard.reading.found:
        return heard
    if len(heard.reading.rest) > _FRAGMENT:
        return heard
    late = mind.hear(text, "kind")
    platform = mind.book.platforms.get(session.known.get("platform", ""))
    kinds = platform.kinds if platform else {}
    return late if late.reading.values.get("kind") in kinds else heard


def _noticed(book: Book, before: Session, heard: Heard, done: Turn) -> Turn:
    """A repair or an assumption that mattered is shown, and undone by one press."""
    if not isinstance(done.outcome, Answer | Question):
        return done
    topic = done.outcome.topic
    notices: list[str] = []
    more: list[Button] = []
    if book.topics[topic].scope != "domain":
        return done
    for part in heard.parts:
        if (
            part != topic
            and part in book.topics
            and book.topics[part].scope == "domain"
        ):
            more += topics(book, [part], done.known)
    if heard.repaired:
        pairs = ", ".join(
            f"“{wrong}” as “{right}”" for wrong, right in heard.changes[:2]
        )
        notices.append(f"Reading {pairs}.")
        facts = {**book.lasting(before.known), "aspect": NONE}
        value = button.encode(book, HELP, facts)
        more.append(Button("Not what I meant", value))
    if heard.reading.when.time and _waits(done):
        notices.append(_CLOCKLESS)
    platform = done.known.get("platform", "")
    taken = platform in book.platforms and platform == before.known.get("platform")
    named = "platform" in heard.reading.values
    fresh = done.why.way == CLEAR and topic != before.topic and not named
    if taken and fresh and _uses(book, done, platform):
        notices.append(f"Taking {book.platforms[platform].label} from before.")
        facts = {k: v for k, v in done.known.items() if k not in ("platform", "kind")}
        more.append(Button("Another service", button.encode(book, topic, facts)))
    if not notices and not more:
        return done
    there = {b.value for b in done.buttons}
    buttons = (*(b for b in more if b.value not in there), *done.buttons)
    session = replace(done.session, offered=buttons)
    return done._replace(session=session, buttons=buttons, notices=tuple(notices))


_CLOCKLESS = (
    "I do not see the time where you are. Tell me how long ago that was, "
    "such as “20 minutes”."
)


def _waits(done: Turn) -> bool:
    """Whether an answer would say more if it were known when the message went out."""
    return isinstance(done.outcome, Answer) and "sent" in done.outcome.refine


def _uses(book: Book, done: Turn, platform: str) -> bool:
    """Whether an answer states what holds on a service."""
    if not isinstance(done.outcome, Answer):
        return False
    return bool(set(done.outcome.claims) & book.claims_of(platform, done.known).keys())


def _commanded(mind: Mind, session: Session, text: str, now: datetime) -> Turn:
    """A slash command, with the facts that its words state: "/service slack"."""
    book = mind.book
    name, _, rest = text[1:].strip().partition(" ")
    name = name.partition("@")[0]
    if session.trail and words.line([name]) in words.groups(book.words.back):
        return _back(book, session, now)
    there = _command(book, name.casefold())
    if there is None:
        return _miss(book, session, None, "an unknown command")
    topic, aspect = there
    stated = _stated(book, Session(), mind.hear(rest), now)
    known = merged(book, book.lasting(session.known), stated)
    known |= {"aspect": aspect} if aspect else {}
    return _about(book, session, topic, known, now, 1.0, Why(None, "a command"))


def _command(book: Book, name: str) -> tuple[str, str] | None:
    """The topic and aspect that a slash command leads to."""
    for stem, topic in book.topics.items():
        if topic.command == name:
            return stem, ""
        if name in topic.commands:
            return stem, topic.commands[name]
    return None


def _typed(session: Session, said: Sequence[str]) -> Button | None:
    """The button of the last message whose label or number these words are."""
    if len(said) == 1 and said[0].isdecimal():
        number = int(said[0][:_DIGITS])
        known = 0 < number <= len(session.offered)
        return session.offered[number - 1] if known else None
    return next((b for b in session.offered if _spoken(b.label) == tuple(said)), None)


_spoken = lru_cache(maxsize=1 << 10)(words.split)
"""A label's words; it is the book's, so no person's words are remembered."""


def _back(book: Book, session: Session, now: datetime) -> Turn:
    *trail, place = session.trail
    before = replace(session, trail=tuple(trail), topic=None)
    return _about(book, before, place.topic, place.known, now, 1.0, Why(None, "back"))


def _heard(book: Book, session: Session, heard: Heard, now: datetime) -> Turn:
    """The rules of the talk, in their order."""
    label, confidence = _topic_of(heard)
    if len(heard.parts) > 1 and book.topics[heard.parts[0]].clears:
        # "Forget that. How do I ..." is a question in a new conversation.
        session, label = Session(), heard.parts[1]
    stated = _stated(book, session, heard, now)
    name, _, aspect = (label or "").partition("/")
    own = {"aspect": aspect} if aspect else {}
    domain = bool(name) and book.topics[name].scope == "domain"
    topic, way, sure = _by_facts(book, session, heard, stated, name)
    known = dict(session.known)
    if way == CORRECTION and topic == name:
        known |= own
    if not topic and domain:
        topic, way, sure = name, CLEAR, confidence
        known = _still_known(book, session, stated)
        known |= own or _lasting(book, session, name, stated)
    elif not topic and label:
        known = book.lasting(session.known) | stated | own
        why = Why(heard, "a side topic")
        return _aside(book, session, name, known, now, confidence, why)
    elif not topic:
        return _unclear(book, session, heard, stated, now)
    return _go(book, session, topic, known, stated, now, sure, Why(heard, way))


def _go(
    book: Book,
    session: Session,
    topic: str,
    known: Mapping[str, str],
    stated: Mapping[str, str],
    now: datetime,
    sure: float,
    why: Why,
) -> Turn:
    """On to a topic with what is known, what was just stated, and how to answer."""
    facts = merged(book, known, stated)
    views = why.heard.reading.views if why.heard else {}
    wanted = {*book.topics[topic].listens, session.asked}
    facts |= {k: v for k, v in views.items() if k in wanted}
    done = _about(book, session, topic, facts, now, sure, why)
    match done.outcome:
        case Question(there, slot) if slot == session.asked and there != session.topic:
            return _unasked(book, session, done, slot, now)
    return done


def _unasked(
    book: Book, session: Session, done: Turn, slot: str, now: datetime
) -> Turn:
    """A question that was passed over is not put again: "not sure", with its choices."""
    topic, known = done.outcome.topic, {**done.known, slot: UNSURE}  # type: ignore[union-attr]
    other = _about(book, session, topic, known, now, done.confidence, done.why)
    if not isinstance(other.outcome, Answer):
        return done
    finer = choices(book, topic, slot, done.known, now)
    buttons = tuple(dict.fromkeys((*finer, *other.buttons)))
    after = replace(other.session, expects=slot, offered=buttons)
    return other._replace(session=after, buttons=buttons)


def _by_facts(
    book: Book, session: Session, heard: Heard, stated: Mapping[str, str], topic: str
) -> tuple[str, str, float]:
    """The topic that the stated facts are about, if they are the message's point.

    `topic` is the clear one, if there is one: a fresh question of the domain beats a
    pending choice, and what is clearly about something else is no note of facts.
    """
    here = session.topic or ""
    devices = book.words.devices if here else {}
    spare = sum(word not in devices for word in heard.reading.rest)
    scope = book.topics[topic].scope if topic else ""
    if here and session.asked in heard.reading.views and spare <= _FRAGMENT:
        return here, "an answer to the question", 0.95
    if here and spare <= _NOTE and (there := _beyond(book, session, heard, stated)):
        return there
    fresh = scope == "domain" and topic != here
    if here and session.pending in stated and (not fresh or spare <= _FRAGMENT):
        return here, "an answer to the question", 0.95
    if here and stated and words.holds(heard.words, book.words.meant):
        return here, CORRECTION, 0.95
    if here and not stated and _is_wish(book, here, heard, topic):
        return here, "a wish on how to answer", 0.9
    if fresh and stated == {"read": "read"}:
        return "", "", 0.0  # "she saw it, by the way" is a topic of its own
    if stated and not spare and (here or scope != "out"):
        return _concerned(book, session, stated), "facts on the topic at hand", 0.9
    if here and not spare and not devices.keys().isdisjoint(heard.words):
        return here, "a device that makes no difference", 0.9
    about = _concerned(book, session, stated)
    if (
        scope in ("", "talk")
        and _may_be(heard, about)
        and _is_note(book, heard, stated)
    ):
        return about, "a note of facts", 0.8
    return "", "", 0.0


def _beyond(
    book: Book, session: Session, heard: Heard, stated: Mapping[str, str]
) -> tuple[str, str, float] | None:
    """After an answer that was no help: what got in the way, or what is left to do."""
    if session.guided and words.holds(heard.words, book.words.stuck):
        return guide.STUCK, "the steps did not work", 0.95
    lost = words.groups(book.words.helpless)
    own = {word for group in lost for word in group.split()}
    if session.asked or stated or not own.issuperset(heard.reading.rest):
        return None
    if not words.holds(heard.words, book.words.helpless):
        return None
    there = guide.STUCK if session.guided and session.topic != guide.STUCK else OVER
    return there, "what is left to do", 0.9


def _is_wish(book: Book, here: str, heard: Heard, topic: str) -> bool:
    """Whether a message only says how the answer at hand should be: "more formal"."""
    views = {
        slot: book.slots[slot].values
        for slot in heard.reading.views
        if slot in book.topics[here].listens
    }
    names = {
        word
        for slot, values in views.items()
        if isinstance(values, dict)
        for name in values[heard.reading.views[slot]].names
        for word in name.replace("/", " ").split()
    }
    spare = [word for word in heard.reading.rest if word not in names]
    asks = set(heard.words) & set(book.words.asking)
    if not names or (topic not in ("", here) and asks):
        return False
    return len(spare) <= (_FRAGMENT if topic else _NOTE)


def _may_be(heard: Heard, topic: str) -> bool:
    """Whether a message without a clear topic leaves room for this one."""
    verdict = heard.verdict
    return not isinstance(verdict, match.Torn) or topic in map(
        match.topic, verdict.labels
    )


def _is_note(book: Book, heard: Heard, stated: Mapping[str, str]) -> bool:
    """Whether a message only says what, where and when: "inmail, an hour ago, help"."""
    where = stated.keys() & {"platform", "kind"}
    when = stated.keys() & {"sent", "read", "kind"} - where
    asks = set(heard.words) & set(book.words.asking)
    few = len(heard.reading.rest) <= _NOTE
    return bool(where) and (bool(when) or len(where) > 1) and few and not asks


def _unclear(
    book: Book,
    session: Session,
    heard: Heard,
    stated: Mapping[str, str],
    now: datetime,
) -> Turn:
    """No topic is clear: facts may still say enough, else two or three are offered."""

    def go(topic: str, known: Mapping[str, str], way: str, sure: float) -> Turn:
        return _go(book, session, topic, known, stated, now, sure, Why(heard, way))

    about = _concerned(book, session, stated)
    spare = len(heard.reading.rest)
    if stated and (spare <= 1 or (spare <= _FRAGMENT and _may_be(heard, about))):
        return go(about, session.known, "facts on the topic at hand", 0.7)
    if isinstance(heard.verdict, match.Torn):
        torn = dict.fromkeys(map(match.topic, heard.verdict.labels))
        first = next((part for part in heard.parts if part in torn), None)
        if first and book.topics[first].scope == "domain":
            kept = _still_known(book, session, stated)
            return go(first, kept, "the first of several", heard.verdict.confidence)
        near = tuple(topic for topic in torn if topic != OUT)[:_OFFERS]
        if len(near) > 1:
            return _offer(book, session, near, stated, heard)
    if stated and session.topic:
        way = "facts on the topic at hand"
        return go(session.topic, session.known, way, 0.5)
    return _miss(book, session, heard, "lost", stated)


_DIGITS = 3
"""A number of more digits is no button's."""

_NOTE = 4
"""Words beside the facts that a note of them may have: whom it went to, what it was."""

_FRAGMENT = 2
"""Words beside the stated facts that a fragment may have."""


def _concerned(book: Book, session: Session, stated: Mapping[str, str]) -> str:
    """The topic that facts without a question are about.

    That is the one at hand; but a fact that only an earlier one has a use for goes there.
    """
    here = session.topic or RETRACT
    for topic in (here, *(place.topic for place in reversed(session.trail))):
        if stated.keys() & book.topics[topic].uses:
            return topic
    return here


def _topic_of(heard: Heard) -> tuple[str | None, float]:
    match heard.verdict:
        case match.Clear(label, confidence):
            return label, confidence
        case verdict:
            return None, verdict.confidence


def _stated(
    book: Book, session: Session, heard: Heard, now: datetime
) -> dict[str, str]:
    """The facts of a message; "no idea" counts as an answer to the open question."""
    stated = heard.reading.values
    stated |= _device(book, session, heard, stated)
    if _keeps(book, session, heard):
        stated["platform"] = session.known["platform"]
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
    """The device that words name where the service is known.

    A service that was named by nothing else is taken out of `stated`.
    """
    devices = book.words.devices
    named = [word for word in heard.words if word in devices]
    if not named or "platform" not in session.known:
        return {}
    for found in heard.reading.found:
        if found.slot == "platform" and found.weak:
            if not set(heard.words[found.start : found.end]) <= devices.keys():
                return {}
            stated.pop("platform", None)
    if "platform" in stated or not set(book.words.theirs).isdisjoint(heard.words):
        return {}
    return {guide.DEVICE: devices[named[0]]}


def _age(heard: Heard, now: datetime) -> tuple[timedelta, timedelta] | None:
    """How long ago the message went out, as stated, and by how much that may be off.

    A time of day tells where the clock is the person's own, not where it is UTC.
    """
    reading = heard.reading
    if reading.age is not None:
        return reading.age, reading.slack
    time, day = reading.when.time, reading.when.day
    if day is not None:
        return oclock.since(day, now)
    if time is not None and now.utcoffset():
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


def _still_known(
    book: Book, session: Session, stated: Mapping[str, str]
) -> dict[str, str]:
    """What survives a clear topic: all, unless it is about another service."""
    known = book.lasting(session.known)
    other = stated.get("platform", known.get("platform")) != known.get("platform")
    return {} if other and "platform" in known else known


def _lasting(
    book: Book, session: Session, topic: str, stated: Mapping[str, str]
) -> dict[str, str]:
    """The aspect of the topic at hand that a plain question about it leaves as it is."""
    aspect = session.known.get("aspect", "")
    platform = session.known.get("platform")
    same = topic == session.topic and stated.get("platform", platform) == platform
    return {"aspect": aspect} if same and aspect in book.topics[topic].lasts else {}


def arrive(
    book: Book, session: Session, topic: str, known: Mapping[str, str], now: datetime
) -> Turn:
    """At a topic with what is known, as a button leads there."""
    return _about(book, session, topic, known, now, 1.0, Why(None, "a button"))


def search(mind: Mind, text: str, now: datetime) -> list[Turn]:
    """The answers nearest to a text, best first; to no text, those asked most."""
    book, heard = mind.book, mind.hear(text)
    stated = _stated(book, Session(), heard, now)
    if heard.ranked and not isinstance(heard.verdict, match.Lost):
        names = (r.label.partition("/")[0] for r in heard.ranked)
        near = [t for t in dict.fromkeys(names) if book.topics[t].scope == "domain"]
    else:
        near = list(book.topics[HELP].next)
    found = []
    for topic in near[:_SEARCHED]:
        known = dict(stated)
        done = arrive(book, Session(), topic, known, now)
        while isinstance(done.outcome, Question):
            known[done.outcome.slot] = UNSURE
            done = arrive(book, Session(), topic, known, now)
        found.append(done)
    return found


_SEARCHED = 6


def _about(
    book: Book,
    session: Session,
    topic: str,
    known: Mapping[str, str],
    now: datetime,
    confidence: float,
    why: Why,
) -> Turn:
    """On to a topic with what is known."""
    if book.topics[topic].scope != "domain":
        return _aside(book, session, topic, known, now, confidence, why)
    other = tree.instead(book, topic, known)
    if other is not None:
        topic, known = other, book.lasting(known)
    reached = tree.walk(book, topic, known, now)
    trail = session.left(topic, known)
    asked = expects = None
    guided = False
    if isinstance(reached, Question):
        outcome: Question | Answer | Step | Finished = reached
        asked = reached.slot
    else:
        outcome = guide.at(book, reached, known)
        guided = topic == guide.STUCK or bool(guide.walkable(book, reached, known))
        listens = (s for s in book.topics[topic].listens if s not in known)
        expects = next(listens, None)
    buttons = under(book, outcome, reached, known, now)
    if asked and trail:
        value = button.encode(book, trail[-1].topic, trail[-1].known)
        buttons += (Button("Back", value),)
    after = Session(
        topic, dict(known), asked, expects, guided, offered=buttons, trail=trail
    )
    return Turn(after, outcome, known, confidence, why, buttons)


def _aside(
    book: Book,
    session: Session,
    topic: str,
    known: Mapping[str, str],
    now: datetime,
    confidence: float,
    why: Why,
) -> Turn:
    """Small talk and what is out of scope: answered, then back to the step."""
    clears = book.topics[topic].clears
    if clears:
        session = Session()
        known = {k: v for k, v in known.items() if k == "aspect"}
    outcome = tree.walk(book, topic, known, now)
    resume = None
    if session.topic and session.asked:
        resume = Question(session.topic, session.asked)
        buttons = under(book, resume, resume, session.known, now)
    else:
        buttons = under(book, outcome, outcome, known, now)
        if not clears:
            # What is asked next will be about the service that was named in passing.
            where = {k: known[k] for k in ("platform", "kind") if k in known}
            session = replace(session, known=merged(book, where, session.known))
    after = replace(session, offered=buttons, misses=0)
    return Turn(after, outcome, known, confidence, why, buttons, resume, forget=clears)


def _offer(
    book: Book,
    session: Session,
    near: tuple[str, ...],
    stated: Mapping[str, str],
    heard: Heard,
) -> Turn:
    known = merged(book, book.lasting(session.known), stated)
    buttons = offers(book, near, known)
    after = replace(session, known=known, offered=buttons, misses=0)
    why = Why(heard, "torn between topics")
    return Turn(after, Offer(near), known, heard.verdict.confidence, why, buttons)


def _miss(
    book: Book,
    session: Session,
    heard: Heard | None,
    way: str,
    stated: Mapping[str, str] | None = None,
    *,
    empty: bool = False,
) -> Turn:
    """Not understood: said briefly; from the second in a row on, with a way out."""
    misses = session.misses + (0 if empty else 1)
    known = merged(book, session.known, stated or {})
    buttons = topics(book, book.topics[HELP].next, known)
    after = replace(session, known=known, misses=misses, offered=buttons)
    confidence = heard.verdict.confidence if heard else 0.0
    outcome = Miss(misses, empty)
    return Turn(after, outcome, known, confidence, Why(heard, way), buttons)

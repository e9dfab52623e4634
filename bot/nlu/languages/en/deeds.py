"""Whether a verb in the past tells what the asker did: "I deleted it", "unsent after a minute".

A pattern finds the verb; the words around it say whose deed it was, and whether it is told,
asked or only thought of. Knows how English is built, and no verb, topic or slot.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_OWN = _set("i we")
_OTHERS = _set(
    "he she they it who that which what someone somebody everyone everybody anyone anybody "
    "nobody people one others"
)
_THINGS = _set("it that which what one")
"""Those of them that do nothing."""
_OBJECTS = _set("him her them me us you")
_JOINING = _set(
    "and but then so or because when while after before since ok okay oh sorry hi hello hey "
    "well yes no done right alright yep great there whatever fine thanks thx good cool"
)
_CIRCUMSTANCE = _set(
    "because although though since after before when while but and now as until so even"
)
_PERFECT = _set("have has had having")
_PASSIVE = _set("am is are was were been got gets get be being")
_LASTING = _set("am is are")
_MODAL = _set(
    "can could will would shall should may might must to do does not never nearly almost be "
    "being get gets"
)
_ADVERBS = _set(
    "already just now immediately instantly quickly finally later both accidentally only "
    "also even still actually luckily successfully fortunately soon straight away right "
    "again all did obviously simply self myself ourselves manually unfortunately"
)
_DOUBTED = _set(
    "if whether unless wish suppose supposing imagine pretend assuming thought think hoped "
    "hope believed believe"
)
_ASKED = _set("did do does have has had should could would can will was were is are")
_QUESTION = _ASKED - _set("have had") | _set("how what why where when who which may")
_WISHING = _set("have has get want wants need needs like let make")
_OPENING = _set("yesterday today tonight in on at after within last later")
_GENERAL = _set("a an any some messages something texts")
_LINKED = _set("that when what after once as until if")
_BEFORE_A_NAME = _set(
    "a an the this that these those any some every each my our his her their your old see "
    "sees seeing view views read reads recover recovers recovering restore restores find "
    "finds get retrieve retrieving show shows reading of about no other like called more "
    "many few most both"
)
_PLACING = _set(
    "to for with from in on at about into of by via over sent send texted messaged emailed "
    "mailed told called wrote asked gave dmed posted"
)
_DESCRIBING = _set(
    "my our the a an his her their wrong this that old same other own whole"
)
_SENDING = _set(
    "sent texted messaged emailed mailed wrote posted pasted dmed shared forwarded"
)
_MESSAGES = _set(
    "message messages msg msgs text texts mail mails email emails dm dms photo photos "
    "picture pictures pic pics video videos snap snaps"
)
_OF_SOMEBODY = _set("his their your him me myself you someone somebody people")
_AFTERWARDS = _set(
    "for within after from but and then to immediately yesterday today straight "
    "accidentally by at minutes seconds hours"
)
_QUOTING = _set(
    "say says said show shows showed saying showing reads line told heard tell"
)
_OWN_AGENT = _set("me us myself mistake accident now")
_HELPING = _PERFECT | _PASSIVE | _MODAL | _ADVERBS
_ENDING_THE_OBJECT = _PLACING | _JOINING | _ASKED | _set("it them everything")
_NOBODYS = _OWN | _set("he she you who what which that nothing")
"""Subjects of a passive that are no message."""
_NO_CERTAIN_ONE = _GENERAL | _set("when once after")
_SETTLED = _set("now already was were")
_AHEAD = _set("once after when as until")
"""With a perfect they speak of what is still to be done."""
_NAMED_BEFORE = _set("it that this them")
_TELLING_ON = _set("and but so now because")
_SUPPOSED = _set("when whenever once until can could should would must")
_OF_THE_ASKER = _set("my our all")
_NEAR = 3


def told(said: Sequence[str], start: int, end: int, things: AbstractSet[str]) -> bool:
    """Whether the verb from `start` to `end` of a sentence is what the asker did to it.

    `things` are objects that are no message: "I deleted the app".
    """
    if said[start] in _OWN:
        return _is_present(said[:start])
    at = start
    while at and said[at - 1] in _HELPING:
        at -= 1
    helpers, before, behind = {*said[at:start]}, said[:at], said[end:]
    subject = before[-1] if before else ""
    # "The page I deleted" is no message either.
    named = subject if subject not in _OWN else _last(before[:-1])
    # "Posted in the wrong channel, deleted" leaves out who did it, and to what.
    left_out = not helpers and subject not in _OWN and not _SENDING.isdisjoint(before)
    if helpers & _MODAL or (named in things and not left_out):
        return False
    if subject not in _MESSAGES and _is_another_thing(behind, things):
        return False
    if helpers & _PASSIVE:
        return _happened(before, helpers, behind)
    if subject in _OWN:
        return _is_fact(before[:-1], helpers, behind)
    return not _names(behind) and _is_done_for(before, behind)


def _is_present(before: Sequence[str]) -> bool:
    """Whether "I delete it" after these words tells what was done, as learners say it.

    It does not in "can I delete it", "if it is unread and I delete it" and "so when I
    delete it".
    """
    linked = _last(before) in (_QUESTION | _CIRCUMSTANCE | _LINKED) - _TELLING_ON
    return not (linked or _asks(before) or {*before} & (_DOUBTED | _SUPPOSED))


def _is_another_thing(behind: Sequence[str], things: AbstractSet[str]) -> bool:
    """Whether the object is no message, somebody else's, or a person."""
    last = ""
    for word, after in pairwise([*behind[: _NEAR + 2], ""]):
        if word in _ENDING_THE_OBJECT:
            return False
        if word in things:
            return last != "voice"  # a voice note is a message
        if word in _OF_SOMEBODY or (word == "her" and after != "and"):
            return True
        if word in _MESSAGES:
            return after in things
        last = word
    return False


def _happened(
    before: Sequence[str], helpers: AbstractSet[str], behind: Sequence[str]
) -> bool:
    """Of a passive: whether it is told that it was done, by nobody else."""
    near = {*before[-2 * _NEAR :]}
    subject, described = _last(before), _last(before[:-1])
    of_another = _agent(behind) or near & (_DOUBTED | _QUOTING)
    # "This message was deleted" are the words of a service's note.
    theirs = described in {"this", "your", "his", "their"}
    person = subject in _NOBODYS
    if _asks(before) or _names(behind) or of_another or theirs or person:
        return False
    general = described in _NO_CERTAIN_ONE
    if subject and not helpers & _LASTING:
        return not general
    known = helpers & _SETTLED or {"has", "been"} <= helpers
    return bool(known or (subject and not general))


def _agent(behind: Sequence[str]) -> bool:
    """Whether somebody else did it: "by him"."""
    near = pairwise(behind[: _NEAR + 1])
    return any(word == "by" and after not in _OWN_AGENT for word, after in near)


def _is_fact(
    left: Sequence[str], helpers: AbstractSet[str], behind: Sequence[str]
) -> bool:
    """Whether "I ..." after these words is told, not asked or supposed."""
    last = _last(left)
    if last in _ASKED or _DOUBTED & {*left[-_NEAR:]}:
        return False
    if last in _LINKED and {*behind[:2]} & _GENERAL:
        return False
    if "have" in helpers and last in _AHEAD:
        return False
    # "Does she see that I deleted it" asks what would be so, "before I deleted it" tells.
    plain = last in _CIRCUMSTANCE or (*left[-2:],) == ("now", "that")
    return plain or not _asks(left)


def _is_done_for(before: Sequence[str], behind: Sequence[str]) -> bool:
    """Whether the asker is not named and did it, or somebody did it for them."""
    subject = _last(before)
    if subject == "you":
        return _is_quoted(before)
    near = pairwise(behind[: 2 * _NEAR])
    if any(word == "for" and after in {"me", "us"} for word, after in near):
        return not {*before} & (_MODAL | _DOUBTED)
    if subject in _OTHERS | _BEFORE_A_NAME - _OBJECTS or _asks(before):
        return False
    doers = _OWN | (_OTHERS - _THINGS)
    doer = next((word for word in reversed(before) if word in doers), "")
    if subject in _OBJECTS:
        return doer in _OWN or (*before,) == ("me",)
    return doer in {"", *_OWN} and (
        not subject or subject in _JOINING or _is_left_out(before, behind)
    )


def _is_quoted(before: Sequence[str]) -> bool:
    """Whether it is what a service writes to who did it: "it says you unsent a message"."""
    stated = not {*before} & (_MODAL | _DOUBTED) and not _asks(before)
    return len(before) < _NEAR or (stated and before[-2] in _QUOTING)


def _is_left_out(before: Sequence[str], behind: Sequence[str]) -> bool:
    """Whether after a noun the asker is left out: "sent to my boss, deleted it"."""
    at = len(before) - 1
    while at and before[at - 1] in _DESCRIBING:
        at -= 1
    left, noun = _last(before[:at]), before[-1]
    if noun in _MESSAGES:
        # "Message deleted, still there" is a title, "see a message deleted" is none.
        general = {*before[at:-1][:1]} & {"a", "an"} or noun.endswith("s")
        return left not in _ASKED | _BEFORE_A_NAME and not general
    # "Slack deleted my message" is no deed of the asker.
    named = noun.startswith("{") and len(before) == 1
    if named or before[0] in _OPENING:
        return not {*behind[:1]} & _OF_THE_ASKER
    # "I want messages older than a week deleted" is a wish.
    # But "need help: sent the wrong file, deleted it" is none.
    told_of = {*before[:at]}
    wished = _WISHING & told_of and not {*behind[:1]} & _NAMED_BEFORE
    return bool((_SENDING | _OWN) & told_of) and not wished


def _names(behind: Sequence[str]) -> bool:
    """Whether the verb only describes a message: "deleted messages still show"."""
    if not behind or behind[0] not in _MESSAGES:
        return False
    return len(behind) > 1 and behind[1] not in _AFTERWARDS


def _asks(words: Sequence[str]) -> bool:
    """Whether a sentence that begins so asks."""
    first = next((word for word in words if word not in _JOINING - _QUESTION), "")
    return first in _QUESTION


def _last(words: Sequence[str]) -> str:
    return words[-1] if words else ""

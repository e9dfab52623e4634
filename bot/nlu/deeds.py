"""Whether a verb in the past tells what the asker did: "I deleted it", "unsent after a minute".

A pattern finds the verb; the words around it say whose deed it was, and whether it is told,
asked or only thought of. Knows how English is built, and no verb, topic or slot.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

_OWN = frozenset({"i", "we"})
_OTHERS = frozenset(
    "he she they it who that which what someone somebody everyone everybody anyone "
    "anybody nobody people one others".split()
)
_OBJECTS = frozenset("him her them me us you".split())
_JOINING = frozenset(
    "and but then so or because when while after before since ok okay oh sorry hi hello "
    "hey well yes no".split()
)
_PERFECT = frozenset({"have", "has", "had", "having"})
_PASSIVE = frozenset("am is are was were been got gets get be being".split())
_LASTING = frozenset({"is", "are", "am"})
_MODAL = frozenset(
    "can could will would shall should may might must to do does not never nearly almost "
    "be being get gets".split()
)
_ADVERBS = frozenset(
    "already just now immediately instantly quickly finally later both accidentally only "
    "also even still actually luckily successfully fortunately soon straight away right "
    "again all did obviously simply self myself ourselves manually unfortunately".split()
)
_DOUBTED = frozenset(
    "if whether unless wish suppose supposing imagine pretend assuming thought think hoped "
    "hope believed believe".split()
)
_ASKED = frozenset(
    "did do does have has had should could would can will was were is are".split()
)
_GENERAL = frozenset({"a", "an", "any", "some", "messages", "something", "texts"})
_LINKED = frozenset({"that", "when", "what", "after", "once", "as", "until", "if"})
_BEFORE_A_NAME = frozenset(
    "a an the this that these those any some every each my our his her their your old "
    "see sees seeing view views read reads recover recovers recovering restore restores "
    "find finds get retrieve retrieving show shows reading of about no other like "
    "called more many few most both".split()
)
_PLACING = frozenset(
    "to for with from in on at about into of by via over sent send texted messaged emailed "
    "mailed told called wrote asked gave dmed posted".split()
)
_DESCRIBING = frozenset(
    "my our the a an his her their wrong this that old same other own whole".split()
)
_SENDING = frozenset("sent texted messaged emailed mailed wrote posted dmed shared".split())
_MESSAGES = frozenset(
    "message messages msg msgs text texts mail mails email emails dm dms photo photos "
    "picture pictures pic pics video videos snap snaps".split()
)
_AFTERWARDS = frozenset(
    "for within after from but and then to immediately yesterday today straight "
    "accidentally by at minutes seconds hours".split()
)
_QUOTING = frozenset("say says said show shows showed saying showing reads line".split())
_NEAR = 3


def told(said: Sequence[str], start: int, end: int, things: AbstractSet[str]) -> bool:
    """Whether the verb from `start` to `end` of a sentence is what the asker did to it.

    `things` are objects that are no message: "I deleted the app".
    """
    behind = said[end:]
    at = start
    helpers: set[str] = set()
    while at and (_helps(said[at - 1]) or said[at - 1] in _ADVERBS):
        at -= 1
        helpers.add(said[at])
    before = said[:at]
    titled = bool(before) and before[-1] in _MESSAGES
    if helpers & _MODAL or (not titled and _is_of_another(said, end, things)):
        return False
    if helpers & _PASSIVE:
        return _happened(before, helpers, behind)
    return _done_by_the_asker(before, helpers, behind)


def _helps(word: str) -> bool:
    return word in _PERFECT or word in _PASSIVE or word in _MODAL


def _is_of_another(said: Sequence[str], end: int, things: AbstractSet[str]) -> bool:
    """Whether the object is no message, somebody else's, or a person."""
    for at, word in enumerate(said[end : end + _NEAR + 1], end):
        follows = said[at + 1] if at + 1 < len(said) else ""
        if word in {"it", "them", "everything"} or word in _PLACING | _JOINING:
            return False
        if word in things:
            return True
        if word in {"his", "their", "your"}:
            return True
        if word in {"him", "me", "myself", "you", "someone", "somebody", "people"}:
            return True
        if word == "her":
            return follows != "and"
        if word in _MESSAGES:
            return follows in things
    return False


def _happened(
    before: Sequence[str], helpers: AbstractSet[str], behind: Sequence[str]
) -> bool:
    """Of a passive: whether it is told that it was done, by nobody else."""
    agent = list(behind[: _NEAR + 1])
    if "by" in agent:
        by = agent[agent.index("by") + 1 :][:1]
        if not {*by} & {"me", "us", "myself", "mistake", "accident", "now"}:
            return False
    if before and before[0] in _ASKED:
        return False
    near = before[-2 * _NEAR :]
    if _DOUBTED & {*near} or _QUOTING & {*near}:
        return False
    subject = before[-1] if before else ""
    if subject in _OWN or subject in {"he", "she", "you", "who", "what", "which", "that"}:
        return False
    general = len(before) > 1 and before[-2] in _GENERAL | {"when", "once", "after"}
    if not subject or helpers & _LASTING:
        known = helpers & {"now", "already"} or {"has", "been"} <= helpers
        return bool(known or helpers & {"was", "were"} or (subject and not general))
    return not general


def _done_by_the_asker(
    before: Sequence[str], helpers: AbstractSet[str], behind: Sequence[str]
) -> bool:
    """Of a verb that is no passive: whether the asker is who did it, or nobody is named."""
    subject = before[-1] if before else ""
    if subject in _OWN:
        return _is_fact(before[:-1], helpers, behind)
    if subject == "you":
        # What the service writes to the one who did it: "it says you unsent a message".
        return len(before) < _NEAR or (
            before[-2] in _QUOTING and before[0] not in _ASKED and _is_stated(before)
        )
    if _is_help(behind):
        return not _names(behind) and _is_stated(before)
    if subject in _OTHERS:
        return False
    if subject in _OBJECTS:
        return _nominative(before) in _OWN and not _names(behind)
    if subject in _BEFORE_A_NAME:
        return False
    if not before or subject in _JOINING:
        return _nominative(before) in {"", *_OWN} and not _names(behind)
    return _is_left_out(before, behind)


def _is_fact(
    left: Sequence[str], helpers: AbstractSet[str], behind: Sequence[str]
) -> bool:
    """Whether "I ..." after these words is told, not asked or supposed."""
    if not left:
        return True
    last = left[-1]
    if last in _ASKED or _DOUBTED & {*left[-_NEAR:]}:
        return False
    if last in _LINKED and {*behind[:2]} & _GENERAL:
        return False
    return not ("have" in helpers and last in {"once", "after", "when", "as", "until"})


def _is_help(behind: Sequence[str]) -> bool:
    """Whether somebody did it for the asker: "my husband deleted it for me"."""
    near = behind[: 2 * _NEAR]
    return any(
        word == "for" and after in {"me", "us"}
        for word, after in zip(near, near[1:], strict=False)
    )


def _is_stated(before: Sequence[str]) -> bool:
    return not {*before} & (_MODAL | _DOUBTED)


def _nominative(before: Sequence[str]) -> str:
    """Who is named last as somebody who does something; empty where nobody is."""
    doers = _OWN | (_OTHERS - {"it", "that", "which", "what", "one"})
    return next((word for word in reversed(before) if word in doers), "")


def _names(behind: Sequence[str]) -> bool:
    """Whether the verb only describes a message: "deleted messages still show"."""
    if not behind or behind[0] not in _MESSAGES:
        return False
    return len(behind) > 1 and behind[1] not in _AFTERWARDS


def _is_left_out(before: Sequence[str], behind: Sequence[str]) -> bool:
    """Whether after a noun the asker is left out: "sent to my boss, deleted it"."""
    if _names(behind) or _nominative(before) not in {"", *_OWN}:
        return False
    at = len(before) - 1
    while at and before[at - 1] in _DESCRIBING:
        at -= 1
    left = before[at - 1] if at else ""
    noun = before[-1]
    if noun in _MESSAGES:
        # "Message deleted, still there" is a title, "is my message deleted" is none.
        general = before[at:-1][:1] in (["a"], ["an"]) or noun.endswith("s")
        return left not in _ASKED | _BEFORE_A_NAME and not general
    if noun.startswith("{"):
        own = {*behind[:1]} & {"my", "our", "all"}  # "slack deleted my message"
        alone = len(before) == 1 and not own
        return alone or left in _PLACING or bool(_SENDING & {*before})
    return left in _PLACING or bool((_SENDING | _OWN) & {*before[:at]})

"""Text → Context: a message is parsed, in the light of what was said before."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.dialogue import slot_filling
from bot.dialogue.context import Context
from bot.dialogue.session import Session
from bot.knowledge.model import KnowledgeBase
from bot.nlu import clauses, confidence, tokenizer
from bot.nlu.classifier import topic as topic_of
from bot.nlu.engine import LONGEST, NluEngine, Parse


def read(
    kb: KnowledgeBase, nlu: NluEngine, session: Session, text: str, now: datetime
) -> Context:
    """A text with all that it says, given what was said before.

    Of a very long one the beginning and the end are looked at.
    """
    whole = _without_nod(kb, _without_preface(kb, text))
    text = _ends(whole)
    if text.startswith("/"):
        _, _, rest = text.partition(" ")
        parse = nlu.parse(rest)
        stated = slot_filling.stated_by(kb, Session(), parse, now)
        return Context(kb, session, text, parse, stated, now, text != whole)
    parse = nlu.parse(text, frozenset(session.open_slots))
    parse = slot_filling.with_kind(kb, nlu, session, text, parse)
    parse = _without_politeness(kb, nlu, session, text, parse)
    parse = _without_complaint(kb, nlu, session, text, parse)
    if len(parse.parts) > 1 and kb.topics[parse.parts[0]].clears:
        # "Forget that. How do I ..." is a question in a new conversation.
        session = replace(Session(), offered=session.offered)
        label = confidence.Confident(parse.parts[1], parse.verdict.confidence)
        parse = parse._replace(verdict=label)
    session = _of_another(kb, session, parse)
    stated = slot_filling.stated_by(kb, session, parse, now)
    return Context(kb, session, text, parse, stated, now, text != whole)


def _without_preface(kb: KnowledgeBase, text: str) -> str:
    """A text without the words that announce it: "long story short"."""
    low = text.casefold()
    said = next((one for one in kb.words.prefaces if one in low), "")
    at = low.find(said)
    rest = f"{text[:at]} {text[at + len(said) :].lstrip(' ,.:;-')}".strip()
    return rest if said and len(low) == len(text) and rest else text


def _without_nod(kb: KnowledgeBase, text: str) -> str:
    """A text without the nod before it: "I see. Can it be edited?" is no word of seeing."""
    low = text.casefold()
    said = next((one for one in kb.words.nods if low.startswith(one)), "")
    rest = text[len(said) :]
    left = rest.lstrip(_APART)
    return left if said and left and rest[0] in _APART.strip() else text


_APART = ".,;:!- \n"
"""What sets a nod apart from what follows."""


def _of_another(kb: KnowledgeBase, session: Session, parse: Parse) -> Session:
    """The session, where another message is told of: of this one nothing is done yet."""
    if not session.topic or not kb.language.holds(parse.words, kb.words.anew):
        return session
    return replace(session, slots=slot_filling.of_any(kb, session))


def _ends(text: str) -> str:
    """The two ends of a long story, who asks at length asks first or last; else all of it."""
    # No engine reads a longer text; "can't" is two words.
    words = text[: 2 * LONGEST].split(), text[-2 * LONGEST :].split()
    if len(text) <= LONGEST and len(words[0]) <= _MOST:
        return text
    first, last = words[0][: _MOST // 2], words[1][-_MOST // 2 :]
    head, tail = " ".join(first)[:_SIDE], " ".join(last)[-_SIDE:]
    return f"{head} … {tail}"


_MOST = clauses.MOST_WORDS * 4 // 5
"""Words that are looked at."""
_SIDE = LONGEST // 2 - 2
"""Characters of either end."""


def _without_politeness(
    kb: KnowledgeBase, nlu: NluEngine, session: Session, text: str, parse: Parse
) -> Parse:
    """A question beside thanks or a nod is a question: "thanks, and who sees it?"."""
    labels = [one.label for one in parse.ranked[:_NEAREST]]
    if not any(kb.topics[topic_of(label)].scope == "talk" for label in labels):
        return parse
    words = text.split()
    told = [at for at, word in enumerate(words) if not _is_polite(kb, words, at)]
    # Only from the ends: "can you delete it for me" needs its "you".
    rest = words[told[0] : told[-1] + 1] if told else []
    if not _QUESTION <= len(rest) < len(words):
        return parse
    found = nlu.parse(" ".join(rest), frozenset(session.open_slots))
    if not isinstance(found.verdict, confidence.Confident):
        return parse
    scope = kb.topics[topic_of(found.verdict.label)].scope
    # "Thank you, you are as comforting as my boss" asks nothing.
    telling = kb.words.asking | kb.words.wishing
    asks = "?" in text or not telling.isdisjoint(found.words)
    return parse if scope == "talk" or not asks else found


def _without_complaint(
    kb: KnowledgeBase, nlu: NluEngine, session: Session, text: str, parse: Parse
) -> Parse:
    """What is asked beside a complaint: "that is not what I asked. Who has read it?"."""
    if not session.topic or not kb.language.holds(parse.words, kb.words.not_that):
        return parse
    pieces = clauses.split(text, kb.language)
    left = [rest for piece in pieces if (rest := _past_complaint(kb, piece.words))]
    return nlu.parse(". ".join(left), frozenset(session.open_slots)) if left else parse


def _past_complaint(kb: KnowledgeBase, words: tuple[str, ...]) -> str:
    """A clause, or what follows in it on a complaint; empty where that is too little."""
    said = tokenizer.line(words)
    groups = [g for g in kb.language.groups(kb.words.not_that) if g in said]
    for group in groups:
        said = said.rpartition(group)[2]
    enough = not groups or len(said.split()) > _QUESTION
    return said.strip() if enough else ""


_NEAREST = 2
"""Of the ranked topics, those that thanks may have brought there."""
_QUESTION = 3
"""Words of the shortest question that may stand beside thanks."""


def _is_polite(kb: KnowledgeBase, words: list[str], at: int) -> bool:
    """Whether a word is one of thanks or a nod.

    The last one by itself only where it is thanks or set apart: "who built you" ends in
    its own object.
    """
    word, polite = _bare(words[at]), kb.words.polite
    before = words[at - 1] if 0 < at == len(words) - 1 else ""
    joined = before.isalnum() and _bare(before) not in polite
    return word in polite and (not joined or word in kb.words.asking)


def _bare(word: str) -> str:
    return word.strip(".,!?;:-").casefold()

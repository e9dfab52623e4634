"""Which question of a message is answered first."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.knowledge.model import KnowledgeBase
from bot.nlu import confidence
from bot.nlu.classifier import topic as topic_of
from bot.nlu.engine import Clause, Parse


def leading(
    kb: KnowledgeBase, parse: Parse, deeds: Collection[str], *, gone: bool = False
) -> Clause | None:
    """The first question, where a message asks several: "can I, and will she know?".

    Only where a topic of the whole is one of theirs: else the story around them counts.
    But a story that sounds like nothing that is known, or like the deed that it tells of,
    such as a block, leaves its one clear question: "I like her. What can I write instead?".
    So does one of a message that is gone already, and one about what to do now.
    """
    asked = [
        clause
        for clause in parse.clauses
        if clause.asks and kb.topics[topic_of(clause.label)].scope == "domain"
    ]
    labels = _labels(parse.verdict)
    if not asked or not labels:
        return None
    if finer := _finer(parse.verdict, asked):
        return finer
    about = {topic_of(clause.label) for clause in asked}
    whole = {topic_of(label) for label in labels}
    clear = isinstance(parse.verdict, confidence.Confident)
    if len(about) > 1 and not about.isdisjoint(whole):
        return asked[0] if _begins(asked[0], parse, labels) else None
    told = {topic_of(clause.label) for clause in parse.clauses} - about
    if len(asked) == 1 and not clear and about < whole and told.isdisjoint(whole):
        # Of the topics that the whole is torn between, the one that is asked about.
        return asked[0] if asked[0].confidence >= _SURELY else None
    # "A man I matched with knows where I live. Can I unsend it?" asks just that.
    plain = parse.verdict.confidence < _WEAK and _fills(asked[0])
    # "Sent it to the wrong group. Deleted. Must I report it?" wants nothing taken back.
    aftermath = (gone or about == {kb.roles.topics.too_late}) and whole == {
        kb.roles.topics.default
    }
    sure = asked[0].confidence >= _SURELY
    if len(asked) == 1 and (plain or (aftermath and sure)):
        return asked[0]
    outside = all(
        kb.topics[topic].scope != "domain" or kb.usual_action(topic) in deeds
        for topic in whole
    )
    vague = kb.roles.values.vague in (label.partition("/")[2] for label in labels)
    # A sure near miss is one whatever was done: somebody who died is no blocked chat.
    deed = bool(deeds) and parse.verdict.confidence < _NO_OTHER
    return asked[0] if outside and sure and (vague or deed) else None


def _begins(first: Clause, parse: Parse, labels: Collection[str]) -> bool:
    """Whether the first question is answered first where the whole has a topic of it."""
    if not isinstance(parse.verdict, confidence.Confident):
        # A long story that is torn is none of two plain questions.
        return len(parse.words) <= _PLAIN
    # "What do I do first?" is vague, and what the whole is about is not.
    return first.label in labels or first.confidence >= _SURELY


def _fills(clause: Clause) -> bool:
    """Whether a clause asks for its label and could ask for no other."""
    return min(clause.confidence, clause.part) >= _CERTAIN


def _finer(verdict: confidence.Verdict, asked: Sequence[Clause]) -> Clause | None:
    """A question for an aspect of the topic that the whole is about in general."""
    if not isinstance(verdict, confidence.Confident) or "/" in verdict.label:
        return None
    return next((one for one in asked if asks_for_aspect(one, verdict.label)), None)


def asks_for_aspect(clause: Clause, topic: str) -> bool:
    """Whether a clause surely asks for an aspect of a topic."""
    own = clause.asks and clause.label.startswith(f"{topic}/")
    return own and clause.confidence * clause.part >= _FINELY


_PLAIN = 25
"""Words of two questions without a story."""
_SURELY = 0.9
"""The confidence from which a clause counts against the rest of its text."""
_CERTAIN = 0.98
"""The confidence from which a clause is about nothing else."""
_WEAK = 0.7
"""The confidence below which a whole counts less than its one question."""
_NO_OTHER = 0.97
"""The confidence from which the whole is about nothing else."""
_FINELY = 0.85
"""The probability from which an aspect of what the text is about anyway counts."""


def _labels(verdict: confidence.Verdict) -> tuple[str, ...]:
    """What the whole is about, one or several; none where nothing is clear."""
    match verdict:
        case confidence.Confident(label):
            return (label,)
        case confidence.Ambiguous(labels):
            return labels
        case _:
            return ()

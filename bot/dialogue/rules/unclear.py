"""Messages on no clear topic: from the best guess down to the fallback."""

from __future__ import annotations

from bot.dialogue import slot_filling
from bot.dialogue.context import FEW, SHORT, Context, Decision
from bot.dialogue.slot_filling import merged
from bot.nlu import confidence
from bot.nlu.classifier import topic as topic_of

_OFFERED, _TORN = 3, 0.5
"""Topics that are offered, and below what one word says nothing of a near miss."""


_NEAR = 0.3
"""The confidence in the best topic from which topics are suggested at all."""


def states_slots_with_few_words(context: Context) -> Decision | None:
    """Slots with a word or two beside them, on no clear topic: "slack hr photo"."""
    if not context.new_slots:
        return None
    spare = len(context.parse.extraction.rest)
    topic = context.concerned()
    if spare > 1 and not (spare <= FEW and context.leaves_room_for(topic)):
        return None
    slots = {**context.session.slots, **context.stated_action(topic)}
    return Decision(topic, slots, 0.7)


def picks_best_of_several(context: Context) -> Decision | None:
    """Torn between topics, the best is answered, others are buttons: "is it copies or records".

    A topic that a clause is clearly about goes first, and before small talk any of the
    domain; in a conversation also before a near miss: "even from her mails?".
    """
    verdict = context.parse.verdict
    if not isinstance(verdict, confidence.Ambiguous):
        return None
    kb = context.kb
    labels = {topic_of(label): label for label in reversed(verdict.labels)}
    ranked = [topic_of(label) for label in verdict.labels]
    inside = [t for t in dict.fromkeys(ranked) if kb.topics[t].scope == "domain"]
    # No statement wants the services compared.
    parts = (
        topic_of(clause.label)
        for clause in context.parse.clauses
        if clause.asks or not kb.topics[topic_of(clause.label)].narrow
    )
    shares = {topic_of(one.label): one.probability for one in context.parse.ranked}
    most = max(shares.values(), default=0.0)
    near = {topic for topic in inside if shares.get(topic, 0.0) >= most * _PARTLY}
    clause = next((part for part in parts if part in near), None)
    nods = kb.topics[ranked[0]].scope == "talk" and _is_a_nod(context)
    best = ranked[0] if nods else clause or ranked[0]
    goes_on = context.in_domain and len(context.parse.words) <= SHORT
    # As likely as a near miss, the domain is the more useful guess.
    evenly = inside and shares.get(inside[0], 0.0) >= most * _EVENLY
    if kb.topics[best].scope == "out" and evenly:
        best = inside[0]
    if best == kb.roles.topics.compare and context.in_domain:
        # In a talk nobody means to compare who does not clearly say so.
        best = next((topic for topic in inside if topic in near - {best}), best)
    passed_over = ("talk", "out") if goes_on else ("talk",)
    if kb.topics[best].scope in passed_over and inside and not nods:
        best = inside[0]
    alone = len(context.parse.words) == 1 and not context.new_slots
    if (
        alone
        and kb.topics[best].scope == "out"
        and context.parse.ranked[0].probability < _TORN
    ):
        return None  # "asap" is not about prices for being nearest to them
    default = kb.roles.topics.default
    if not context.here and not context.asks and best in kb.topics[default].akin:
        best = default  # "I wrote to my landlord at two" asks for no limit
    if _tells_where(context) and best == kb.roles.topics.too_late:
        best = default  # words to send can wait
    slots = slot_filling.kept(kb, context.session, context.new_slots)
    slots |= context.own_of(labels.get(best, best))
    slots |= slot_filling.left_there(kb, context.session, best)
    also = tuple(topic for topic in inside if topic != best)[:_OFFERED]
    return Decision(best, slots, verdict.confidence, also=also)


def _tells_where(context: Context) -> bool:
    """Whether a first message names the service, asks nothing and speaks of no words.

    "I texted my crush something silly on X": what can be done there comes first.
    """
    said, service = context.parse.words, context.kb.roles.slots.service
    asks = context.asks or context.here or service not in context.new_slots
    return not asks and not context.kb.language.holds(said, context.kb.words.drafts)


_PARTLY, _EVENLY = 0.4, 0.95
"""Of the best topic's share, what a clause's has to have, and what is as much."""


def _is_a_nod(context: Context) -> bool:
    """Whether thanks beside a statement end a talk: "ok, I wrote to the owner, thanks"."""
    words = context.kb.words
    wishes = not (words.wishing - words.polite).isdisjoint(context.parse.words)
    answered = context.session.answered is not None
    return answered and not wishes and not context.puts_a_question


def suggests_topics(context: Context) -> Decision | None:
    """Nothing is clear, but some topics are nearer than the others: "they"."""
    verdict = context.parse.verdict
    if not isinstance(verdict, confidence.NoMatch) or context.confidence < _NEAR:
        return None
    fallback = context.kb.roles.topics.fallback
    ranked = dict.fromkeys(map(topic_of, verdict.labels))
    near = tuple(topic for topic in ranked if topic != fallback)[:_OFFERED]
    if len(near) < FEW:
        return None
    slots = merged(
        context.kb, context.kb.lasting(context.session.slots), context.new_slots
    )
    return Decision(None, slots, verdict.confidence, near)


def keeps_topic_for_slots(context: Context) -> Decision | None:
    """In a conversation, slots beside other words: "zzz yyy an hour ago?"."""
    if not context.new_slots or not context.session.topic:
        return None
    return Decision(context.session.topic, context.session.slots, 0.5)


def falls_back(context: Context) -> Decision | None:
    """Nothing was understood: "???"."""
    slots = merged(context.kb, context.session.slots, context.new_slots)
    return Decision(None, slots, context.confidence)

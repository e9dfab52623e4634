"""Messages on a clear topic: of the domain, or small talk and out of scope.

In a conversation, a message whose nearest topic is out of scope mostly goes on with it.
So a near miss is held against what was said before, and is declined only after that.
"""

from __future__ import annotations

from bot.dialogue import slot_filling
from bot.dialogue.context import FEW, SHORT, Context, Decision
from bot.nlu import confidence, tokenizer
from bot.nlu.classifier import topic as topic_of


def stays_with_what_presses(context: Context) -> Decision | None:
    """Out of scope, and at hand with an answer to that: "I feel so ashamed"."""
    kb, session = context.kb, context.session
    entry = kb.topics.get(context.here)
    if not entry or entry.scope != "out":
        return None
    nearest = context.label or context.parse.ranked[0].label
    topic, _, aspect = nearest.partition("/")
    aspect = aspect or topic
    slots = {**kb.lasting(session.slots), **context.new_slots}
    if entry.below(aspect):
        return Decision(context.here, {**slots, "aspect": aspect}, context.confidence)
    # Small talk ends it; what else is none of ours is said in distress.
    if kb.topics[topic].scope == "out" and len(context.parse.words) <= SHORT:
        return Decision(context.here, slots, context.confidence)
    return None


def clear_topic(context: Context) -> Decision | None:
    """A clear question about a topic of the domain: "how do I unsend a message"."""
    if context.scope != "domain" or _is_a_remark(context):
        return None
    kb, session = context.kb, context.session
    slots = slot_filling.kept(kb, session, context.new_slots)
    told = kb.roles.slots.state in context.new_slots
    deed = kb.roles.slots.deed
    # "Deleted. Can I edit it instead" is about the same message.
    same = context.topic != kb.roles.topics.default and not context.new_slots
    lasts = same or kb.settles(deed, slots.get(deed, ""))
    if context.asks and not told and kb.tells_how(context.topic) and not lasts:
        slots.pop(deed, None)  # it is about another message
    lasting = slot_filling.sticky(kb, session, context.topic, context.new_slots)
    slots |= (
        context.own or lasting or slot_filling.left_there(kb, session, context.topic)
    )
    return Decision(context.topic, slots, context.confidence, also=_parts(context))


def _is_a_remark(context: Context) -> bool:
    """Whether a statement in a conversation only sounds like a narrow topic.

    "Most of them are at other companies" does not ask for a comparison.
    """
    kb, topic = context.kb, context.kb.topics.get(context.topic)
    if not topic or not topic.narrow or context.confidence >= _CLEARLY:
        return False
    if not context.in_domain or kb.topics[context.here].narrow:
        return False
    if context.puts_a_question:
        return False
    words = context.parse.words
    return len(words) >= _STATEMENT and kb.words.wishing.isdisjoint(words)


_CLEARLY = 0.98
"""The confidence from which a narrow topic is meant."""


def _parts(context: Context) -> tuple[str, ...]:
    """The topics of the other clauses."""
    topics = context.kb.topics
    return tuple(
        part
        for part in context.parse.parts
        if part != context.topic and topics[part].scope == "domain"
    )


def continues_with_slots(context: Context) -> Decision | None:
    """In a conversation, a statement with slots: "it was to somebody who blocked me".

    Its words may be those of a topic that is out of scope.
    """
    if not context.in_domain or not context.new_slots:
        return None
    if context.scope not in ("", "out") and not _is_a_remark(context):
        return None
    asks = context.puts_a_question or context.asks_within
    if asks or _is_another_matter(context):
        return None
    slots = {**context.session.slots, **context.action_for(context.here)}
    return Decision(context.concerned(), slots, 0.6)


def continues_with_question(context: Context) -> Decision | None:
    """In a conversation, a short question near its domain: "shut down my profile"."""
    if not context.in_domain or context.scope != "out":
        return None
    if len(context.parse.words) > SHORT or not context.parse.ranked:
        return None
    ranked = context.parse.ranked[:_NEAREST]
    for other in ranked[1:]:
        topic = topic_of(other.label)
        near = other.probability >= ranked[0].probability * _NEARLY
        # No statement wants the services compared, and no "where".
        few = len(context.parse.words) <= FEW
        if context.kb.topics[topic].narrow and (few or not context.asks):
            continue
        if near and context.kb.topics[topic].scope == "domain":
            slots = slot_filling.kept(context.kb, context.session, context.new_slots)
            # So near a miss an aspect is a guess: "can he see it".
            fine = other.probability >= _FINELY
            slots |= context.own_of(other.label if fine else topic)
            return Decision(topic, slots, context.confidence)
    return None


_NEAREST, _NEARLY, _FINELY = 4, 0.15, 0.2
"""Topics that are looked at, the share that is near, and from when an aspect counts."""


def tells_what_was_sent(context: Context) -> Decision | None:
    """Something harmful was sent: "I emailed my card details and got a call"."""
    kb, said = context.kb, context.parse.extraction
    nearest = context.topic
    if isinstance(context.parse.verdict, confidence.Ambiguous):
        nearest = topic_of(context.parse.verdict.labels[0])
    if not nearest or kb.topics[nearest].scope != "out":
        return None
    placed = _tells_where_and_when(context)
    sends = _tells_in_the_present(context)
    told = sends or kb.language.holds(context.parse.words, kb.words.sent)
    if not placed and not told:
        return None
    # Who tells at length what was sent is no small talk either, and a slip that was
    # made is no near miss for certain.
    story = context.label == _vague(context) and len(context.parse.words) >= _STORY
    slip = not context.label and context.tells_a_slip
    if not (
        placed or story or slip or sends or said.asides.items() & kb.first_aid.keys()
    ):
        return None
    return Decision(kb.roles.topics.default, kb.lasting(context.session.slots), 0.7)


def _tells_where_and_when(context: Context) -> bool:
    """Whether a message on no sure topic tells the service and the time.

    While that time may run, what can be done about the message is the safer answer.
    """
    names = context.kb.roles.slots
    told = {names.service, names.time} <= context.new_slots.keys()
    unsure = any(r.probability < _NEARLY_A_MISS for r in context.parse.ranked[:1])
    return told and unsure and not context.here


def _tells_in_the_present(context: Context) -> bool:
    """Whether "I send" stands for what was sent: "i send message wrong person"."""
    kb, default = context.kb, context.kb.roles.topics.default
    ways = {one.label: one.probability for one in context.parse.ranked[:_LIKELIEST]}
    begins = context.line.startswith(kb.language.groups(kb.words.sends))
    said = context.parse.extraction
    if begins and (said.age is not None or said.when.time):
        return True
    told = context.new_slots or said.asides
    return begins and bool(told) and ways.get(default, 0.0) >= _PERHAPS


_LIKELIEST, _PERHAPS = 3, 0.08
"""Of the ranked topics those that count, and from when the usual one may be meant."""
_NEARLY_A_MISS = 0.65
"""The probability from which a near miss is taken for one whatever else is told. Ten of 982
questions tell both and look like one: the near misses have 0.78 or more, others up to 0.58."""
_STORY = 10
"""Words of the shortest story of what was sent."""


def continues_without_slots(context: Context) -> Decision | None:
    """In a conversation, a remark beside it: "she is an old friend of mine".

    It neither asks nor wants anything and states no slot, so the verdict stands.
    """
    kb, here = context.kb, context.here
    if not context.session.answered or kb.topics[here].scope != "domain":
        return None
    if len(context.parse.words) < _STATEMENT or context.new_slots:
        return None
    remark = _is_a_remark(context)
    if context.scope not in ("", "out") and not remark:
        return None
    indirectly = context.asks and not remark and context.label != _vague(context)
    wishes = not kb.words.wishing.isdisjoint(context.parse.words)
    if context.puts_a_question or indirectly or wishes or _is_another_matter(context):
        return None
    return Decision(here, context.session.slots, 0.5)


def _vague(context: Context) -> str:
    """The label of what is about nothing that is known."""
    roles = context.kb.roles
    return f"{roles.topics.fallback}/{roles.values.vague}"


def asks_vaguely(context: Context) -> Decision | None:
    """In a conversation, a question that names nothing: "is that good news?".

    The nearest topic of the domain is its best answer.
    """
    kb, session = context.kb, context.session
    if not context.in_domain:
        return None
    verdict = context.parse.verdict
    torn = isinstance(verdict, confidence.Ambiguous) and verdict.labels[0]
    if _vague(context) not in (context.label, torn) or context.confidence >= _OFF:
        return None
    # To thank is in itself no question.
    asks = {*context.parse.words} & (kb.words.asking - kb.words.polite)
    if len(context.parse.words) > SHORT or not asks:
        return None
    for near in context.parse.ranked[:_NEAREST_OF_VAGUE]:
        topic = topic_of(near.label)
        if kb.topics[topic].narrow and len(context.parse.words) <= FEW:
            continue
        if kb.topics[topic].scope == "domain" and near.probability >= _HARDLY:
            slots = slot_filling.kept(kb, session, context.new_slots)
            return Decision(topic, slots | context.own_of(near.label), near.probability)
    return None


_OFF, _HARDLY, _NEAREST_OF_VAGUE = 0.97, 0.01, 6
"""From when it is surely about something else, and what is near it at all."""
_STATEMENT = 5
"""Words of the shortest statement that is told from a request."""


def _is_another_matter(context: Context) -> bool:
    """Whether a near miss is a sure one, or on a service that was not talked of.

    What says that something was done, such as a block, is a fact all the same.
    """
    if context.scope != "out":
        return False
    service = context.kb.roles.slots.service
    before = context.session.slots.get(service)
    other = context.new_slots.get(service, before) != before
    # "It was during a meeting" tells more of the message.
    groups = context.kb.language.groups(context.kb.words.identifies)
    tells = tokenizer.line(context.parse.words).startswith(groups)
    vague = context.label == _vague(context) or tells
    sure = context.confidence >= _SURE and not vague and not context.states_an_action
    return sure or (before is not None and other)


_SURE = 0.95
"""The confidence from which a near miss is no further fact."""


def small_talk_or_out_of_scope(context: Context) -> Decision | None:
    """Clear small talk, or clearly out of scope: "what is the weather like"."""
    if not context.label:
        return None
    # "The new one or the old one?" does not begin anew.
    clears = context.kb.topics[context.topic].clears
    if clears and context.in_domain and context.puts_a_question:
        return Decision(context.here, context.session.slots, 0.5)
    slots = context.kb.lasting(context.session.slots)
    slots |= {**context.new_slots, **context.own}
    return Decision(context.topic, slots, context.confidence)

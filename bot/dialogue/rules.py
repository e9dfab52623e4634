"""The rules of the dialogue: each decides one sort of message, or passes it on.

A rule is a function of Context; it returns a Decision, or None where it does not apply.
Their order is in policy.RULES.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from bot.dialogue import callback_data, slot_filling
from bot.dialogue.context import FEW, SEVERAL, Context, Decision
from bot.dialogue.events import Button
from bot.dialogue.slot_filling import merged
from bot.nlu import confidence, tokenizer
from bot.nlu.classifier import topic as topic_of

_DIGITS = 3
"""A number of more digits is no button's."""
_OFFERED = 3
_NEAR = 0.3
"""The confidence in the best topic from which topics are suggested at all."""


def command(context: Context) -> Decision | None:
    """A slash command, with the facts that its words state: "/service slack"."""
    if not context.text.startswith("/"):
        return None
    kb, session = context.kb, context.session
    name = context.text[1:].strip().partition(" ")[0].partition("@")[0]
    if session.history and tokenizer.line([name]) in tokenizer.groups(kb.words.back):
        return _previous(context)
    for stem, topic in kb.topics.items():
        if name.casefold() in (topic.command, *topic.commands):
            aspect = topic.commands.get(name.casefold())
            slots = merged(kb, kb.lasting(session.slots), context.new_slots)
            return Decision(stem, slots | ({"aspect": aspect} if aspect else {}))
    if context.parse.words:
        return None  # "/unsend my message" is a question
    return Decision(None, session.slots, 0.0)


def typed_button(context: Context) -> Decision | None:
    """The label or the number of a button of the last message."""
    said = context.said
    button = _typed(context.session.offered, said) if said else None
    if button is None:
        return None
    found = callback_data.decode(context.kb, button.value)
    if found is None:
        return Decision(None, context.session.slots, 0.0)
    return Decision(*found)


def names_no_button(context: Context) -> Decision | None:
    """A number alone, and no button bears it."""
    said = context.said
    if len(said) != 1 or not said[0].isdecimal():
        return None
    return Decision(None, context.session.slots, 0.0)


def goes_back(context: Context) -> Decision | None:
    """One step back, in one of the words for that."""
    said = context.line
    if said not in tokenizer.groups(context.kb.words.back):
        return None
    if context.session.history:
        return _previous(context)
    return Decision(None, context.session.slots, 0.0)


def moves_in_steps(context: Context) -> Decision | None:
    """An answer's steps one by one: the first, the next, or done with them."""
    kb, session = context.kb, context.session
    slot, words = kb.roles.slots.step, kb.words
    at = session.slots.get(slot)
    if session.topic is None:
        return None
    said = context.line
    if at is None:
        first = {*tokenizer.groups(words.step_by_step), *tokenizer.groups(words.next)}
        begins = session.guided and said in first
        return Decision(session.topic, {**session.slots, slot: "1"}) if begins else None
    if said in tokenizer.groups(words.next) and at.isdecimal():
        return Decision(session.topic, {**session.slots, slot: str(int(at) + 1)})
    if said in tokenizer.groups(words.done):
        done = kb.roles.values.done
        if at == done:
            return _verdict_on_steps(context, worked=True)
        return Decision(session.topic, {**session.slots, slot: done})
    return None


def says_how_it_went(context: Context) -> Decision | None:
    """Done, yes or no, after an answer with steps: whether that worked."""
    kb, session = context.kb, context.session
    if not session.guided or session.topic is None:
        return None
    said, words = context.line, kb.words
    open_to_it = not session.pending
    done = open_to_it and said in tokenizer.groups(words.done)
    if done or _tells_it_is_done(context):
        return _verdict_on_steps(context, worked=True)
    if open_to_it and session.slots.get(kb.roles.slots.step) == kb.roles.values.done:
        if said in tokenizer.groups(words.yes):
            return _verdict_on_steps(context, worked=True)
        if said in tokenizer.groups(words.no):
            return _verdict_on_steps(context, worked=False)
    return None


def _tells_it_is_done(context: Context) -> bool:
    """Whether a short statement says so: "ok i unsent it", but not "for me only"."""
    if context.asks or "?" in context.text or context.spare > SEVERAL:
        return False
    said, words = context.parse.words, context.kb.words
    if context.kb.roles.slots.time in context.new_slots:
        return False
    otherwise = (*words.stuck, *words.half_done)
    return tokenizer.holds(said, words.did) and not tokenizer.holds(said, otherwise)


def rejects_the_reading(context: Context) -> Decision | None:
    """It was not what was asked: the next best reading, else the choice of all."""
    kb, session = context.kb, context.session
    said = context.said
    if not session.topic or not tokenizer.holds(said, kb.words.not_that):
        return None
    if context.scope == "domain" and len(context.parse.words) > _LONG:
        return None  # it says itself what was meant
    if session.readings:
        slots = kb.lasting(session.slots)
        return Decision(session.readings[0], slots, also=session.readings[1:])
    topics, values = kb.roles.topics, kb.roles.values
    return Decision(topics.help, {"aspect": values.none_of_these})


_LONG = 8
"""Words with which a complaint says also what was meant."""


def answers_with_a_view(context: Context) -> Decision | None:
    """The answer to an open question about how the answer is to be shown."""
    session, views = context.session, context.parse.extraction.views
    if context.here and session.requested_slot in views and context.spare <= FEW:
        return Decision(context.here, session.slots, 0.95)
    return None


def says_steps_failed(context: Context) -> Decision | None:
    """After steps: they did not work."""
    if not context.here or context.spare > SEVERAL or not context.session.guided:
        return None
    # "Can my boss still see it" is a question of its own, "I still see it" is none.
    if context.is_fresh and context.asks:
        return None
    if not tokenizer.holds(context.parse.words, context.kb.words.stuck):
        return None
    return Decision(context.kb.roles.topics.steps_failed, context.session.slots, 0.95)


def asks_what_is_left(context: Context) -> Decision | None:
    """After an answer that was no help: what else there is."""
    kb, session = context.kb, context.session
    if not context.here or context.spare > SEVERAL:
        return None
    stuck = session.topic == kb.roles.topics.steps_failed
    if not tokenizer.holds(context.parse.words, kb.words.helpless):
        return None
    if context.new_slots:
        return Decision(kb.roles.topics.default, session.slots, 0.8)
    lost = tokenizer.groups(kb.words.helpless)
    own = {word for group in lost for word in group.split()}
    if not own.issuperset(context.parse.extraction.rest):
        return None
    if session.requested_slot and not stuck:
        return Decision(kb.roles.topics.default, session.slots, 0.8)
    guided = session.guided and not stuck
    topics = kb.roles.topics
    there = topics.steps_failed if guided else topics.too_late
    return Decision(there, session.slots, 0.9)


def answers_open_question(context: Context) -> Decision | None:
    """The fact that was asked for, or that a bare answer would be about."""
    session = context.session
    if not context.here or not context.new_slots.keys() & {*session.open_slots}:
        return None
    if context.is_fresh and context.spare > FEW:
        return None
    return Decision(context.here, session.slots, 0.95)


def corrects(context: Context) -> Decision | None:
    """A fact that replaces the one before: "sorry, I meant ..."."""
    meant = context.kb.words.meant
    if not context.here or not context.new_slots:
        return None
    if not tokenizer.holds(context.parse.words, meant):
        return None
    own = context.own if context.topic == context.here else {}
    return Decision(context.here, {**context.session.slots, **own}, 0.95)


def wishes(context: Context) -> Decision | None:
    """Only says how the answer at hand should be: "more formal"."""
    here = context.here
    # "More formal, it is for my boss" says whom it is for, which the draft has no use for.
    if not here or context.new_slots.keys() & context.kb.uses(here):
        return None
    names = _names_of_views(context)
    if not names or (context.topic not in ("", here) and context.asks):
        return None
    spare = [w for w in context.parse.extraction.rest if w not in names]
    if len(spare) > (FEW if context.topic else SEVERAL):
        return None
    return Decision(here, context.session.slots, 0.9)


def states_facts_only(context: Context) -> Decision | None:
    """Facts and nothing else: they are about the topic at hand."""
    spare = 1 if context.here and context.scope == "talk" else 0
    if _is_read_again(context) or not context.new_slots or context.spare > spare:
        return None
    if not context.here and context.scope == "out":
        return None
    topic = context.concerned()
    slots = {**context.session.slots, **context.stated_action(topic)}
    return Decision(topic, slots, 0.9)


def names_a_device(context: Context) -> Decision | None:
    """A device and nothing else."""
    devices = context.kb.words.devices
    if context.spare or devices.keys().isdisjoint(context.parse.words):
        return None
    topic = context.here or context.kb.roles.topics.default
    return Decision(topic, context.session.slots, 0.9)


def notes_facts(context: Context) -> Decision | None:
    """Only says what, where and when: "inmail, an hour ago, help"."""
    if _is_read_again(context) or context.scope not in ("", "talk") or context.asks:
        return None
    names = context.kb.roles.slots
    where = context.new_slots.keys() & {names.service, names.kind}
    when = context.new_slots.keys() & {names.time, names.state, names.kind} - where
    few = len(context.parse.extraction.rest) <= SEVERAL
    topic = context.concerned()
    if not context.leaves_room_for(topic):
        return None
    if not few or not where or not (when or len(where) > 1):
        return None
    return Decision(topic, context.session.slots, 0.8)


def tells_what_is_done(context: Context) -> Decision | None:
    """Only tells what was done to the message, and asks nothing: what is so now."""
    kb, said, deed = context.kb, context.parse.extraction, context.kb.roles.slots.deed
    done = kb.choice(deed, said.asides.get(deed, ""))
    if not done or not done.topic or context.scope not in ("", "domain"):
        return None
    # What a question looks at, another state and a wish lead elsewhere.
    looks = (kb.choice(slot, value) for slot, value in said.views.items())
    asks = (
        context.asks or "?" in context.text or any(one and one.topic for one in looks)
    )
    wishes = not kb.words.wishing.isdisjoint(context.said)
    usual = kb.usual_action(context.topic) if context.topic else kb.roles.values.action
    if asks or wishes or "/" in context.label or usual != kb.roles.values.action:
        return None
    slots = slot_filling.kept(kb, context.session, context.new_slots)
    return Decision(done.topic, slots, 0.8)


def clear_topic(context: Context) -> Decision | None:
    """A clear question about a topic of the domain."""
    if context.scope != "domain":
        return None
    kb, session = context.kb, context.session
    slots = slot_filling.kept(kb, session, context.new_slots)
    if context.asks and context.topic in kb.hows:
        slots.pop(kb.roles.slots.deed, None)  # it is about another message
    lasting = slot_filling.sticky(kb, session, context.topic, context.new_slots)
    slots |= context.own or lasting
    return Decision(context.topic, slots, context.confidence, also=_parts(context))


def tells_more(context: Context) -> Decision | None:
    """A statement with facts in the middle of a conversation, and no question.

    Its words may be those of a near miss: "it was to somebody who blocked me".
    """
    here = context.session.topic
    if not here or context.kb.topics[here].scope != "domain" or not context.new_slots:
        return None
    if context.scope not in ("", "out") or "?" in context.text:
        return None
    if context.opens_with_a_question or _is_another_matter(context):
        return None
    slots = {**context.session.slots, **context.action_for(here)}
    return Decision(context.concerned(), slots, 0.6)


def goes_on(context: Context) -> Decision | None:
    """A statement in the middle of a conversation that neither asks nor wishes.

    What it adds changes nothing: "9 people are in it". So the verdict stands.
    """
    kb, here = context.kb, context.here
    if not context.session.answered or kb.topics[here].scope != "domain":
        return None
    if context.scope not in ("", "out") or len(context.parse.words) < _STATEMENT:
        return None
    if context.asks or "?" in context.text or context.new_slots:
        return None
    wishes = not kb.words.wishing.isdisjoint(context.parse.words)
    if wishes or _is_another_matter(context):
        return None
    return Decision(here, context.session.slots, 0.5)


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
    sure = context.confidence >= _SURE and not context.states_an_action
    return sure or (before is not None and other)


_SURE = 0.95
"""The confidence from which a near miss is no further fact."""


def stays_inside(context: Context) -> Decision | None:
    """A short question in a conversation, nearly as much of the domain as a near miss."""
    here = context.session.topic
    if not here or context.kb.topics[here].scope != "domain" or context.scope != "out":
        return None
    if len(context.parse.words) > _SHORT or not context.parse.ranked:
        return None
    ranked = context.parse.ranked[:_NEAREST]
    for other in ranked[1:]:
        topic = topic_of(other.label)
        near = other.probability >= ranked[0].probability * _NEARLY
        if near and context.kb.topics[topic].scope == "domain":
            slots = slot_filling.kept(context.kb, context.session, context.new_slots)
            slots |= context.own_of(other.label)
            return Decision(topic, slots, context.confidence)
    return None


_SHORT, _NEAREST, _NEARLY = 7, 3, 0.15


_STORY = 10


def gave_something_away(context: Context) -> Decision | None:
    """Something was sent that matters: no near miss, though its words may be one's."""
    kb, said = context.kb, context.parse.extraction
    nearest = context.topic
    if isinstance(context.parse.verdict, confidence.Ambiguous):
        nearest = topic_of(context.parse.verdict.labels[0])
    if not nearest or kb.topics[nearest].scope != "out":
        return None
    if not tokenizer.holds(context.parse.words, kb.words.sent):
        return None
    # Who tells at length what was sent is no small talk either.
    vague = f"{kb.roles.topics.fallback}/{kb.roles.values.vague}"
    story = context.label == vague and len(context.parse.words) >= _STORY
    if not story and not said.asides.items() & kb.first_aid.keys():
        return None
    return Decision(kb.roles.topics.default, kb.lasting(context.session.slots), 0.7)


def side_topic(context: Context) -> Decision | None:
    """Clear small talk, or clearly out of scope."""
    if not context.label:
        return None
    slots = context.kb.lasting(context.session.slots)
    slots |= {**context.new_slots, **context.own}
    return Decision(context.topic, slots, context.confidence)


def adds_facts(context: Context) -> Decision | None:
    """Facts with few words beside them, on no clear topic."""
    if not context.new_slots:
        return None
    spare = len(context.parse.extraction.rest)
    topic = context.concerned()
    if spare > 1 and not (spare <= FEW and context.leaves_room_for(topic)):
        return None
    slots = {**context.session.slots, **context.stated_action(topic)}
    return Decision(topic, slots, 0.7)


def best_of_several(context: Context) -> Decision | None:
    """Torn between topics: the best is answered, the others become buttons.

    A topic that a clause is clearly about goes first, and before small talk any of the
    domain.
    """
    verdict = context.parse.verdict
    if not isinstance(verdict, confidence.Ambiguous):
        return None
    kb = context.kb
    labels = {topic_of(label): label for label in reversed(verdict.labels)}
    ranked = [topic_of(label) for label in verdict.labels]
    inside = [t for t in dict.fromkeys(ranked) if kb.topics[t].scope == "domain"]
    clause = next((part for part in context.parse.parts if part in inside), None)
    best = clause or ranked[0]
    if kb.topics[best].scope == "talk" and inside:
        best = inside[0]
    slots = slot_filling.kept(kb, context.session, context.new_slots)
    slots |= context.own_of(labels[best])
    also = tuple(topic for topic in inside if topic != best)[:_OFFERED]
    return Decision(best, slots, verdict.confidence, also=also)


def suggests(context: Context) -> Decision | None:
    """Nothing is clear, but some topics are nearer than the others."""
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


def adds_facts_to_the_topic(context: Context) -> Decision | None:
    """Facts beside words that are not understood, in the middle of a conversation."""
    if not context.new_slots or not context.session.topic:
        return None
    return Decision(context.session.topic, context.session.slots, 0.5)


def falls_back(context: Context) -> Decision | None:
    """Nothing was understood."""
    slots = merged(context.kb, context.session.slots, context.new_slots)
    return Decision(None, slots, context.confidence)


def _previous(context: Context) -> Decision:
    """Where the conversation was before."""
    visit = context.session.history[-1]
    return Decision(visit.topic, visit.slots, returns=True)


def _verdict_on_steps(context: Context, *, worked: bool) -> Decision:
    topics = context.kb.roles.topics
    there = topics.steps_worked if worked else topics.steps_failed
    return Decision(there, context.kb.lasting(context.session.slots))


def _typed(offered: Sequence[Button], said: Sequence[str]) -> Button | None:
    """The button whose label or number these words are."""
    if len(said) == 1 and said[0].isdecimal():
        number = int(said[0][:_DIGITS])
        return offered[number - 1] if 0 < number <= len(offered) else None
    return next((b for b in offered if _spoken(b.label) == tuple(said)), None)


_spoken = lru_cache(maxsize=1 << 10)(tokenizer.tokenize)
"""A label's words; it is the knowledge's, so no person's words are remembered."""


def _is_read_again(context: Context) -> bool:
    """Whether a fresh topic comes with its state: "she saw it, by the way"."""
    state = context.kb.roles.slots.state
    return context.is_fresh and context.new_slots.keys() == {state}


def _names_of_views(context: Context) -> set[str]:
    """The words of the wishes that the topic at hand listens to."""
    kb, accepts = context.kb, context.kb.uses(context.here)
    views: Mapping[str, str] = context.parse.extraction.views
    return {
        word
        for slot, value in views.items()
        if slot in accepts and isinstance(values := kb.slots[slot].values, dict)
        for name in values[value].names
        for word in name.replace("/", " ").split()
    }


def _parts(context: Context) -> tuple[str, ...]:
    """The topics of the other clauses."""
    topics = context.kb.topics
    return tuple(
        part
        for part in context.parse.parts
        if part != context.topic and topics[part].scope == "domain"
    )

"""Messages that state slots and ask nothing new."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import takewhile

from bot.dialogue import slot_filling
from bot.dialogue.context import FEW, SEVERAL, SHORT, Context, Decision
from bot.knowledge.model import UNSURE
from bot.nlu import confidence, tokenizer
from bot.nlu.classifier import topic as topic_of


def fills_requested_slot(context: Context) -> Decision | None:
    """The slot that was asked for, or that a button offers to fill: "still unread"."""
    session = context.session
    if not context.here or not context.new_slots.keys() & {*session.open_slots}:
        return None
    if _is_clear_of_its_own(context) or context.looks_elsewhere:
        return None
    return Decision(context.here, session.slots, 0.95)


def _is_clear_of_its_own(context: Context) -> bool:
    """Whether it is clearly about something else than the topic at hand.

    "Why is there no Undo Send on my iPhone" names a device, and asks of its own.
    """
    if UNSURE in context.new_slots.values():
        return False  # "not sure whether she saw it"
    beside = context.spare > FEW or _wants_words(context) or _asks_besides(context)
    if context.is_fresh:
        # Nobody has asked: "edit inmail" under buttons that offer the InMail.
        unasked = bool(context.session.answered) and context.spare > 0
        return beside or (unasked and _surely(context))
    if context.scope == "out":
        # "He read it. Where do I see who else did" is a question near the domain.
        asks = context.puts_a_question or context.asks_within
        return asks and context.spare >= FEW
    topic, _, aspect = context.label.partition("/")
    before = context.session.slots.get("aspect", "")
    return topic == context.here and bool(aspect) and aspect != before and beside


def _surely(context: Context) -> bool:
    return context.confidence >= _SURE


_SURE = 0.97
"""The confidence from which few words are a question of their own."""


def _asks_besides(context: Context) -> bool:
    """Whether beside the fact it asks of what was done: "does she see I deleted it"."""
    acts = context.kb.words.acts
    asks = context.puts_a_question or context.asks_within
    return asks and not acts.isdisjoint(context.parse.extraction.rest)


def _wants_words(context: Context) -> bool:
    """Whether it asks what to write: "he has read it. What do I say to him"."""
    words = context.kb.roles.topics.too_late
    return context.topic == words and context.puts_a_question


def corrects_slot(context: Context) -> Decision | None:
    """A slot's value replaces the one before: "sorry, I meant two hours ago"."""
    meant = context.kb.words.meant
    if not context.here or not context.new_slots:
        return None
    if not context.kb.language.holds(context.parse.words, meant):
        return None
    # "I mean, how does seen differ from played for a voice note": it was known as one.
    known = context.session.slots.items() >= context.new_slots.items()
    if known and context.puts_a_question:
        return None
    opens = context.kb.language.holds(context.parse.words[:_OPENING], meant)
    if context.is_fresh and (context.puts_a_question or not opens):
        # "I mean on Slack. Who sees it there?", "words to say sorry to a friend"
        return None
    asks = context.topic == context.here and context.spare > FEW
    topic = context.here if _wants_a_draft(context) else context.concerned()
    own = context.own if asks else {}
    return Decision(topic, {**_known_at(context, topic), **own}, 0.95)


def _known_at(context: Context, topic: str) -> Mapping[str, str]:
    """What is known at the topic at hand, or at one that a fact leads back to."""
    slots = context.session.slots
    goes_on = topic == context.here and not _wants_a_draft(context)
    return slots if goes_on else context.kb.lasting(slots)


def _wants_a_draft(context: Context) -> bool:
    """Whether at length words to send are wanted, whatever was asked of them before.

    After who has to be told: "no, a note to the one who got it, asking to delete it".
    """
    words = context.kb.roles.topics.too_late
    return context.here == words == context.label and len(context.parse.words) > SHORT


def asks_what_facts_change(context: Context) -> Decision | None:
    """Whether the last answer still holds: "now it is read. Does that change anything?"."""
    kb, here = context.kb, context.here
    if not context.in_domain:
        return None
    if context.supposes:
        # Of the message itself, and no more of its first wording.
        slots = {k: v for k, v in context.session.slots.items() if k != "aspect"}
        return Decision(here, slots, 0.9)
    if not context.asks_if_that_changes:
        return None
    timed = kb.roles.slots.time in context.new_slots
    topic = context.concerned() if timed else here
    return Decision(topic, _known_at(context, topic), 0.9)


def goes_on_with_question(context: Context) -> Decision | None:
    """A piece of a question: the last one once more, for another fact: "and in a group?"."""
    kb, words = context.kb, context.parse.words
    if not context.in_domain:
        return None
    openers = kb.language.groups(kb.words.continuing)
    # "K, what about X" begins behind its nod.
    nods = sum(1 for _ in takewhile(kb.words.polite.__contains__, words))
    lines = [tokenizer.line(words[at:]) for at in range(nods + 1)]
    opened = [line for line in lines if line.startswith(openers)]
    begins = [g for g in openers if any(line.startswith(g) for line in opened)]
    likewise = kb.language.groups(kb.words.likewise)
    begins += [group for group in likewise if group in lines[0]]
    if not begins or not (context.new_slots or _names_device(context)):
        return None
    begin = max(begins, key=len)
    own = {w for g in (begin, *_contrasts(context)) for w in g.split()}
    if begin in likewise and begin.split()[0] in kb.words.asking:
        own |= {words[0]} & kb.words.asking
    # "And on X the same?" opens with one such word and ends in another.
    own |= {group.strip() for group in openers if " " not in group.strip()}
    own |= _told_beside(context, begin)
    left = [w for w in context.parse.extraction.rest if w not in own]
    if not kb.words.asking.isdisjoint(left) or len(left) > FEW:
        return None
    # "And on the watch?" sounds like another topic, and is a place of this one.
    looks = context.parse.extraction.views.keys() & kb.uses(context.here)
    looks = looks if len(words) <= _PLACE else set()
    if (left and context.is_fresh and not looks) or _is_read_again(context):
        return None
    if _asks_otherwise(context):
        return None
    topic = context.concerned()
    # Words to send are the same everywhere: of another service, what can be done there?
    names = kb.roles.slots
    where = {names.service, names.kind}
    alone = where.issuperset(context.new_slots) or context.is_fresh
    drafted = topic == context.here == kb.roles.topics.too_late
    if drafted and alone and context.parse.extraction.platforms:
        topic = kb.roles.topics.default
    slots = _known_at(context, topic)
    return Decision(topic, {**slots, **context.stated_action(topic)}, 0.9)


def _told_beside(context: Context, begin: str) -> set[str]:
    """The words of what is only told: "is it the same on X? We have that too"."""
    asked = {w for piece in context.pieces if piece.asks for w in piece.words}
    if not asked.issuperset(begin.split()):
        return set()
    return {w for piece in context.pieces for w in piece.words} - asked


def _asks_otherwise(context: Context) -> bool:
    """Whether it asks of the topic at hand for another aspect than before.

    What is left to do once it is too late differs by aspect altogether.
    """
    verdict, before = context.parse.verdict, context.session.slots.get("aspect")
    if not before or not isinstance(verdict, confidence.Confident):
        return False
    topic, _, aspect = verdict.label.partition("/")
    if topic != context.here or aspect == before:
        return False
    return bool(aspect) or topic == context.kb.roles.topics.too_late


def _contrasts(context: Context) -> list[str]:
    """What it holds that only holds one fact against another: "as opposed to"."""
    said, kb = context.line, context.kb
    return [g for g in kb.language.groups(kb.words.contrast) if g in said]


def _names_device(context: Context) -> bool:
    return not context.kb.words.devices.keys().isdisjoint(context.parse.words)


def corrects_place(context: Context) -> Decision | None:
    """Of where a copy is, or of a device, what was meant: "no, I mean on a locked screen"."""
    kb, here = context.kb, context.here
    if not context.in_domain:
        return None
    if not kb.language.holds(context.parse.words[:_OPENING], kb.words.meant):
        return None
    seen = context.parse.extraction.views.keys() & kb.uses(here)
    if not seen - {*kb.topics[here].listens} and not _names_device(context):
        return None
    return Decision(here, context.session.slots, 0.8)


def turns_to_another_message(context: Context) -> Decision | None:
    """Another message to the same people: "and the other one?"."""
    kb, here, session = context.kb, context.here, context.session
    words = context.parse.words
    if not context.in_domain or len(words) > SHORT + FEW:
        return None
    views = context.parse.extraction.views
    if here == kb.roles.topics.too_late and not kb.uses(here).isdisjoint(views):
        return None  # other words, to another reader: "and to the first one?"
    if not kb.language.holds(words, kb.words.another):
        return None
    opens = tokenizer.line(words).startswith(kb.language.groups(kb.words.continuing))
    if not opens and not context.puts_a_question:
        return None
    if context.is_fresh and not kb.topics[context.topic].narrow:
        return None
    names, topics = kb.roles.slots, kb.roles.topics
    # What became of the first one says nothing of this.
    slots = slot_filling.of_any(kb, session)
    past = {topics.effects, topics.too_late, topics.steps_failed, topics.steps_worked}
    done = names.deed in session.slots or here in past
    return Decision(topics.default if done else here, slots, 0.8)


def tells_what_was_tried(context: Context) -> Decision | None:
    """An aside that the answer at hand turns on: "I have the newest version"."""
    kb, here = context.kb, context.here
    topics = kb.roles.topics
    if here in (topics.steps_failed, topics.steps_worked):
        here = topics.default  # that is what was tried
    if not context.in_domain and here == context.here:
        return None
    before = context.session.slots.get("aspect")
    if context.topic == here and context.own.get("aspect") != before:
        return None
    elsewhere = context.topic != context.here
    if context.puts_a_question or (elsewhere and context.asks_within):
        return None
    if context.is_fresh and _surely(context):
        return None  # "deleted for all, and he says it is still there"
    told = context.parse.extraction.asides.items() - context.session.slots.items()
    turning = kb.uses(here) - {*kb.topics[here].listens}
    if turning.isdisjoint(slot for slot, _ in told):
        return None
    return Decision(here, context.session.slots, 0.8)


def names_another_service(context: Context) -> Decision | None:
    """A service that takes the place of the one before: "it says RCS in the text box"."""
    kb, here, session = context.kb, context.here, context.session
    slot = kb.roles.slots.service
    before, now = session.slots.get(slot), context.new_slots.get(slot)
    if not before or now in (None, before):
        return None
    if not context.in_domain or context.puts_a_question:
        return None
    denies = context.parse.words[0] in kb.words.no
    if len(context.parse.words) > _REMARK and not denies:
        return None
    if not kb.language.holds(context.parse.words, kb.words.identifies):
        return None
    if slot in kb.uses(here):
        return Decision(here, session.slots, 0.8)
    return Decision(kb.roles.topics.default, kb.lasting(session.slots), 0.8)


_NEXT = 3
"""Of the ranked topics, those that a long question may be of besides."""
_PLACE = 5
"""Words of the longest piece of a question that only names a place."""
_OPENING = 4
"""Words by which a correction has begun."""
_LIKELY = 0.15
"""The probability with which a message may yet be of the usual topic."""
_REMARK = 14
"""Words of the longest remark that names the service."""


def looks_at_a_place(context: Context) -> Decision | None:
    """On no clear topic, asks of a place where a copy is: "does he get an email of it".

    That is about copies, and not how to take it back.
    """
    kb = context.kb
    strays = context.in_domain and context.scope == "out"
    if not strays and (context.here != kb.roles.topics.default or context.label):
        return None
    if not context.puts_a_question or (context.new_slots and not strays):
        return None
    views = context.parse.extraction.views.items()
    choices = (kb.choice(slot, value) for slot, value in views)
    topics = (choice.topic for choice in choices if choice and choice.topic)
    there = next((t for t in topics if kb.topics[t].scope == "domain"), None)
    # "She had not read it, no ticks. But she gets mails, is it in one?" ends in its question.
    near = {topic_of(one.label) for one in context.parse.ranked[:_NEXT]}
    if strays and (there not in near or len(context.parse.words) <= SHORT + SEVERAL):
        return None
    slots = slot_filling.kept(kb, context.session, context.new_slots)
    return Decision(there, slots, 0.8) if there else None


def adds_a_sentence(context: Context) -> Decision | None:
    """What the draft at hand is to say as well: "add that i was tired"."""
    words = context.kb.roles.topics.too_late
    if context.here != words or not context.parse.addition:
        return None
    return Decision(words, _known_at(context, words), 0.9)


def changes_view(context: Context) -> Decision | None:
    """Says how the answer at hand is to be shown: "more formal"."""
    here = context.here
    # "More formal, it is for my boss" says whom it is for, which the draft has no use for.
    told = here and context.new_slots.keys() & context.kb.uses(here)
    if not here or told:
        return None
    names, greets = _names_of_views(context), _says_whom_to_greet(context)
    alone = _says_nothing_else(context, names)
    if not alone and (_is_surely_elsewhere(context) or not (names or greets)):
        return None
    if not names or alone or _is_a_wish(context) or greets:
        return Decision(here, _known_at(context, here), 0.9)
    long = context.puts_a_question and len(context.parse.words) > SHORT
    otherwise = context.topic not in ("", here) or _asks_anew(context)
    if long or (otherwise and context.asks):
        return None
    spare = [w for w in context.parse.extraction.rest if w not in names]
    if len(spare) > (FEW if context.topic else SEVERAL):
        return None
    return Decision(here, _known_at(context, here), 0.9)


def _says_nothing_else(context: Context, names: set[str]) -> bool:
    """Whether all that is said is how the draft is to sound: "can you change the text"."""
    kb, extraction, here = context.kb, context.parse.extraction, context.here
    drafted = here == kb.roles.topics.too_late and kb.wish(here) in extraction.views
    return drafted and names.issuperset(extraction.rest)


def _is_surely_elsewhere(context: Context) -> bool:
    """Whether it is about something else for sure: "edit that typo" beside a draft."""
    other = context.scope in ("domain", "out") and context.topic != context.here
    return other and _surely(context)


def _asks_anew(context: Context) -> bool:
    """Whether it asks something else of the same topic than a view of it.

    "Can our IT get it back", or after who has to be told "what do I say to the group".
    """
    topic, _, aspect = context.label.partition("/")
    before = context.session.slots.get("aspect", "")
    if topic != context.here or aspect == before:
        return False
    if topic == context.kb.roles.topics.default:
        return bool(aspect)
    return bool(before) and context.puts_a_question


def _says_whom_to_greet(context: Context) -> bool:
    """Whether a short text beside a draft names its reader, or who is to sign it."""
    drafted = context.kb.wish(context.here) is not None
    few = len(context.parse.words) <= SEVERAL
    greets = few and bool(context.parse.addressee)
    return drafted and (greets or bool(context.parse.signature))


def _is_a_wish(context: Context) -> bool:
    """Whether it says at length how what was written is to sound.

    "A bit more humble, and I do mean the other role" is about the draft at hand.
    """
    kb = context.kb
    wish = kb.wish(context.here)
    told = wish is not None and wish in context.parse.extraction.views
    # "Do I have to pay him" asks no more about how it goes back.
    default = context.here == kb.roles.topics.default
    elsewhere = default and context.scope == "out" and context.puts_a_question
    return told and context.scope != "domain" and not elsewhere


def _names_of_views(context: Context) -> set[str]:
    """The words of the wishes that the topic at hand listens to."""
    kb, accepts = context.kb, context.kb.uses(context.here)
    views: Mapping[str, str] = context.parse.extraction.views
    return {
        word
        for slot, value in views.items()
        if slot in accepts and (choice := kb.choice(slot, value))
        for name in choice.names
        for word in name.replace("/", " ").split()
    }


def states_slots_only(context: Context) -> Decision | None:
    """Slots and nothing else, so of the topic at hand: "10 minutes ago"."""
    told = _tells_what_was_sent(context)
    spare = 1 if told or (context.here and context.scope == "talk") else 0
    if _is_read_again(context) or not context.new_slots or context.spare > spare:
        return None
    # A service alone is one to take something back on, whatever its name sounds like.
    alone = context.new_slots.keys() == {context.kb.roles.slots.service}
    if not context.here and context.scope == "out" and not (alone or told):
        return None
    if context.here and context.says_it_is_closed:
        return None
    # "Do I have to tell my client" has a clear answer of its own.
    if context.is_fresh and "/" in context.label and context.puts_a_question:
        return None
    topic = context.concerned()
    slots = {**context.session.slots, **context.stated_action(topic)}
    return Decision(topic, slots, 0.9)


def _tells_what_was_sent(context: Context) -> bool:
    """Whether several facts that begin a chat, and no question, may be of a message.

    "Reply all on outlook" wants none sent.
    """
    if context.here or context.asks or "?" in context.text:
        return False
    default = context.kb.roles.topics.default
    return len(context.new_slots) > 1 and any(
        topic_of(ranked.label) == default and ranked.probability > _LIKELY
        for ranked in context.parse.ranked
    )


def names_device(context: Context) -> Decision | None:
    """A device and nothing else: "android"."""
    if context.spare or not _names_device(context):
        return None
    topic = context.here or context.kb.roles.topics.default
    return Decision(topic, context.session.slots, 0.9)


def states_several_slots(context: Context) -> Decision | None:
    """What, where and when in few words, no question: "inmail, an hour ago, help"."""
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
    """Tells what was done to the message, and asks nothing: "I unsent it at once"."""
    kb, said = context.kb, context.parse.extraction
    topic = kb.deed_topic(said.asides)
    if not topic:
        return None
    # What a question looks at, another state and a wish lead elsewhere.
    looks = (kb.choice(slot, value) for slot, value in said.views.items())
    asks = (
        context.asks or "?" in context.text or any(one and one.topic for one in looks)
    )
    wishes = not kb.words.wishing.isdisjoint(context.said)
    usual = kb.usual_action(context.topic) if context.topic else kb.roles.values.action
    if context.scope in ("", "domain"):
        fits = "/" not in context.label and usual == kb.roles.values.action
    else:
        # With the slip it is about a message, however near a miss it sounds.
        fits = context.tells_a_slip
    if asks or wishes or not fits:
        return None
    slots = slot_filling.kept(kb, context.session, context.new_slots)
    return Decision(topic, slots, 0.8)


def _is_read_again(context: Context) -> bool:
    """Whether a fresh topic comes with its state: "she saw it, by the way"."""
    state = context.kb.roles.slots.state
    return context.is_fresh and context.new_slots.keys() == {state}

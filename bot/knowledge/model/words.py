"""Words with a meaning for the talk itself, labels of buttons, and the roles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields

from bot.knowledge.model.part import Part
from bot.knowledge.roles import Roles
from bot.nlu import languages


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class Words(Part):
    """Words with a meaning for the talk itself."""

    yes: tuple[str, ...]
    no: tuple[str, ...]
    unsure: tuple[str, ...]
    back: tuple[str, ...]
    meant: tuple[str, ...]
    """What opens a correction: "sorry, I meant ..."."""
    continuing: tuple[str, ...] = ()
    """What a piece of a question begins with: "and on X", "same thing on X"."""
    likewise: tuple[str, ...] = ()
    """What it may hold instead: "does X do that"."""
    changing: tuple[str, ...] = ()
    """Asks whether the last answer still holds: "does that change anything"."""
    summing: tuple[str, ...] = ()
    """As the whole message: what the last answer comes to, "so no?"."""
    doubting: tuple[str, ...] = ()
    """What a doubt about the last answer begins with: "really?"."""
    reasons: tuple[str, ...] = ()
    """As the whole message: why it is so, "how come"."""
    another: tuple[str, ...] = ()
    """Another message than the one that was talked of: "and the other one?"."""
    anew: tuple[str, ...] = ()
    """Tells of another message to begin with: "there is one more in the group"."""
    towards: tuple[str, ...] = ()
    """Right before a service's name: it is where they get their mail, "it went to"."""
    contrast: tuple[str, ...] = ()
    """Right before a fact: another one is meant, "a group as opposed to a channel"."""
    identifies: tuple[str, ...] = ()
    """A service named beside one of these takes the place of the one before."""
    near: frozenset[str]
    """Words of messaging that make a weak name count."""
    devices: dict[str, str] = field(default_factory=dict)
    """Words for a device → value of the slot `device`: where a service is known they are
    not the name of another one."""
    elsewhere: frozenset[str] = frozenset()
    """Beside one of these no service is implied: it went another way."""
    drafts: tuple[str, ...] = ()
    """With one of these a text is about words to send."""
    sends: tuple[str, ...] = ()
    """How a text begins that tells what was sent, and says so in the present."""
    own_end: tuple[str, ...] = ()
    """Beside one of these a service is the one that the asker sent on, whatever they have."""
    theirs: frozenset[str] = frozenset()
    """Beside one of these a device is the recipient's."""
    skip: frozenset[str]
    """Words that say nothing: what is left of an answer may be only these."""
    asking: frozenset[str] = frozenset()
    """What no note of facts has: it asks something."""
    stuck: tuple[str, ...] = ()
    """Said after steps: they did not work."""
    helpless: tuple[str, ...] = ()
    """Said after an answer: what is left to do?"""
    step_by_step: tuple[str, ...] = ()
    """As the whole message, after an answer with steps: these one by one."""
    where_to_press: tuple[str, ...] = ()
    """The same within a message: "where exactly must she press"."""
    next: tuple[str, ...] = ()
    """As the whole message, in the steps: the next one."""
    done: tuple[str, ...] = ()
    """As the whole message, in or after steps: they are done."""
    did: tuple[str, ...] = ()
    """In a short statement after steps: they are done."""
    half_done: tuple[str, ...] = ()
    """Beside one of these that is not all."""
    wanted_back: tuple[str, ...] = ()
    """Said of what was deleted before: it is to be there again."""
    not_wanted_back: tuple[str, ...] = ()
    """The contrary, in which words of the former stand."""
    joining: frozenset[str] = frozenset()
    """What a sentence may begin with before its first word."""
    wishing: frozenset[str] = frozenset()
    """A statement with one of these wants something."""
    polite: frozenset[str] = frozenset()
    """Words of thanks, nods and greetings that a question may stand beside."""
    not_that: tuple[str, ...] = ()
    """Said after an answer: it is not what was asked."""
    prefaces: tuple[str, ...] = ()
    """What says that a story follows, and nothing of it: "long story short"."""
    nods: tuple[str, ...] = ()
    """What a text may begin with, and asks nothing: "I see. And ..."."""
    sent: tuple[str, ...] = ()
    """The person sent something."""
    rule: tuple[str, ...] = ()
    """What makes a read state a question or a rule: "whether she opened it"."""
    modal: frozenset[str] = frozenset()
    """The same, right before it: "will they read it"."""
    own: frozenset[str] = frozenset()
    """Right before a read state: the asker read, or it is asked whether others did."""
    compared: tuple[str, ...] = ()
    """Right before a service's name: it was not sent there, "like on X"."""
    known_there: tuple[str, ...] = ()
    """Right after a service's name, before another's: "on X I can, and on Y"."""
    examples: tuple[str, ...] = ()
    """Ends like one of those and compares nothing: "apps like X"."""
    moving: frozenset[str] = frozenset()
    """With one of these "from X to Y" is no message's way."""
    ordinary: tuple[str, ...] = ()
    """Within one of these a service's name is a word like any other."""
    attributed: frozenset[str] = frozenset()
    """Right after a service's name: it was not sent there, "a link to X"."""
    things: frozenset[str] = frozenset()
    """What can be deleted or changed and is no message: "I deleted the app"."""
    acts: frozenset[str] = frozenset()
    """Each names what is done to a message; a short question without one is about what was
    done last: "can I edit it", "will he know"."""

    @property
    def every(self) -> Iterable[str]:
        """All of them, whatever they mean."""
        return (text for part in fields(self) for text in getattr(self, part.name))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class Labels(Part):
    """The words of buttons that belong to no topic and no slot, and of what is unknown."""

    unsure: str
    unknown_yet: str
    """Told in place of a sentence that is still to be found out."""

    back: str
    step_by_step: str = ""
    """These and the next six are of answers with steps; see `played_roles.py`."""
    next: str = ""
    done: str = ""
    all_steps: str = ""
    worked: str = ""
    failed: str = ""
    looks_different: str = ""
    none_of_these: str
    not_meant: str
    other_service: str
    more_services: str = ""
    """These two are of the slot for pages of services."""
    by_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class AssistantFile(Part):
    """What `assistant.yaml` says: the parts that are played, and words of buttons."""

    language: str = languages.HOME
    """Its code: the module of `bot/nlu/languages/` and the folder of the templates."""
    roles: Roles
    labels: Labels

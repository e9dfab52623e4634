"""Which topic, slot, value and claim plays which part, from `assistant.yaml`.

The code knows these parts and no name of the knowledge, so that another book needs no
other code. A part with a default may be played by nobody: what it is for is not done then.
`check` says which of the others nobody plays, and what one part needs of another
(`played_roles.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.knowledge.model.part import Part


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class TopicRoles(Part):
    """Topics, by what the dialogue needs them for."""

    default: str
    """What a message without a question is about."""
    fallback: str
    """What is outside the knowledge; its aspects are the near misses."""
    help: str
    """Its `next` is the menu of topics."""
    too_late: str = ""
    """What is left to do where nothing can be taken back."""
    steps_failed: str = ""
    steps_worked: str = ""
    feedback: str = ""
    compare: str = ""
    effects: str = ""
    """What becomes of a message, deleted or left as it is."""
    about: str = ""
    """What the bot is; its aspect `doubted` tells how sure an answer is."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class SlotRoles(Part):
    """Slots, by what is done with their values."""

    service: str
    kind: str = ""
    state: str
    """What became of the message: read or not."""
    time: str
    """When it was sent."""
    device: str = ""
    step: str = ""
    """Which of an answer's steps is shown."""
    hurdle: str = ""
    """What got in the way of the steps."""
    page: str = ""
    """Which services stand under the question for one."""
    deed: str = ""
    """What the asker tells to have done already."""
    audience: str = ""
    """Who got it."""
    given_away: str = ""
    """What the message gave away, once that was told first."""
    figure: str = ""
    """What is asked of a limit: a figure that was heard, or found right or wrong."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class ValueRoles(Part):
    """Values, aspects and actions that the dialogue treats in a way of its own."""

    action: str
    """The action that is meant where nothing else is said."""
    restoring: str = ""
    """The action of whoever wants back what they deleted."""
    uncovered: str
    """The service that stands for all that have no file."""
    foreign: str
    """The aspect of the fallback for what is in another language."""
    vague: str
    """The aspect of the fallback that has nothing in particular to say."""
    none_of_these: str
    """The aspect of help that a person comes to who meant nothing that was offered."""
    closed: tuple[str, ...] = ()
    """Aspects of the default topic by which nothing could be taken back."""
    left: str = ""
    """The aspect of `effects` that it was left as it is."""
    doubted: str = ""
    """The aspect, of small talk, that asks how sure it is."""
    heard: str = ""
    """Of `figure`: a limit that somebody named, not when a message was sent."""
    supposed: str = ""
    """Of `figure`: what would be so after a time that has not passed."""
    borne_out: str = ""
    """That it is the service's limit."""
    refuted: str = ""
    """That it is not."""
    good: str = ""
    bad: str = ""
    """Aspects of feedback: what it says of the answer before."""
    different: str = ""
    """The hurdle of somebody whose screen looks different."""
    done: str = ""
    """The step after the last."""
    by_name: str = ""
    """The page of somebody who types a name instead."""
    phone: str = ""
    computer: str = ""
    mail: tuple[str, ...] = ()
    """Values of the removal claim that only mail has: recipients use other services."""
    outside: str = ""
    """The audience that no recall reaches."""
    set_by_others: tuple[str, ...] = ()
    """Values of the removal claim where an admin decides, so that no clock runs."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class ClaimRoles(Part):
    """Claims of services that are computed with, or shown in a table of services."""

    removal: str
    limit: str
    """Until when a message can be taken back."""
    limits: tuple[str, ...] = ()
    """All limits that a moment can be held against."""
    phone_steps: str = ""
    computer_steps: str = ""
    after_read: str = ""
    """Whether a message can be taken back once it was read."""
    trace: str = ""
    """What the other side sees of it."""
    edit: str = ""
    edit_limit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class Roles(Part):
    """The part that each topic, slot, value and claim plays for the code."""

    topics: TopicRoles
    slots: SlotRoles
    values: ValueRoles
    claims: ClaimRoles

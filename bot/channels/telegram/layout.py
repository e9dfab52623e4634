"""A reply as Telegram shows it: its rows of buttons, the ways out of the chat."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bot.channels.telegram import deep_links
from bot.channels.telegram.events import HERE
from bot.channels.telegram.filters import BotIdentity
from bot.channels.telegram.inline import postable
from bot.channels.telegram.inline_keyboard import (
    Links,
    ToAnyChat,
    fits,
    more_of,
    owned,
    page,
    reminding,
    rows_of,
    trial_of,
)
from bot.channels.telegram.reminders import LEAST
from bot.channels.telegram.responder import Responder
from bot.channels.telegram.texts import Texts
from bot.channels.telegram.update import IncomingMessage
from bot.dialogue.events import Button
from bot.knowledge.model import KnowledgeBase, Labels
from bot.responses import markup as core
from bot.responses.reply import Reply

_FROM_GROUP = "group"
"""What the link to the private chat says where there is no answer to go on from."""


class Layout:
    def __init__(self, responder: Responder, texts: Texts, me: BotIdentity) -> None:
        self._responder, self._texts, self._me = responder, texts, me

    def said(
        self, message: IncomingMessage, reply: Reply, *, private: bool = True
    ) -> core.Message:
        """An answer; to a language that no book is in a line in the writer's own."""
        said, roles = self.paged(reply, private=private), self._kb(reply).roles
        translation = self._texts.translations.of(message.language)
        foreign = reply.about and reply.about.action == roles.values.foreign
        if not (translation and foreign and reply.topic == roles.topics.fallback):
            return said
        own = core.Paragraph(((core.Span(translation.foreign),),))
        return replace(said, blocks=(own, *said.blocks[:1]))

    def paged(
        self, reply: Reply, shown: Collection[str] = (), *, private: bool = True
    ) -> core.Message:
        """An answer with three rows of buttons at most, the others behind "More"."""
        topics, message = self._kb(reply).topics, reply.message
        if not reply.place or reply.decision != "answer" or not reply.topic:
            return message
        if topics[reply.topic].scope != "domain":
            return message
        buttons = message.buttons
        if private:
            buttons = self._with_reminder(reply, self._with_trial(reply))
        more = Button(self._label(reply, "more"), more_of(reply.place))
        # Copying the words of a draft, or going on in private, is a row of its own.
        rows = 2 if message.drafts or not private else 3
        labels = self._responder.kb_of(message.language).labels
        if any(button.label == labels.more_services for button in buttons):
            rows += 1  # all services are at most two taps away
        return replace(message, buttons=page(buttons, more, shown, rows))

    def _with_trial(self, reply: Reply) -> tuple[Button, ...]:
        """Steps of this very service can be tried out: a button behind the first step's."""
        buttons = reply.message.buttons
        service = reply.slots.get(self._kb(reply).roles.slots.service)
        ahead = [at for at, button in enumerate(buttons, 1) if button.ahead]
        if service != HERE or not ahead or not _steps(reply.message):
            return buttons
        trial = Button(self._label(reply, "try_it"), trial_of(reply.place or ""))
        return (*buttons[: ahead[0]], trial, *buttons[ahead[0] :])

    def _with_reminder(
        self, reply: Reply, buttons: tuple[Button, ...]
    ) -> tuple[Button, ...]:
        """While there is time for one, behind the steps and whether they worked."""
        value = reminding(reply.place or "")
        end = core.deadline(reply.message)
        if end is None or end - datetime.now(UTC) < LEAST or not fits(value):
            return buttons
        at = _behind_steps(buttons, self._kb(reply).labels)
        offer = Button(self._label(reply, "remind"), value)
        return (*buttons[:at], offer, *buttons[at:])

    def trial(self, reply: Reply) -> core.Message:
        """A harmless message to be taken back by an answer's steps, which stand in it."""
        said = self._texts.of(reply.message.language).message("trial").blocks
        return core.Message((*said, *_steps(reply.message)))

    def send_on(self, reply: Reply) -> Links:
        """The way to the chat in which a draft is needed."""
        sent = postable(self._responder, reply) if self._me.inline else None
        if sent is None or not sent.place:
            return {}
        return {self._label(reply, "send_to"): ToAnyChat(sent.place)}

    def in_private(self, reply: Reply) -> Links:
        """The way to go on where nobody else reads it, with what is known filled in."""
        name = self._me.username
        if not name:
            return {}
        payload = reply.topic and deep_links.answer_payload(
            self._kb(reply), reply.topic, reply.slots
        )
        address = deep_links.address(name, payload or _FROM_GROUP)
        return {self._label(reply, "in_private"): address}

    def _kb(self, reply: Reply) -> KnowledgeBase:
        """What a reply was made of."""
        return self._responder.kb_of(reply.message.language)

    def _label(self, reply: Reply, name: str) -> str:
        """A word of ours in the language of a reply."""
        return self._texts.of(reply.message.language).label(name)


def _behind_steps(buttons: Sequence[Button], labels: Labels) -> int:
    """Where a button goes so that those on whether the steps worked share a row."""
    shown = [button.label for button in buttons]
    if labels.step_by_step not in shown:
        return 1
    for row in rows_of(buttons):
        if [b.label for b in row] == [labels.step_by_step, labels.worked]:
            return shown.index(labels.worked)
    last = labels.failed if labels.failed in shown else labels.step_by_step
    return shown.index(last) + 1


def _steps(message: core.Message) -> list[core.Items]:
    return [b for b in message.blocks if isinstance(b, core.Items) and b.numbered]


def for_group(message: core.Message, owner: int | None) -> core.Message:
    """With buttons that only their owner may press, or without any."""
    kept = message.buttons if owner is not None else ()
    buttons = (replace(b, value=owned(b.value, owner or 0)) for b in kept)
    return replace(message, buttons=tuple(buttons))

"""A message → the core's event."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.channels.telegram import deep_links
from bot.channels.telegram.responder import Responder
from bot.channels.telegram.update import IncomingMessage, chat_name
from bot.dialogue import callback_data
from bot.dialogue.events import Event, Pressed, Said
from bot.knowledge import time_limits
from bot.knowledge.model import KnowledgeBase

HERE = "telegram"
"""This service's file in the knowledge."""


def event_of(responder: Responder, message: IncomingMessage, text: str) -> Event:
    """The words, or the button that the link that opened the chat stands for."""
    command, _, payload = text.partition(" ")
    value = deep_links.decode(payload.strip()) if command == "/start" else None
    chat, language = chat_name(message.chat), message.language
    now = datetime.now(UTC)
    if value is not None and responder.kb_of_button(value):
        return Pressed(chat, value, message.at, now, language)
    return Said(chat, text, message.at, now, language)


def clock_started(kb: KnowledgeBase, message: IncomingMessage, sent: datetime) -> Event:
    """A forward of one's own says when it went out, and that it was here."""
    now, names = datetime.now(UTC), kb.roles.slots
    slots = {names.time: time_limits.instant(min(sent, now))}
    if HERE in kb.platforms:
        slots[names.service] = HERE
    value = callback_data.encode(kb, kb.roles.topics.default, slots)
    chat, language = chat_name(message.chat), kb.language_code
    return Pressed(chat, value, message.at, now, language)

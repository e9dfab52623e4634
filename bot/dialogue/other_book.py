"""What is known in a chat that goes on in the book of another language."""

from __future__ import annotations

from bot.dialogue.session import Session
from bot.knowledge.model import KnowledgeBase


def carried(session: Session, old: KnowledgeBase, new: KnowledgeBase) -> Session:
    """A new session with the service and the moment, where the new book knows them.

    Topics and other values are called otherwise there, and nothing says which is which.
    """
    slots = {}
    service = session.slots.get(old.roles.slots.service)
    if service in new.platforms and service != new.roles.values.uncovered:
        slots[new.roles.slots.service] = service
    moment = session.slots.get(old.roles.slots.time)
    if moment is not None:
        slots[new.roles.slots.time] = moment
    return Session(slots=slots)

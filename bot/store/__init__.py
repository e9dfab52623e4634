"""What is remembered between turns: a chat's facts and topic, never a person's words.

The contract and the memory are here; a database is imported only where one is wanted.
"""

from bot.store.contract import (
    IDLE,
    Counters,
    Reminder,
    ReminderStore,
    SessionStore,
    Store,
    StoredSession,
    UpdateLog,
)
from bot.store.memory import MemoryStore

__all__ = [
    "IDLE",
    "Counters",
    "MemoryStore",
    "Reminder",
    "ReminderStore",
    "SessionStore",
    "Store",
    "StoredSession",
    "UpdateLog",
]

"""What is remembered between turns: a chat's facts and topic, never a person's words.

The contract and the memory are here; a database is imported only where one is wanted.
"""

from bot.store.contract import IDLE, Kept, Store
from bot.store.memory import Memory

__all__ = ["IDLE", "Kept", "Memory", "Store"]

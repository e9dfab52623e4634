"""The call that goes back in the webhook's response instead of over the wire.

Telegram executes one call found in the response, and throws its result away: no message
id, no error. So it is for an update's last call alone, which a handler marks as such.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

Call = dict[str, Any]


@dataclass
class Slot:
    call: Call | None = None


_open: ContextVar[Slot | None] = ContextVar("open", default=None)
_last: ContextVar[Slot | None] = ContextVar("last", default=None)


@contextmanager
def opened() -> Iterator[Slot]:
    """While an update of the webhook is handled: room for one call."""
    slot = Slot()
    token = _open.set(slot)
    try:
        yield slot
    finally:
        _open.reset(token)


@contextmanager
def last() -> Iterator[None]:
    """What is called within is an update's last call."""
    token = _last.set(_open.get())
    try:
        yield
    finally:
        _last.reset(token)


def keep(method: str, parameters: Mapping[str, Any]) -> bool:
    """Keeps a last call; false for what must be sent."""
    slot = _last.get()
    if slot is None or slot.call is not None:
        return False
    slot.call = {"method": method, **parameters}
    return True

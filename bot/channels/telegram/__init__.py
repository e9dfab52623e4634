"""The Telegram channel, on python-telegram-bot as a library.

The library imports httpx for a transport that we replace (see transport.py), which takes
as long as all the rest of it. So it gets a stand-in here, which is httpx once somebody
asks it for something.

Without the library the words and the links of this channel can be read all the same.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib import import_module
from types import ModuleType
from typing import Any


class _Later(ModuleType):
    def __getattr__(self, name: str) -> Any:
        return getattr(import_module("httpx"), name)


_ANNOTATED = ("AsyncClient", "Proxy", "URL")
"""What the library's own transport names in annotations."""

if "httpx" not in sys.modules:
    later = _Later("httpx")
    vars(later).update(dict.fromkeys(_ANNOTATED, object))
    sys.modules["httpx"] = later
    try:
        with suppress(ModuleNotFoundError):
            import telegram  # noqa: F401
    finally:
        del sys.modules["httpx"]
        for name in _ANNOTATED:
            delattr(later, name)

"""Keeps the token out of every log line, whoever writes it."""

from __future__ import annotations

import logging
import re
import sys
from pathlib import Path

_TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{20,}")
_BLANK = "<token>"
_FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_OURS = Path(__file__).parents[1]
_LOUD = ("httpx", "httpcore", "telegram", "aiohttp", "asyncio", "alembic", "sqlalchemy")
"""Loggers that print addresses (which hold the token), or updates, below WARNING."""


class RedactingFormatter(logging.Formatter):
    """Blanks what looks like a token, and the very token in use, tracebacks included.

    A formatter and not a filter: filters of a logger miss its children's records, and
    only the formatted text holds the traceback.
    """

    def __init__(self, token: str = "", form: str = _FORM) -> None:
        super().__init__(form)
        self._token = token

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        if self._token:
            text = text.replace(self._token, _BLANK)
        return _TOKEN.sub(_BLANK, text)


def install(token: str) -> None:
    """Logs to standard error, blanked; the chatty libraries only from WARNING on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter(token))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in _LOUD:
        logging.getLogger(name).setLevel(logging.WARNING)


def where_raised(error: BaseException) -> str:
    """An error's kind and where it arose; its words may be a person's, so not those.

    In our own code, if it came through that: a library's lines say little.
    """
    trace, where, ours = error.__traceback__, "nowhere", False
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        own = path.is_relative_to(_OURS)
        if own or not ours:
            name = path.relative_to(_OURS.parent) if own else path.name
            where, ours = f"{name}:{trace.tb_lineno}", own
        trace = trace.tb_next
    return f"{type(error).__name__} at {where}"

"""What strangers send that is no HTTP: counted, and refused as the channel refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from aiohttp import web
from aiohttp.http_exceptions import (
    HttpProcessingError,
    InvalidURLError,
    LineTooLong,
)

from bot.channels.metrics import ChannelMetrics

LONGEST_LINE, LONGEST_HEADER = 4096, 8190
"""Bytes of the first line, and of a header; they differ, since by that they are told."""

Refusing = Callable[[int, str], web.Response]
"""The channel's answer of a status, with what is wrong in one line."""


class Malformed(NamedTuple):
    metrics: ChannelMetrics
    refusing: Refusing

    def connection(self, server: web.Server, **options: Any) -> web.RequestHandler:
        """One connection to a server; options are those of aiohttp's handler."""
        return _Connection(self, server, options)


class _Connection(web.RequestHandler):
    def __init__(
        self, malformed: Malformed, server: web.Server, options: dict[str, Any]
    ) -> None:
        super().__init__(
            server,
            max_line_size=LONGEST_LINE,
            max_field_size=LONGEST_HEADER,
            **options,
        )
        self._malformed = malformed

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Instead of telling of it, in the log and on a page that repeats it."""
        if not isinstance(exc, HttpProcessingError | ConnectionError):
            return super().handle_error(request, status, exc, message)
        self._malformed.metrics.refused["malformed request"] += 1
        response = self._malformed.refusing(*_said(status, exc))
        response.force_close()
        return response


def _said(status: int, error: Exception) -> tuple[int, str]:
    """The status, and the line without what was sent."""
    match error:
        case LineTooLong(args=(_, limit, *_)) if limit == LONGEST_LINE:
            return 414, f"the first line may have {limit} bytes"
        case LineTooLong(args=(_, limit, *_)):
            return 431, f"a header may have {limit} bytes"
        case InvalidURLError():
            return status, "not HTTP: no address"
        case HttpProcessingError(message=message) if message:
            return status, f"not HTTP: {message.splitlines()[0].rstrip(':.')}"
    return status, "not HTTP"

"""Tells the admins in their chat what the log warns of: each thing once an hour at most.

It hears the log, so whatever is worth a warning is told, and nobody has to think of it.
What may mend itself is told once it has lasted, and then its end too (`bot/troubles.py`).
Our own lines hold no words of people; of others' lines only their place is told.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Collection, Hashable
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass

from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.channels.log_redaction import RedactingFormatter, where_raised
from bot.channels.telegram.bot_api import BotApi, as_channel_error
from bot.errors import BotError

QUIET = 3600.0
"""Seconds until the same may be told again."""
LASTING = 60.0
"""Seconds after which a trouble that may mend itself is told."""
GATHER = 1.0
"""Seconds between two looks, so that what comes together is told together."""
LINES, LONGEST = 10, 300
"""Of one message, and characters of a line; the log has the rest."""
MOST = 1_000
"""Different things remembered; the one told longest ago goes first."""
LAST_WORDS = 5.0
"""Seconds that the end waits for the last message."""

_log = logging.getLogger(__name__)


@dataclass
class _Told:
    at: float
    since: int = 0
    """How often it happened without being told."""


@dataclass
class _Trouble:
    """One that lasts."""

    since: float
    line: str
    """Its last one."""
    held: bool = True
    """Whether it may yet pass before anybody hears of it."""
    told: bool = False


class AdminAlerts(logging.Handler):
    """Holds its lines until the channel is open. May be called in any thread."""

    def __init__(
        self,
        admins: Collection[int],
        token: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(logging.INFO)
        self._clock = clock
        self._redacting = RedactingFormatter(token, "%(message)s")
        self._told: dict[Hashable, _Told] = {}
        self._troubles: dict[str, _Trouble] = {}
        self._waiting: dict[int, list[str]] = {admin: [] for admin in admins}

    def emit(self, record: logging.LogRecord) -> None:
        """Never raises, since whoever logs has other things to do."""
        try:
            self._hear(record)
        except Exception:  # noqa: BLE001  as the library's own handlers do
            self.handleError(record)

    def _hear(self, record: logging.LogRecord) -> None:
        """Numbers in a line may differ, and it is the same all the same."""
        cause: str | None = getattr(record, "cause", None)
        if cause is not None and getattr(record, "over", False):
            self._ended(cause, self._line(record))
        elif record.levelno < logging.WARNING:
            return
        elif cause is not None:
            self._began(cause, record)
        elif record.name.partition(".")[0] == "bot":
            texts = [a for a in record.args or () if isinstance(a, str)]
            self.note(self._line(record), (str(record.msg), *texts))
        elif record.levelno >= logging.ERROR:
            self.note(_foreign(record))

    def _began(self, cause: str, record: logging.LogRecord) -> None:
        passing = getattr(record, "passing", False)
        line = self._line(record)
        trouble = self._troubles.setdefault(cause, _Trouble(self._clock(), line))
        trouble.line = line
        if not (trouble.held and passing):
            self._tell_of(cause, trouble)

    def _tell_of(self, cause: str, trouble: _Trouble) -> None:
        trouble.held = False
        trouble.told |= self.note(trouble.line, cause)

    def _ended(self, cause: str, line: str) -> None:
        """Of what nobody has heard the beginning of, nobody hears the end."""
        trouble = self._troubles.pop(cause, None)
        if trouble is not None and trouble.told:
            self._add(line)

    def _look(self) -> None:
        """What has lasted by now is told."""
        for cause, trouble in list(self._troubles.items()):
            if trouble.held and self._clock() - trouble.since >= LASTING:
                self._tell_of(cause, trouble)

    def note(self, line: str, kind: Hashable = None) -> bool:
        """To be told, unless one of its kind was told within the hour."""
        kind, now = kind or line, self._clock()
        told = self._told.pop(kind, None)
        if told is not None and now - told.at < QUIET:
            told.since += 1
            self._told[kind] = told
            return False
        while len(self._told) >= MOST:
            del self._told[next(iter(self._told))]
        self._told[kind] = _Told(now)
        more = told.since if told else 0
        self._add(line, f" ({more} more since that was last told)" if more else "")
        return True

    def _add(self, line: str, more: str = "") -> None:
        for waiting in self._waiting.values():
            if len(waiting) < MOST:
                waiting.append(line[:LONGEST] + more)

    def _line(self, record: logging.LogRecord) -> str:
        bare = logging.makeLogRecord({**vars(record), "exc_info": None})
        line = self._redacting.format(bare).partition("\n")[0]
        error = record.exc_info[1] if record.exc_info else None
        return f"{line}: {where_raised(error)}" if error else line

    @asynccontextmanager
    async def telling(self, api: BotApi, address: str) -> AsyncIterator[None]:
        """Tells while the block runs, and at its end what it ended with."""
        ended = asyncio.Event()
        work = asyncio.create_task(self._work(api, ended))
        try:
            yield
        except TelegramError as error:
            self.note(f"The bot ended. {as_channel_error(error, address)}")
            raise
        except Exception as error:
            self.note(f"The bot ended. {_reason(error)}")
            raise
        finally:
            # What is on its way is waited for: cut off, it would be sent again.
            ended.set()
            try:
                await asyncio.wait_for(work, LAST_WORDS)
            except TimeoutError:
                _log.info("The last words to the admins did not get through")

    async def _work(self, api: BotApi, ended: asyncio.Event) -> None:
        while not ended.is_set():
            await self._tell(api)
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), GATHER)
        await self._tell(api)

    async def _tell(self, api: BotApi) -> None:
        with self.lock or nullcontext():
            self._look()
        for admin, waiting in self._waiting.items():
            lines = waiting.copy()
            if not lines:
                continue
            try:
                text = _message(lines)
                await api.call("sendMessage", patience=0.0, chat_id=admin, text=text)
            except TelegramError as error:
                # Not a warning, of which this would have to tell.
                _log.info("An admin was not told: %s", type(error).__name__)
                if _unsent(error):
                    continue
            del waiting[: len(lines)]


def _message(lines: list[str]) -> str:
    more = len(lines) - LINES
    rest = [f"... and {more} more in the log."] if more > 0 else []
    return "\n".join(["⚠ Takeback", *lines[:LINES], *rest])


def _unsent(error: TelegramError) -> bool:
    """Whether it is worth another try; who never wrote to the bot cannot be told."""
    if isinstance(error, NetworkError):
        return not isinstance(error, BadRequest | TimedOut)
    return isinstance(error, RetryAfter)


def _foreign(record: logging.LogRecord) -> str:
    """A library's line may hold anything, so its kind and place alone."""
    error = record.exc_info[1] if record.exc_info else None
    where = where_raised(error) if error else f"{record.module}:{record.lineno}"
    return f"An error in {record.name}: {where}"


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, BotError) else where_raised(error)

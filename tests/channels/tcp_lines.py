"""Lines over TCP: a channel, as `bot/channels/README.md` shows it."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from datetime import datetime

from bot.app import Assistant
from bot.channels.admission import PER_USER, RateLimiters
from bot.channels.log_redaction import where_raised
from bot.dialogue.events import Said

LONGEST = 4096
"""Bytes of a line, its end among them."""
IDLE = 600.0
"""Seconds that a person may be silent, or leave an answer unread."""
_log = logging.getLogger(__name__)


class TcpLines:
    def __init__(self, bot: Assistant, idle: float = IDLE) -> None:
        self._bot, self._idle = bot, idle
        self._limiters = RateLimiters(PER_USER)

    async def connected(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """One connection, until its end; then nothing of it is kept."""
        # Random: the store outlives the process, and a count would find old chats there.
        chat = f"tcp:{secrets.token_hex(16)}"
        try:
            while line := await asyncio.wait_for(_line(reader), self._idle):
                await self._limited(writer)
                writer.write(await self._answer(chat, line))
                await asyncio.wait_for(writer.drain(), self._idle)
        except OSError as error:  # a reset; or TimeoutError, which is one too
            _log.info("A connection was cut off: %s", type(error).__name__)
            writer.transport.abort()
        finally:
            writer.close()
            await self._bot.forget(chat)

    async def _limited(self, writer: asyncio.StreamWriter) -> None:
        """By address: a new connection is no way around it."""
        address, *_ = writer.get_extra_info("peername") or ("",)
        now = time.monotonic()
        await asyncio.sleep(self._limiters.of(address, now).take(now))

    async def _answer(self, chat: str, line: bytes) -> bytes:
        if len(line) > LONGEST:
            return f"A line may have {LONGEST} bytes.\n\n".encode()
        text = line.decode(errors="replace").strip()
        try:
            reply = await self._bot.handle(
                Said(chat, text, datetime.now().astimezone())
            )
        except Exception as error:  # noqa: BLE001  StoreError too: the next line counts
            _log.error("A line was not answered: %s", where_raised(error))
            return b"This could not be answered. Try again.\n\n"
        buttons = enumerate(reply.message.buttons, 1)
        labels = [f"[{n}] {button.label}" for n, button in buttons]
        return "\n".join([reply.text, *labels, "", ""]).encode()


async def _line(reader: asyncio.StreamReader) -> bytes:
    """The next line; of one that is too long a part, which is too long as well."""
    part = b""
    while True:
        try:
            return part + await reader.readuntil()
        except asyncio.LimitOverrunError as error:
            part = await reader.readexactly(error.consumed)
        except asyncio.IncompleteReadError as error:
            return part + error.partial


async def serve(bot: Assistant, port: int, idle: float = IDLE) -> asyncio.Server:
    connected = TcpLines(bot, idle).connected
    return await asyncio.start_server(connected, "127.0.0.1", port, limit=LONGEST)

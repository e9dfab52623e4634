"""Lines over TCP: a channel, as `bot/channels/README.md` shows it."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime
from itertools import count

from bot.app import Assistant
from bot.channels.admission import PER_USER, RateLimiters
from bot.dialogue.events import Button, Pressed, Said


class TcpLines:
    def __init__(self, bot: Assistant) -> None:
        self._bot, self._numbers = bot, count(1)
        self._limiters = RateLimiters(PER_USER)

    async def connected(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """One connection, until its end: a line in, a reply out."""
        chat = f"tcp:{next(self._numbers)}"
        buttons: tuple[Button, ...] = ()
        while line := await reader.readline():
            limiter = self._limiters.of(chat, time.monotonic())
            await asyncio.sleep(limiter.take(time.monotonic()))
            text, at = (
                line.decode(errors="replace").strip(),
                datetime.now().astimezone(),
            )
            event: Said | Pressed = Said(chat, text, at)
            if text.isdecimal() and 0 < int(text) <= len(buttons):
                event = Pressed(chat, buttons[int(text) - 1].value, at)
            reply = await self._bot.handle(event)
            buttons = reply.message.buttons
            labels = [f"[{n}] {button.label}" for n, button in enumerate(buttons, 1)]
            writer.write("\n".join([reply.text, *labels, "", ""]).encode())
            await writer.drain()
        await self._bot.forget(chat)
        writer.close()
        await writer.wait_closed()


async def serve(bot: Assistant, port: int) -> asyncio.Server:
    return await asyncio.start_server(TcpLines(bot).connected, "127.0.0.1", port)

"""takeback run: the Telegram bot."""

from __future__ import annotations

import asyncio
import logging
import re
import signal

from bot import startup
from bot.errors import SettingsError
from bot.settings import cache, settings

_TOKENLESS = (
    "TAKEBACK_TOKEN is not set: write /newbot to @BotFather on Telegram, "
    "and put the token it gives you there."
)


_MISSHAPEN = (
    "TAKEBACK_TOKEN does not look like a token, which is digits, a colon and "
    "some 35 letters: copy it from @BotFather once more."
)
_FORM = re.compile(r"\d{3,}:[A-Za-z0-9_-]{20,}")


def run() -> None:
    """Answers on Telegram until it is stopped.

    Raises SettingsError, KnowledgeError or ChannelError.
    """
    now = settings()
    token = now.token.get_secret_value().strip() if now.token else ""
    if not token:
        raise SettingsError(_TOKENLESS)
    if not _FORM.fullmatch(token):
        raise SettingsError(_MISSHAPEN)
    startup.ahead("aiohttp")
    # Only now: the library takes half a second to import.
    from bot.app import open_assistant
    from bot.channels.telegram import lines, secrecy
    from bot.channels.telegram.alarm import Alarm
    from bot.channels.telegram.service import serve
    from bot.commands import store
    from bot.commands.reload import Reloading
    from bot.knowledge.loader import root
    from bot.upkeep import upkeep

    secrecy.install(token)
    alarm = Alarm(now.admins, token) if now.admins else None
    if alarm:
        logging.getLogger().addHandler(alarm)
    bot = open_assistant(now.edition, now.files, cache())
    bot.renderer.prepare()
    bot.ledger.keep_phrases = now.keep_phrases
    own = lines.read(now.files or root())

    async def answer() -> None:
        reloading = Reloading(bot, now)
        if hasattr(signal, "SIGHUP"):
            loop = asyncio.get_running_loop()
            loop.add_signal_handler(signal.SIGHUP, reloading.begin)
        async with store.opened(now) as kept:
            bot.store = kept
            care = asyncio.create_task(upkeep(bot))
            try:
                await serve(bot, own, now, alarm=alarm)
            finally:
                care.cancel()
                await asyncio.gather(care, return_exceptions=True)

    asyncio.run(answer())

"""takeback run: the Telegram bot as a process, from its token to its last update."""

from __future__ import annotations

import asyncio
import logging
import re
import signal
from pathlib import Path

from bot import startup
from bot.errors import SettingsError
from bot.folders import ENV_FILE, root
from bot.settings import cache, settings

_log = logging.getLogger(__name__)
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
    now = settings(env_file=True)
    if (file := Path(ENV_FILE)).is_file():
        _log.info("Settings are read from %s too", file.resolve())
    token = now.token.get_secret_value().strip() if now.token else ""
    if not token:
        raise SettingsError(_TOKENLESS)
    if not _FORM.fullmatch(token):
        raise SettingsError(_MISSHAPEN)
    startup.ahead("aiohttp")
    # Only now: the library takes half a second to import.
    from bot import storage
    from bot.app import open_assistant
    from bot.channels.telegram import log_redaction, texts
    from bot.channels.telegram.admin_alerts import AdminAlerts
    from bot.channels.telegram.service import Attached, serve
    from bot.reloading import Reloading
    from bot.upkeep import upkeep

    log_redaction.install(token)
    alerts = AdminAlerts(now.admins, token) if now.admins else None
    if alerts:
        logging.getLogger().addHandler(alerts)
    bot = open_assistant(now.edition, now.files, cache())
    bot.renderer.prepare()
    bot.recorder.keep_phrases = now.keep_phrases
    own = texts.read(now.files or root())

    async def answer() -> None:
        reloading = Reloading(bot, now)
        if hasattr(signal, "SIGHUP"):
            loop = asyncio.get_running_loop()
            loop.add_signal_handler(signal.SIGHUP, reloading.begin)
        async with storage.opened(now) as kept:
            bot.store = kept
            care = asyncio.create_task(upkeep(bot))
            try:
                await serve(bot, own, now, Attached(alerts=alerts))
            finally:
                care.cancel()
                await asyncio.gather(care, return_exceptions=True)

    asyncio.run(answer())

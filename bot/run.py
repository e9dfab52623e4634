"""takeback run and serve: a channel as a process, from its settings to its end."""

from __future__ import annotations

import asyncio
import logging
import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot import startup
from bot.errors import SettingsError
from bot.folders import ENV_FILE, root
from bot.settings import cache, settings

if TYPE_CHECKING:
    from bot.app import Assistant
    from bot.settings import Settings

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

    Raises SettingsError, KnowledgeError, ChannelError or AnotherBotError.
    """
    now = _settings()
    token = now.token.get_secret_value().strip() if now.token else ""
    if not token:
        raise SettingsError(_TOKENLESS)
    if not _FORM.fullmatch(token):
        raise SettingsError(_MISSHAPEN)
    startup.ahead("aiohttp")
    # Only now: the library takes half a second to import.
    from bot.channels import log_redaction
    from bot.channels.telegram import texts
    from bot.channels.telegram.admin_alerts import AdminAlerts
    from bot.channels.telegram.service import Attached, serve

    log_redaction.install(token)
    alerts = AdminAlerts(now.admins, token) if now.admins else None
    if alerts:
        logging.getLogger().addHandler(alerts)
    bot = _opened(now)
    tops = (now.files or root(), *now.more_books)
    codes = [book.kb.language_code for book in bot.books]
    own = texts.read_all(dict(zip(codes, tops, strict=True)))

    async def answer() -> None:
        async with _alive(bot, now, int(token.partition(":")[0])):
            await serve(bot, own, now, Attached(alerts=alerts))

    asyncio.run(answer())
    _log.info("Stopped")


def serve() -> None:
    """Answers over HTTP until it is stopped.

    Raises SettingsError, KnowledgeError or ChannelError.
    """
    now = _settings()
    startup.ahead("aiohttp")
    from bot.channels import log_redaction
    from bot.channels.http import service

    log_redaction.install("")
    bot = _opened(now)

    async def answer() -> None:
        async with _alive(bot, now):
            await service.serve(bot, now)

    asyncio.run(answer())
    _log.info("Stopped")


def _settings() -> Settings:
    found = settings(env_file=True)
    if (file := Path(ENV_FILE)).is_file():
        _log.info("Settings are read from %s too", file.resolve())
    return found


def _opened(settings: Settings) -> Assistant:
    bot = _bot(settings)
    for book in bot.books:
        book.renderer.templates.prepare()
    bot.recorder.keep_phrases = settings.keep_phrases
    return bot


def _bot(settings: Settings) -> Assistant:
    if not settings.more_books:
        from bot.app import open_assistant

        return open_assistant(settings.edition, settings.files, cache())
    # Only now: one book needs nobody to choose.
    from bot.polyglot import open_books

    return open_books(settings.edition, settings.more_books, settings.files, cache())


@asynccontextmanager
async def _alive(
    bot: Assistant, settings: Settings, number: int | None = None
) -> AsyncIterator[None]:
    """With its store and its upkeep, and reloading on SIGHUP.

    On Telegram it has a number. Raises SettingsError and AnotherBotError.
    """
    from bot import storage
    from bot.reloading import Reloading
    from bot.upkeep import upkeep

    reloading = Reloading(bot, settings)
    if hasattr(signal, "SIGHUP"):
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGHUP, reloading.begin)
    async with storage.opened(settings, number) as kept:
        bot.store = kept
        if startup.had_hangup():
            # The files may have been read before they were edited.
            reloading.begin()
        care = asyncio.create_task(upkeep(bot))
        try:
            yield
        finally:
            care.cancel()
            await asyncio.gather(care, return_exceptions=True)

"""takeback run: the Telegram bot."""

from __future__ import annotations

import asyncio

from bot.errors import SettingsError
from bot.settings import cache, settings

_TOKENLESS = (
    "TAKEBACK_TOKEN is not set: write /newbot to @BotFather on Telegram, "
    "and put the token it gives you there."
)


def run() -> None:
    """Answers on Telegram until it is stopped.

    Raises SettingsError, KnowledgeError or ChannelError.
    """
    now = settings()
    if now.token is None or not now.token.get_secret_value():
        raise SettingsError(_TOKENLESS)
    # Only now: the library takes half a second to import.
    from bot.app import open_bot
    from bot.channels.telegram import lines, secrecy
    from bot.channels.telegram.service import serve
    from bot.load import root

    secrecy.install(now.token.get_secret_value())
    bot = open_bot(now.edition, now.files, cache())
    asyncio.run(serve(bot, lines.read(now.files or root()), now))

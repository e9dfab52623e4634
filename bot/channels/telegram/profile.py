"""What Telegram shows of the bot before anyone writes: commands, name, descriptions."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from telegram import BotCommand
from telegram.constants import BotCommandLimit
from telegram.error import TelegramError

from bot.channels.telegram.bot_api import BotApi
from bot.channels.telegram.texts import Texts
from bot.core.book import Book

_log = logging.getLogger(__name__)


def commands(book: Book, texts: Texts) -> dict[str, str]:
    """The commands of the book's topics and the channel's own, with their purpose."""
    limit = int(BotCommandLimit.MAX_DESCRIPTION)
    found = {}
    for topic in book.topics.values():
        if topic.command:
            found[topic.command] = topic.about[:limit]
        for command, aspect in topic.commands.items():
            found[command] = topic.labels.get(aspect, topic.about)[:limit]
    return found | {own: texts.label(own) for own in OWN}


OWN = ("back", "link")


async def tell(
    api: BotApi, texts: Texts, wanted: dict[str, str], *, plain: bool
) -> None:
    """Sets what differs from what is there: setting the same again is rationed.

    A server without these calls does not keep the bot from answering.
    """
    steps: list[Callable[[], Awaitable[None]]] = [lambda: _commands(api, wanted)]
    if not plain:
        steps += [lambda: _name(api, texts), lambda: _descriptions(api, texts)]
    for step in steps:
        try:
            await step()
        except TelegramError as error:
            _log.warning("The bot's profile was not updated: %s", error.message)


async def _commands(api: BotApi, wanted: dict[str, str]) -> None:
    there = {c.command: c.description for c in await api.get_my_commands()}
    if there != wanted:
        await api.set_my_commands([BotCommand(*pair) for pair in wanted.items()])


async def _name(api: BotApi, texts: Texts) -> None:
    if (await api.get_my_name()).name != (name := texts.label("name")):
        await api.set_my_name(name)


async def _descriptions(api: BotApi, texts: Texts) -> None:
    short, long = texts.label("short"), texts.label("description")
    if (await api.get_my_short_description()).short_description != short:
        await api.set_my_short_description(short)
    if (await api.get_my_description()).description != long:
        await api.set_my_description(long)

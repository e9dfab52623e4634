"""What Telegram shows of the bot before anyone writes: commands, name, descriptions."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from telegram import BotCommand
from telegram.constants import BotCommandLimit
from telegram.error import TelegramError

from bot.channels.telegram.api import Api
from bot.channels.telegram.lines import Lines
from bot.knowledge.model import KnowledgeBase

_log = logging.getLogger(__name__)


def commands(kb: KnowledgeBase, lines: Lines) -> dict[str, str]:
    """The commands of the book's topics and the channel's own, with their purpose."""
    limit = int(BotCommandLimit.MAX_DESCRIPTION)
    found = {}
    for topic in kb.topics.values():
        if topic.command:
            found[topic.command] = topic.about[:limit]
        for command, aspect in topic.commands.items():
            found[command] = topic.labels.get(aspect, topic.about)[:limit]
    return found | {own: lines.short(own) for own in OWN}


OWN = ("back", "link")


async def tell(api: Api, lines: Lines, wanted: dict[str, str], *, plain: bool) -> None:
    """Sets what differs from what is there: setting the same again is rationed.

    A server without these calls does not keep the bot from answering.
    """
    steps: list[Callable[[], Awaitable[None]]] = [lambda: _commands(api, wanted)]
    if not plain:
        steps += [lambda: _name(api, lines), lambda: _descriptions(api, lines)]
    for step in steps:
        try:
            await step()
        except TelegramError as error:
            _log.warning("The bot's profile was not updated: %s", error.message)


async def _commands(api: Api, wanted: dict[str, str]) -> None:
    there = {c.command: c.description for c in await api.get_my_commands()}
    if there != wanted:
        await api.set_my_commands([BotCommand(*pair) for pair in wanted.items()])


async def _name(api: Api, lines: Lines) -> None:
    if (await api.get_my_name()).name != (name := lines.short("name")):
        await api.set_my_name(name)


async def _descriptions(api: Api, lines: Lines) -> None:
    short, long = lines.short("short"), lines.short("description")
    if (await api.get_my_short_description()).short_description != short:
        await api.set_my_short_description(short)
    if (await api.get_my_description()).description != long:
        await api.set_my_description(long)

"""What Telegram shows of the bot before anyone writes: commands, name, descriptions."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.constants import BotCommandLimit
from telegram.error import TelegramError

from bot.channels.telegram.bot_api import BotApi
from bot.channels.telegram.texts import Texts
from bot.knowledge.model import KnowledgeBase

_log = logging.getLogger(__name__)


def commands(kb: KnowledgeBase, texts: Texts) -> dict[str, str]:
    """The commands of the book's topics and the channel's own, with their purpose."""
    limit = int(BotCommandLimit.MAX_DESCRIPTION)
    found = {}
    for topic in kb.topics.values():
        if topic.command:
            found[topic.command] = topic.about[:limit]
        for command, aspect in topic.commands.items():
            found[command] = topic.labels.get(aspect, topic.about)[:limit]
    return found | {own: texts.label(own) for own in OWN}


OWN = ("back", "link")
"""The channel's own, for private chats: of a group nothing is kept to go back to."""


def in_groups(wanted: Mapping[str, str]) -> dict[str, str]:
    """The commands that mean something in a group."""
    return {name: purpose for name, purpose in wanted.items() if name not in OWN}


class Menu(NamedTuple):
    """Commands, and who is shown them."""

    scope: BotCommandScope
    commands: dict[str, str]


def menus(wanted: dict[str, str], texts: Texts, admins: Collection[int]) -> list[Menu]:
    """What each kind of chat is shown."""
    stats = {**wanted, "stats": texts.label("stats")}
    return [
        Menu(BotCommandScopeDefault(), wanted),
        Menu(BotCommandScopeAllGroupChats(), in_groups(wanted)),
        *(Menu(BotCommandScopeChat(admin), stats) for admin in admins),
    ]


async def tell(
    api: BotApi, texts: Texts, shown: Sequence[Menu], *, plain: bool
) -> None:
    """Sets what differs from what is there: setting the same again is rationed.

    A server without these calls does not keep the bot from answering.
    """
    steps: list[Callable[[], Awaitable[None]]]
    steps = [partial(_commands, api, menu) for menu in (shown[:1] if plain else shown)]
    if not plain:
        steps += [lambda: _name(api, texts), lambda: _descriptions(api, texts)]
    for step in steps:
        try:
            await step()
        except TelegramError as error:
            _log.warning("The bot's profile was not updated: %s", error.message)


async def _commands(api: BotApi, menu: Menu) -> None:
    found = await api.get_my_commands(scope=menu.scope)
    if {c.command: c.description for c in found} != menu.commands:
        told = [BotCommand(*pair) for pair in menu.commands.items()]
        await api.set_my_commands(told, scope=menu.scope)


async def _name(api: BotApi, texts: Texts) -> None:
    if (await api.get_my_name()).name != (name := texts.label("name")):
        await api.set_my_name(name)


async def _descriptions(api: BotApi, texts: Texts) -> None:
    short, long = texts.label("short"), texts.label("description")
    if (await api.get_my_short_description()).short_description != short:
        await api.set_my_short_description(short)
    if (await api.get_my_description()).description != long:
        await api.set_my_description(long)

"""What Telegram shows of the bot before anyone writes: commands, name, descriptions."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from functools import partial
from itertools import chain
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

from bot.channels.telegram.bot_api import BotApi, TokenRefusedError
from bot.channels.telegram.texts import Texts
from bot.knowledge.model import KnowledgeBase

_log = logging.getLogger(__name__)


def commands(kb: KnowledgeBase, texts: Texts) -> dict[str, str]:
    """The commands of the book's topics and the channel's own, with their purpose.

    In the order of the channel's own list, which also words them; others come after.
    """
    limit = int(BotCommandLimit.MAX_DESCRIPTION)
    found = {}
    for topic in kb.topics.values():
        if topic.command:
            found[topic.command] = topic.about[:limit]
        for command, aspect in topic.commands.items():
            found[command] = topic.labels.get(aspect, topic.about)[:limit]
    known = {*found, *OWN}
    first = {name: say for name, say in texts.commands.items() if name in known}
    return first | {name: say for name, say in found.items() if name not in first}


WHISPER = "oops"
"""Of groups alone: the answer is for the one who asked, and nobody else sees it."""
OWN = ("back", "link")
"""The channel's own, for private chats: of a group nothing is kept to go back to."""


def in_groups(wanted: Mapping[str, str], texts: Texts) -> dict[str, str]:
    """The commands that mean something in a group."""
    found = {name: purpose for name, purpose in wanted.items() if name not in OWN}
    return {WHISPER: texts.label(WHISPER), **found}


class Menu(NamedTuple):
    """Commands, and who is shown them."""

    scope: BotCommandScope
    commands: dict[str, str]
    language: str | None = None
    """Whose people are shown it; none for all that have no menu of their own."""


def menus(
    commands: Mapping[str, dict[str, str]], texts: Texts, admins: Collection[int]
) -> list[Menu]:
    """What each kind of chat is shown, of the commands of each book."""
    wanted = commands[texts.language]
    stats = {**wanted, "stats": texts.label("stats")}
    return [
        Menu(BotCommandScopeDefault(), wanted),
        Menu(BotCommandScopeAllGroupChats(), in_groups(wanted, texts)),
        *(Menu(BotCommandScopeChat(admin), stats) for admin in admins),
        *(
            Menu(BotCommandScopeDefault(), _known(found.commands, wanted), language)
            for language, found in texts.translations.all.items()
        ),
        *chain.from_iterable(
            (
                Menu(BotCommandScopeDefault(), commands[language], language),
                Menu(
                    BotCommandScopeAllGroupChats(),
                    in_groups(commands[language], own),
                    language,
                ),
            )
            for language, own in texts.others.items()
        ),
    ]


def _known(translated: Mapping[str, str], wanted: Mapping[str, str]) -> dict[str, str]:
    """Commands in another language, as far as this knowledge has them."""
    return {name: purpose for name, purpose in translated.items() if name in wanted}


async def tell(
    api: BotApi, texts: Texts, shown: Sequence[Menu], *, plain: bool
) -> None:
    """Sets what differs from what is there: setting the same again is rationed.

    A server without these calls does not keep the bot from answering.
    """
    steps: list[Callable[[], Awaitable[None]]]
    steps = [partial(_commands, api, menu) for menu in (shown[:1] if plain else shown)]
    if not plain:
        steps += [partial(_names, api, None, _own_profile(texts))]
        steps += [
            partial(_names, api, language, _own_profile(own))
            for language, own in texts.others.items()
        ]
        steps += [
            partial(_names, api, language, ProfileTexts(t.name, t.short, t.description))
            for language, t in texts.translations.all.items()
        ]
    for step in steps:
        try:
            await step()
        except TokenRefusedError:
            return
        except TelegramError as error:
            _log.warning("The bot's profile was not updated: %s", error.message)


async def _commands(api: BotApi, menu: Menu) -> None:
    found = await api.get_my_commands(menu.scope, menu.language)
    if {c.command: c.description for c in found} != menu.commands:
        told = [_command(*pair) for pair in menu.commands.items()]
        await api.set_my_commands(told, menu.scope, menu.language)


def _command(name: str, purpose: str) -> BotCommand:
    """A whispered one is itself seen by nobody else; the library does not know that yet."""
    alone = {"is_ephemeral": True} if name == WHISPER else None
    return BotCommand(name, purpose, api_kwargs=alone)


class ProfileTexts(NamedTuple):
    """What stands above an empty chat, and in a search."""

    name: str
    short: str
    description: str


def _own_profile(texts: Texts) -> ProfileTexts:
    return ProfileTexts(*map(texts.label, ProfileTexts._fields))


async def _names(api: BotApi, language: str | None, wanted: ProfileTexts) -> None:
    if (await api.get_my_name(language)).name != wanted.name:
        await api.set_my_name(wanted.name, language)
    short = await api.get_my_short_description(language)
    if short.short_description != wanted.short:
        await api.set_my_short_description(wanted.short, language)
    if (await api.get_my_description(language)).description != wanted.description:
        await api.set_my_description(wanted.description, language)

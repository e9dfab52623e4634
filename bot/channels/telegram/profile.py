"""What Telegram shows of the bot before anyone writes: commands, name, descriptions."""

from __future__ import annotations

import logging
from collections.abc import (
    Awaitable,
    Callable,
    Collection,
    Coroutine,
    Mapping,
    Sequence,
)
from itertools import chain
from typing import Any, NamedTuple, TypeVar

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
from bot.troubles import PROFILE, begun

T = TypeVar("T")

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
    api: BotApi, texts: Texts, shown: Sequence[Menu], *, plain: bool, over: bool
) -> None:
    """Sets what differs from what is there: setting the same again is rationed.

    A name or a description that the operator has written stays, in every language,
    unless it is to be written over. A server without these calls does not keep the bot
    from answering.
    """
    menus = shown[:1] if plain else shown
    for menu in menus:
        await _tried(_commands(api, menu))
    if plain:
        return
    fields = _fields(api, texts)
    own = [f.what for f in fields if await _tried(_filled(f, over=over)) is False]
    if own:
        _log.info(
            "On Telegram your own words stay as %s; TAKEBACK_PROFILE=yes puts the "
            "templates' in their place.",
            " and ".join(own),
        )


async def _tried(step: Coroutine[Any, Any, T]) -> T | None:
    try:
        return await step
    except TokenRefusedError:
        raise
    except TelegramError as error:
        _log.warning(
            "The bot's profile was not updated: %s",
            error.message,
            extra=begun(PROFILE),
        )
        return None


async def _commands(api: BotApi, menu: Menu) -> None:
    found = await api.get_my_commands(menu.scope, menu.language)
    if {c.command: c.description for c in found} != menu.commands:
        told = [_command(*pair) for pair in menu.commands.items()]
        await api.set_my_commands(told, menu.scope, menu.language)


def _command(name: str, purpose: str) -> BotCommand:
    """A whispered one is itself seen by nobody else; the library does not know that yet."""
    alone = {"is_ephemeral": True} if name == WHISPER else None
    return BotCommand(name, purpose, api_kwargs=alone)


class Field(NamedTuple):
    """One of the things that stand above an empty chat, and in a search."""

    what: str
    get: Callable[[str | None], Awaitable[str]]
    set: Callable[[str, str | None], Awaitable[bool]]
    wanted: Mapping[str | None, str]
    """By language; under none for all that have none of their own."""


def _fields(api: BotApi, texts: Texts) -> tuple[Field, ...]:
    async def name(language: str | None) -> str:
        return (await api.get_my_name(language)).name

    async def short(language: str | None) -> str:
        return (await api.get_my_short_description(language)).short_description

    async def description(language: str | None) -> str:
        return (await api.get_my_description(language)).description

    def wanted(label: str) -> dict[str | None, str]:
        found: dict[str | None, str] = {None: texts.label(label)}
        found.update((code, own.label(label)) for code, own in texts.others.items())
        known = texts.translations.all.items()
        found.update((code, getattr(own, label)) for code, own in known)
        return found

    short_of, long_of = wanted("short"), wanted("description")
    return (
        Field("name", name, api.set_my_name, wanted("name")),
        Field("short description", short, api.set_my_short_description, short_of),
        Field("description", description, api.set_my_description, long_of),
    )


async def _filled(field: Field, *, over: bool) -> bool:
    """False where the operator's own words stand, which stay.

    Telegram may show the general words where a language has none.
    """
    general = field.wanted[None]
    there = await field.get(None)
    if there not in ("", general) and not over:
        return False
    for language, text in field.wanted.items():
        found = there if language is None else await field.get(language)
        if found != text and (over or found in ("", general)):
            await field.set(text, language)
    return True

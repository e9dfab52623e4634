"""Runs the channel until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, nullcontext
from typing import TYPE_CHECKING, NamedTuple

from telegram.error import TelegramError

from bot import startup
from bot.channels.admission import PER_USER, Rate, UserLimiter
from bot.channels.stopping import stop_at_signals
from bot.channels.telegram import profile
from bot.channels.telegram.admin_alerts import AdminAlerts
from bot.channels.telegram.bot_api import BotApi, as_channel_error, bot_api
from bot.channels.telegram.dispatcher import Callbacks, Dispatcher
from bot.channels.telegram.filters import AddressedToUs, BotIdentity
from bot.channels.telegram.fragments import QUIET
from bot.channels.telegram.handlers import HandlerOptions, Handlers
from bot.channels.telegram.inline import InlineAnswers
from bot.channels.telegram.metrics import Metrics
from bot.channels.telegram.polling import Polling, PollingOptions
from bot.channels.telegram.rate_limits import CallRates
from bot.channels.telegram.reminders import Reminders, ReminderTuning
from bot.channels.telegram.responder import Responder
from bot.channels.telegram.router import Failures, Router
from bot.channels.telegram.sender import Sender
from bot.channels.telegram.texts import Texts
from bot.channels.telegram.transport import Timeouts
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.channels.endpoints import Endpoints

_log = logging.getLogger(__name__)


class Channel(NamedTuple):
    """The open channel: what brings updates needs no more than this."""

    responder: Responder
    api: BotApi
    dispatcher: Dispatcher
    metrics: Metrics
    texts: Texts
    commands: dict[str, dict[str, str]]
    """Of each book, by its language."""
    reminders: Reminders


class ChannelOptions(NamedTuple):
    plain: bool = False
    """Whether answers go without markup that older servers do not know."""
    person: Rate = PER_USER
    admins: Collection[int] = ()
    quiet: float = QUIET
    """Seconds of silence after which a piece of a question is taken for all of it."""
    reminders: ReminderTuning = ReminderTuning()


@asynccontextmanager
async def opened_channel(
    responder: Responder,
    texts: Texts,
    bot: BotApi,
    metrics: Metrics,
    options: ChannelOptions = ChannelOptions(),
) -> AsyncIterator[Channel]:
    """Connected and known by name.

    Raises TelegramError, where the server or the token is no good.
    """
    commands = {
        code: profile.commands(responder.kb_of(code), texts.of(code))
        for code in (texts.language, *texts.others)
    }
    every = {
        name: say for some in reversed(commands.values()) for name, say in some.items()
    }
    async with bot:
        me = BotIdentity(
            bot.id, bot.bot.username, bool(bot.bot.supports_inline_queries)
        )
        sender = Sender(bot, texts, metrics, plain=options.plain)
        addressed = AddressedToUs(me, profile.in_groups(every, texts))
        own = HandlerOptions(commands, options.admins, options.quiet)
        handlers = Handlers(responder, sender, texts, addressed, own)
        inline = InlineAnswers(responder, sender, texts, bot, me)
        reminders = Reminders(responder, sender, texts, metrics, options.reminders)
        told = Failures(sender, texts, metrics)
        router = Router(handlers, inline, reminders, told)
        callbacks = Callbacks(
            router.handle, told.refused, addressed.matches, handlers.joined
        )
        user_limiter = UserLimiter(options.person)
        dispatcher = Dispatcher(callbacks, responder, metrics, user_limiter)
        yield Channel(responder, bot, dispatcher, metrics, texts, commands, reminders)


class Tuning(NamedTuple):
    """Every number that has to do with time; tests shrink them."""

    limits: CallRates = CallRates()
    timeouts: Timeouts = Timeouts()
    polling: PollingOptions = PollingOptions()
    person: Rate = PER_USER
    quiet: float = QUIET
    """Seconds after which a question that came in pieces is taken to be whole."""
    settle: float = 1.0
    """Seconds after the start until the profile is looked at: answers go first."""
    reminders: ReminderTuning = ReminderTuning()


class Attached(NamedTuple):
    """What else takes part: figures that are looked at, a way to stop, alerts."""

    metrics: Metrics | None = None
    stop: asyncio.Event | None = None
    alerts: AdminAlerts | None = None


async def serve(
    responder: Responder,
    texts: Texts,
    settings: Settings,
    attached: Attached = Attached(),
    tuning: Tuning = Tuning(),
) -> None:
    """Until SIGTERM, SIGINT or `stop`, answering what was taken by then.

    Raises ChannelError with one line that says what to do.
    """
    metrics, alerts = attached.metrics or Metrics(), attached.alerts
    stop = attached.stop or asyncio.Event()
    stop_at_signals(stop)
    token = settings.token.get_secret_value() if settings.token else ""
    bot = bot_api(
        token,
        settings.api_url,
        metrics,
        limits=tuning.limits,
        timeouts=tuning.timeouts,
    )
    try:
        options = ChannelOptions(
            settings.plain,
            tuning.person,
            settings.admins,
            tuning.quiet,
            tuning.reminders,
        )
        async with opened_channel(responder, texts, bot, metrics, options) as opened:
            told = asyncio.create_task(_tell(opened, settings, tuning))
            try:
                async with (
                    alerts.telling(opened.api, settings.api_url)
                    if alerts
                    else nullcontext(),
                    opened.reminders.running(),
                ):
                    await _answer(opened, settings, tuning, stop)
            finally:
                told.cancel()
                await asyncio.gather(told, return_exceptions=True)
    except TelegramError as error:
        raise as_channel_error(error, settings.api_url) from None


async def _tell(opened: Channel, settings: Settings, tuning: Tuning) -> None:
    await asyncio.sleep(tuning.settle)
    menus = profile.menus(opened.commands, opened.texts, settings.admins)
    await profile.tell(
        opened.api, opened.texts, menus, plain=settings.plain, over=settings.profile
    )


async def _answer(
    opened: Channel, settings: Settings, tuning: Tuning, stop: asyncio.Event
) -> None:
    startup.settled()
    if settings.webhook_url:
        # Imported here: polling needs no server.
        from bot.channels.telegram.webhook import Webhook

        endpoints = _endpoints(opened, settings, stop)
        webhook = Webhook(
            opened.api, opened.dispatcher, settings, endpoints, opened.metrics
        )
        await webhook.run(stop)
        return
    if settings.listen is None:
        await _poll(opened, tuning, stop)
        return
    endpoints = _endpoints(opened, settings, stop)
    # First: who cannot listen takes no webhook away from others.
    async with endpoints.serving():
        await _poll(opened, tuning, stop, endpoints)


async def _poll(
    opened: Channel,
    tuning: Tuning,
    stop: asyncio.Event,
    endpoints: Endpoints | None = None,
) -> None:
    await opened.api.delete_webhook()
    name = opened.api.bot.username or opened.api.bot.first_name
    _log.info("Answering as %s, by long polling", name)
    if endpoints:
        endpoints.ready = True
    await Polling(opened.api, opened.dispatcher, tuning.polling).run(stop)


def _endpoints(opened: Channel, settings: Settings, stop: asyncio.Event) -> Endpoints:
    from bot.channels.endpoints import Endpoints, Inside

    def inside() -> Inside:
        return Inside(len(opened.dispatcher.queues), opened.responder.figures())

    return Endpoints(settings.address, opened.metrics, inside, stop)

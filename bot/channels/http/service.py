"""Runs the channel until it is told to stop."""

from __future__ import annotations

import asyncio
import logging

from bot import startup
from bot.app import Assistant
from bot.channels.endpoints import Endpoints, Inside
from bot.channels.http.api import Api, ApiOptions
from bot.channels.metrics import ChannelMetrics
from bot.channels.stopping import stop_at_signals
from bot.settings import Settings

_log = logging.getLogger(__name__)


async def serve(
    bot: Assistant,
    settings: Settings,
    options: ApiOptions | None = None,
    stop: asyncio.Event | None = None,
) -> None:
    """Until SIGTERM, SIGINT or `stop`, answering what was taken by then.

    Raises ChannelError, if nothing can be listened to at the address.
    """
    stop = stop or asyncio.Event()
    stop_at_signals(stop)
    metrics = ChannelMetrics()
    api = Api(bot, metrics, options or ApiOptions(proxies=settings.proxies))
    endpoints = Endpoints(
        settings.address,
        metrics,
        lambda: Inside(len(api.queues), bot.figures()),
        stop,
    )
    startup.settled()
    async with endpoints.serving(api.routes()) as address:
        endpoints.ready = True
        _log.info("Answering at %s; %s/openapi.json describes it", address, address)
        await stop.wait()

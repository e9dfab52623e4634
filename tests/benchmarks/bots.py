"""The bots that tests/benchmarks/telegram.py measures, each in a process of its own.

Two echo bots on python-telegram-bot, which understand nothing, and ours, which does.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from telegram import Update

TOKEN = "123456:" + "b" * 35
SECRET = "a-secret"


def default(api: str, port: int) -> None:
    """The library as its documentation shows it."""
    application = _echo(api)
    application.run_webhook(
        "127.0.0.1",
        port,
        "hook",
        webhook_url=f"http://127.0.0.1:{port}/hook",
        secret_token=SECRET,
    )


def fastest(api: str, port: int) -> None:
    """The fastest form found: aiohttp's client, uvicorn with httptools, the last call
    in the webhook's response.
    """
    asyncio.run(_fastest(api, port))


def warm(*_: object) -> None:
    """Leaves what an installed bot has: compiled modules, and a model fitted before."""
    from bot.app import open_assistant
    from bot.channels.telegram import service, texts, webhook  # noqa: F401
    from bot.settings import cache

    open_assistant(cache=cache())


def ours(api: str, port: int) -> None:
    """`takeback run`, with the limits of the pace lifted: they are 30 a second."""
    _ours(api, port, watched=True)


def unwatched(api: str, port: int) -> None:
    """The same with answers in the webhook's response."""
    _ours(api, port, watched=False)


def _ours(api: str, port: int, *, watched: bool) -> None:
    from bot import startup

    startup.begin()
    startup.ahead("aiohttp")
    from bot.app import open_assistant
    from bot.channels.admission import Rate
    from bot.channels.telegram import texts
    from bot.channels.telegram.rate_limits import CallRates
    from bot.channels.telegram.service import Tuning, serve
    from bot.folders import root
    from bot.settings import Secret, Settings, cache

    settings = Settings(
        token=Secret(TOKEN),
        api_url=api,
        webhook_url=f"http://127.0.0.1:{port}/hook",
        webhook_secret=Secret(SECRET),
        listen=f"127.0.0.1:{port}",
        watched=watched,
    )
    free = Rate(1e6, 1_000_000)
    tuning = Tuning(limits=CallRates(free, free, free), person=free)
    bot = open_assistant(cache=cache())
    asyncio.run(serve(bot, texts.read(root()), settings, tuning=tuning))


def _echo(api: str, request: Any = None, *, own_server: bool = False) -> Any:
    from telegram.ext import (
        Application,
        CallbackQueryHandler,
        ContextTypes,
        MessageHandler,
        filters,
    )

    async def said(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message
        await update.message.reply_text(f"echo {update.message.text}")

    async def pressed(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        assert query
        await query.answer()
        await query.edit_message_text(f"echo {query.data}")

    builder = Application.builder().token(TOKEN).base_url(f"{api}/bot")
    if request is not None:
        builder = builder.request(request)
    if own_server:
        builder = builder.updater(None)
    application = builder.build()
    application.add_handlers(
        [MessageHandler(filters.TEXT, said), CallbackQueryHandler(pressed)]
    )
    return application


_kept: ContextVar[dict[str, Any] | None] = ContextVar("kept", default=None)


def _keeping() -> Any:
    import aiohttp
    from telegram.request import BaseRequest, RequestData

    class Keeping(BaseRequest):
        """Sends over aiohttp, but keeps the message or the edit for the response."""

        session: aiohttp.ClientSession | None = None

        @property
        def read_timeout(self) -> float:
            return 5.0

        async def initialize(self) -> None:
            self.session = aiohttp.ClientSession()

        async def shutdown(self) -> None:
            if self.session:
                await self.session.close()

        async def do_request(
            self,
            url: str,
            method: str,
            request_data: RequestData | None = None,
            *_: Any,
            **__: Any,
        ) -> tuple[int, bytes]:
            name = url.rpartition("/")[2]
            kept = _kept.get()
            if kept is not None and name.startswith(("send", "edit")):
                assert request_data
                kept |= {"method": name, **request_data.parameters}
                return 200, _RESULT
            assert self.session
            data = request_data.json_parameters if request_data else None
            async with self.session.request(method, url, data=data) as answer:
                return answer.status, await answer.read()

    return Keeping()


_RESULT = json.dumps(
    {
        "ok": True,
        "result": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}},
    }
).encode()


async def _fastest(api: str, port: int) -> None:
    import telegram
    import uvicorn

    application = _echo(api, _keeping(), own_server=True)

    async def hook(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        body, more = b"", True
        while more:
            part = await receive()
            body, more = body + part["body"], part.get("more_body", False)
        headers = dict(scope["headers"])
        good = headers.get(b"x-telegram-bot-api-secret-token") == SECRET.encode()
        kept: dict[str, Any] = {}
        if good:
            _kept.set(kept)
            update = telegram.Update.de_json(json.loads(body), application.bot)
            await application.process_update(update)
        answer = json.dumps(kept).encode() if kept else b""
        head = [(b"content-type", b"application/json")]
        head.append((b"content-length", str(len(answer)).encode()))
        status = 200 if good else 403
        await send({"type": "http.response.start", "status": status, "headers": head})
        await send({"type": "http.response.body", "body": answer})

    config = uvicorn.Config(
        hook,
        port=port,
        http="httptools",
        lifespan="off",
        log_level="error",
        access_log=False,
    )
    server = uvicorn.Server(config)
    async with application:
        await application.start()
        serving = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110  uvicorn has no event for it
            await asyncio.sleep(0.005)
        url = f"http://127.0.0.1:{port}/hook"
        await application.bot.set_webhook(url, secret_token=SECRET)
        try:
            await serving
        finally:
            await application.stop()


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    name, address, listen = sys.argv[1:]
    named = (default, fastest, ours, unwatched, warm)
    {bot.__name__: bot for bot in named}[name](address, int(listen))

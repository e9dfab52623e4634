"""Who is left without a word while Telegram refuses: python -m tests.benchmarks.refusals

A Bot API server refuses the calls of each chat in one way, at its real pace: 400 of each
kind, 429 of 2 and of 120 seconds, 500 for 6 and for 60, 16 seconds of nothing, connections
cut. A thousand updates by polling, by webhook and by webhook with watched answers, each in
a chat of its own, half private and half in groups; all at the limits and timeouts of
`takeback run`. Takes some four minutes. Ends with 1 if anybody got neither an answer nor
the trouble line, but for calls in a webhook's response that Telegram refused: these are
heard of by nobody, and counted as nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import aiohttp
from aiohttp import web
from rich.console import Console
from rich.table import Table

from bot.app import open_assistant
from bot.channels.telegram import texts
from bot.channels.telegram.service import Attached, serve
from bot.channels.telegram.webhook import CONNECTIONS, HEADER
from bot.folders import cache
from bot.knowledge import loader
from bot.responses.markup import to_plain
from bot.settings import Secret, Settings
from tests.support import updates
from tests.support.fake_bot_api import Stub, cut, refused, stubbed
from tests.support.process import free_port
from tests.support.updates import Json

TOKEN = "424242:" + "n" * 35
SECRET = "a-secret"
SLOW = 16
"""Updates of each kind that lasts a minute or more: they hold up what comes after."""


LONGEST, SETTLE = 600, 3
"""Seconds that the last answer is waited for, and then a second one of somebody's."""


class Seen(NamedTuple):
    """A call of a chat, and what went before it."""

    request: web.Request | None
    """None for a call in the webhook's response."""
    given: Json
    number: int
    """Counted from 0."""
    since: float
    """Seconds since the chat's first call."""


Refusal = Callable[[Seen], web.Response | float | None]
"""Another answer, or seconds of silence before none; None once the call is let through."""


def times(count: int, text: str) -> Refusal:
    """The first calls are refused with 400."""

    def refuse(call: Seen) -> web.Response | None:
        return refused(400, f"Bad Request: {text}") if call.number < count else None

    return refuse


def with_thread(text: str) -> Refusal:
    def refuse(call: Seen) -> web.Response | None:
        there = "message_thread_id" in call.given
        return refused(400, f"Bad Request: {text}") if there else None

    return refuse


def too_many(seconds: int) -> Refusal:
    def refuse(call: Seen) -> web.Response | None:
        left = round(seconds - call.since)
        if left <= 0:
            return None
        return refused(429, "Too Many Requests", retry_after=left)

    return refuse


def failing(seconds: float) -> Refusal:
    def refuse(call: Seen) -> web.Response | None:
        fault = web.Response(status=500, text="<html>")
        return fault if call.since < seconds else None

    return refuse


def silent(seconds: float) -> Refusal:
    return lambda call: seconds - call.since if call.since < seconds else None


def cutting(count: int) -> Refusal:
    def refuse(call: Seen) -> web.Response | None:
        return cut(call.request) if call.request and call.number < count else None

    return refuse


KINDS: dict[str, Refusal] = {
    "none": lambda _: None,
    "400 can't parse entities": times(1, "can't parse entities: tag"),
    "400 message is too long": times(1, "message is too long"),
    "400 BUTTON_DATA_INVALID": times(1, "BUTTON_DATA_INVALID"),
    "400 message thread not found": with_thread("message thread not found"),
    "400 TOPIC_CLOSED": with_thread("TOPIC_CLOSED"),
    "400 message can't be edited": times(1, "message can't be edited"),
    "400 twice": times(2, "some reason"),
    "429 of 2 s": too_many(2),
    "500 for 6 s": failing(6),
    "nothing for 16 s": silent(16),
    "cut, twice": cutting(2),
    "429 of 120 s": too_many(120),
    "500 for 60 s": failing(60),
}
LASTING = ("nothing for 16 s", "429 of 120 s", "500 for 60 s")
_REFUSING = ("400", "429")
"""Faults that a call in the webhook's response meets too."""
EDITS = ("400 message can't be edited",)
TOPICS = ("400 message thread not found", "400 TOPIC_CLOSED")


@dataclass
class Weather:
    """Each chat has its kind of fault."""

    kinds: dict[int, str]
    calls: Counter[int] = field(default_factory=Counter)
    began: dict[int, float] = field(default_factory=dict)

    async def __call__(
        self, request: web.Request, method: str, given: Json
    ) -> web.Response | None:
        if not method.startswith(("send", "edit")):
            return None
        answer = self._judge(request, given)
        if isinstance(answer, float):
            await asyncio.sleep(answer)
            return cut(request)
        return answer

    def refuses(self, given: Json) -> bool:
        """Whether a call in a response comes to nothing, which the bot never hears."""
        refusing = self.kinds[given["chat_id"]].startswith(_REFUSING)
        return refusing and self._judge(None, given) is not None

    def _judge(
        self, request: web.Request | None, given: Json
    ) -> web.Response | float | None:
        chat = given["chat_id"]
        now = time.monotonic()
        since = now - self.began.setdefault(chat, now)
        seen = Seen(request, given, self.calls[chat], since)
        self.calls[chat] += 1
        return KINDS[self.kinds[chat]](seen)


def traffic(count: int) -> tuple[list[Json], dict[int, str]]:
    """Updates, and the kind of fault of each chat; those that last come at the end."""
    quick = [kind for kind in KINDS if kind not in LASTING]
    dealt = [quick[n % len(quick)] for n in range(count - SLOW * len(LASTING))]
    dealt += [LASTING[n % len(LASTING)] for n in range(SLOW * len(LASTING))]
    found, kinds = [], {}
    for who, kind in enumerate(dealt, 1_000):
        group = kind in TOPICS or who % 2 == 0
        chat = updates.group(-who) if group else updates.private(who)
        topic = {"message_thread_id": 5, "is_topic_message": True}
        more = {"chat": chat, **(topic if kind in TOPICS else {})}
        if kind in EDITS:
            asked = updates.message("hello", who, **more)
            under = updates.message("...", who, **more, reply_to_message=asked)
            found.append(
                updates.pressed("retract|pwhatsapp", under | {"from": updates.ME}, who)
            )
        else:
            found.append(updates.said("/help", who, **more))
        kinds[chat["id"]] = kind
    return found, kinds


@dataclass
class Fates:
    """What became of each chat's update."""

    trouble: str
    posted: dict[int, float] = field(default_factory=dict)
    answers: defaultdict[int, list[str]] = field(
        default_factory=lambda: defaultdict(list)
    )
    took: dict[int, float] = field(default_factory=dict)

    def note(self, call: Json) -> None:
        chat = call["chat_id"]
        if self.trouble in call["text"]:
            fate = "trouble line"
        else:
            fate = "answered" if call.get("parse_mode") else "in plain words"
        self.answers[chat].append(fate)
        self.took.setdefault(chat, time.monotonic() - self.posted[chat])

    def table(self, title: str, kinds: dict[int, str]) -> Table:
        table = Table(title=title)
        names = ("answered", "in plain words", "trouble line", "twice", "nothing")
        for name in ("Telegram's fault", "updates", *names, "slowest s"):
            table.add_column(name, justify="left" if name[0] == "T" else "right")
        for kind in KINDS:
            chats = [chat for chat, of in kinds.items() if of == kind]
            fates = Counter(
                self.answers[c][0] if self.answers[c] else "" for c in chats
            )
            twice = sum(len(self.answers[chat]) > 1 for chat in chats)
            slowest = max((self.took[c] for c in chats if c in self.took), default=0.0)
            counts = (*(fates[name] for name in names[:3]), twice, fates[""])
            table.add_row(kind, *map(str, (len(chats), *counts)), f"{slowest:.1f}")
        return table

    def silent(self, kinds: dict[int, str]) -> int:
        return sum(not self.answers[chat] for chat in kinds)


@asynccontextmanager
async def at_work(stub: Stub, **more: Any) -> AsyncIterator[None]:
    settings = Settings(token=Secret(TOKEN), api_url=stub.address, **more)
    stop, own = asyncio.Event(), texts.read(loader.root())
    bot = open_assistant(cache=cache())
    work = asyncio.create_task(serve(bot, own, settings, Attached(stop=stop)))
    try:
        yield
    finally:
        stop.set()
        await work


def watched(stub: Stub, fates: Fates) -> None:
    """Notes each answer as it is carried out."""
    carry_out = stub.carry_out

    async def noted(method: str, parameters: Json) -> Any:
        if method in ("sendMessage", "editMessageText"):
            fates.note(parameters)
        return await carry_out(method, parameters)

    stub.carry_out = noted  # type: ignore[method-assign]


async def by_polling(count: int, trouble: str) -> tuple[Table, int]:
    found, kinds = traffic(count)
    fates = Fates(trouble)
    async with stubbed() as stub:
        watched(stub, fates)
        async with at_work(stub):
            await stub.until(lambda: stub.polls)
            stub.fault = Weather(kinds)
            fates.posted = dict.fromkeys(kinds, time.monotonic())
            stub.add(*found)
            with suppress(TimeoutError):
                await stub.until(lambda: len(fates.answers) == count, LONGEST)
            await asyncio.sleep(SETTLE)
    return fates.table(f"{count} updates by polling", kinds), fates.silent(kinds)


async def by_webhook(count: int, trouble: str, **how: Any) -> tuple[Table, int]:
    found, kinds = traffic(count)
    fates, weather, port = Fates(trouble), Weather(kinds), free_port()
    hook = f"http://127.0.0.1:{port}/hook"
    waiting = asyncio.Queue[tuple[int, Json]]()
    for pair in zip(kinds, found, strict=True):
        waiting.put_nowait(pair)

    async def deliver(session: aiohttp.ClientSession) -> None:
        while not waiting.empty():
            chat, update = waiting.get_nowait()
            fates.posted[chat] = time.monotonic()
            async with session.post(
                hook, json=update, headers={HEADER: SECRET}
            ) as answer:
                body = await answer.read()
                call = await answer.json() if body else {}
                if "chat_id" in call and not weather.refuses(call):
                    fates.note(call)

    async with (
        stubbed() as stub,
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(None)) as session,
    ):
        watched(stub, fates)
        more = {"webhook_url": hook, "webhook_secret": Secret(SECRET), **how}
        async with at_work(stub, listen=f"127.0.0.1:{port}", **more):
            await stub.until(lambda: stub.webhook)
            stub.fault = weather
            await asyncio.gather(*(deliver(session) for _ in range(CONNECTIONS)))
    title = f"{count} updates by webhook {' '.join(f'{k}={v}' for k, v in how.items())}"
    return fates.table(title, kinds), fates.silent(kinds)


async def main(count: int) -> int:
    own = texts.read(loader.root()).message("trouble")
    trouble = to_plain(own).partition(".")[0]
    done = await asyncio.gather(
        by_polling(count, trouble),
        by_webhook(count, trouble, watched=False),
        by_webhook(count, trouble, watched=True),
    )
    console = Console(width=120)
    for table, _ in done:
        console.print(table)
    polled, _, called = (left for _, left in done)
    return polled + called


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=1000, help="updates each way")
    logging.disable(logging.CRITICAL)
    sys.exit(min(1, asyncio.run(main(parser.parse_args().n))))

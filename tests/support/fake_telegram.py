"""Plays Telegram to real processes: delivers updates until they are confirmed.

By webhook an answer is a call, and counts once it is carried out, whether or not the
process hears of that; it belongs to the update of its chat that was delivered last. With
IN_RESPONSE=1 it is what comes back complete in the response, which Telegram carries out
once it has read it. What each must say is known from a bot in this process that gets the
same updates one by one.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import takewhile

import aiohttp

from bot.app import Assistant
from bot.dialogue.events import Said
from bot.dialogue.session import Session
from bot.responses.markup import to_html
from tests.support import updates
from tests.support.fake_bot_api import Stub
from tests.support.process import TOKEN, free_port
from tests.support.updates import Json

SECRET = "a-secret_of-the-fake"
DATE = int(datetime.now(UTC).timestamp()) + 6 * 3600
"""Of all updates of a run: later than its end, for an answer tells what time is left when
it is given, and how long a run takes must change no word of it."""
TALK = (
    "how do I unsend a message",
    "linkedin",
    "an ordinary one",
    "20 minutes ago",
    "not yet",
    "will they notice",
    "and on whatsapp?",
    "how long do I have",
)
FIRST = 1000
WATCHED = not os.environ.get("IN_RESPONSE")
"""Whether answers are calls, as they are unless the operator says otherwise."""
_SHOWN = 5
"""Wrong answers that are printed of a run."""
_START = 180
"""Seconds that a process has to start; on a machine with much else to do it needs them."""


def say(text: str) -> None:
    """A figure, as soon as it is known."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@dataclass
class Play:
    """The updates of a run, and what came back for each."""

    updates: list[Json]
    answers: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    order: list[int] = field(default_factory=list)
    """Numbers in the order in which the answers were read."""
    again: int = 0
    """Deliveries that failed and were repeated."""
    confirmed: int = 0
    """Deliveries that were."""
    waits: list[float] = field(default_factory=list)
    in_hand: dict[int, int] = field(default_factory=dict)
    """The update of each chat that was delivered last."""

    def chat(self, number: int) -> int:
        return _chat(self.updates[number - FIRST])

    @property
    def empty(self) -> int:
        """Deliveries that were confirmed without an answer."""
        return self.confirmed - sum(bool(texts) for texts in self.answers.values())

    def given(self, number: int, text: str) -> None:
        self.answers[number].append(text)
        self.order.append(number)

    def heard(self, method: str, parameters: Json) -> None:
        """A call that Telegram has carried out."""
        if method == "sendMessage":
            self.given(self.in_hand[parameters["chat_id"]], parameters["text"])


def play(count: int, chats: int, seed: int = 1, runs: float = 0.3) -> Play:
    """Updates of people in the middle of a talk; now and then one writes twice in a row."""
    dice, at, last = random.Random(seed), Counter[int](), 1
    made = []
    for number in range(FIRST, FIRST + count):
        if dice.random() >= runs:
            last = 1 + dice.randrange(chats)
        text = TALK[at[last] % len(TALK)]
        at[last] += 1
        update = updates.said(text, last, date=DATE)
        made.append({**update, "update_id": number})
    return Play(made)


def expected(bot: Assistant, made: Play) -> dict[int, str]:
    """What each update must be answered with."""
    sessions: dict[int, Session] = defaultdict(Session)
    found = {}
    for update in made.updates:
        chat, number = update["message"]["chat"]["id"], update["update_id"]
        event = Said(f"telegram:{chat}", update["message"]["text"], _date())
        reply, sessions[chat] = bot.reply(sessions[chat], event)
        found[number] = to_html(reply.message)
    return found


def _date() -> datetime:
    return datetime.fromtimestamp(DATE, UTC)


def shuffled(
    made: Sequence[Json], window: int, repeats: float, seed: int
) -> list[Json]:
    """Each somewhere near its place, some of them twice.

    Only between chats: those of one chat stay in their order, as Telegram sends them.
    """
    dice = random.Random(seed)
    places = sorted(range(len(made)), key=lambda n: n + dice.random() * window)
    found: list[tuple[float, Json]] = []
    queues: dict[int, Iterator[Json]] = {}
    for update in made:
        queues.setdefault(_chat(update), iter([]))
    for chat in queues:
        queues[chat] = iter([u for u in made if _chat(u) == chat])
    for at, place in enumerate(places):
        update = next(queues[_chat(made[place])])
        found.append((at, update))
        if dice.random() < repeats:
            found.append((at + dice.random() * window, update))
    return [u for _, u in sorted(found, key=lambda pair: pair[0])]


def _chat(update: Json) -> int:
    chat: int = update["message"]["chat"]["id"]
    return chat


async def deliver(
    made: Play, order: Iterable[Json], addresses: Sequence[str], at_once: int
) -> float:
    """Until all are confirmed; the seconds it took.

    As Telegram does: of a chat one at a time, the next once the one before is confirmed.
    A repeat is sent beside whatever is under way, but not before the first was.
    """
    queue = iter(order)
    chats: dict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
    begun: dict[int, asyncio.Event] = {}
    turn = iter(range(10**9))
    connector = aiohttp.TCPConnector(limit=0)
    timeout = aiohttp.ClientTimeout(total=75)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as client:

        async def worker() -> None:
            for update in queue:
                number = update["update_id"]
                if (first := begun.get(number)) is not None:
                    await first.wait()
                    await send(update)
                    continue
                first = begun[number] = asyncio.Event()
                async with chats[_chat(update)]:
                    made.in_hand[_chat(update)] = number
                    first.set()
                    await send(update)

        async def send(update: Json) -> None:
            began = time.perf_counter()
            while not await _once(made, client, update, addresses, next(turn)):
                made.again += 1
                await asyncio.sleep(0.03)
            made.waits.append(time.perf_counter() - began)

        began = time.perf_counter()
        await asyncio.gather(*(worker() for _ in range(at_once)))
        return time.perf_counter() - began


async def _once(
    made: Play,
    client: aiohttp.ClientSession,
    update: Json,
    addresses: Sequence[str],
    turn: int,
) -> bool:
    address, number = addresses[turn % len(addresses)], update["update_id"]
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    try:
        async with client.post(address, json=update, headers=headers) as answer:
            body = await answer.read()
            if answer.status != 200:
                return False
    except (aiohttp.ClientError, OSError, TimeoutError):
        return False
    if body:
        made.given(number, json.loads(body).get("text", ""))
    made.confirmed += 1
    return True


@dataclass
class Verdict:
    answered: int
    lost: int
    twice: int
    wrong: list[int]
    disordered: int

    def good(self, twice: int = 0) -> bool:
        """Whether all is well; so many may have been answered twice."""
        return not (self.lost or self.wrong or self.disordered) and self.twice <= twice

    def __str__(self) -> str:
        return (
            f"answered once {self.answered:,}, lost {self.lost}, twice {self.twice}, "
            f"not as expected {len(self.wrong)}, out of order {self.disordered}"
        )


def differences(made: Play, wanted: dict[int, str], verdict: Verdict) -> None:
    """Prints what was said for what, of the first wrong answers."""
    for number in verdict.wrong[:_SHOWN]:
        update = made.updates[number - FIRST]["message"]
        right = wanted[number]
        given = next(text for text in made.answers[number] if text != right)
        pairs = zip(given, right, strict=False)
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        say(f"  {number} of chat {update['chat']['id']}: {update['text']!r}")
        say(f"    wanted {right[max(0, same - 20) :][:90]!r}")
        say(f"    given  {given[max(0, same - 20) :][:90]!r}")


def judged(made: Play, wanted: dict[int, str]) -> Verdict:
    """Whether all were answered, once, in order, and as if nothing had happened.

    An answer that is given twice has to be the same word for word.
    """
    given = {n: made.answers.get(n, []) for n in wanted}
    last: dict[int, int] = {}
    disordered = 0
    for number in made.order:
        chat = made.chat(number)
        disordered += number < last.get(chat, 0)
        last[chat] = max(number, last.get(chat, 0))
    wrong = [n for n, texts in given.items() if set(texts) - {wanted[n]}]
    return Verdict(
        sum(len(texts) == 1 for texts in given.values()),
        sum(not texts for texts in given.values()),
        sum(len(texts) > 1 for texts in given.values()),
        wrong,
        disordered,
    )


@dataclass
class Replica:
    """One `takeback run`, by webhook or polling; it can be killed and started anew."""

    api: str
    store: str
    port: int = field(default_factory=free_port)
    process: asyncio.subprocess.Process | None = None
    log: list[str] = field(default_factory=list)
    polling: bool = False

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    async def start(self) -> None:
        values = {
            "TOKEN": TOKEN,
            "API_URL": self.api,
            "STORE": self.store,
        }
        if not self.polling:
            values |= {
                "WEBHOOK_URL": self.address,
                "WEBHOOK_SECRET": SECRET,
                "LISTEN": f"127.0.0.1:{self.port}",
                "WATCHED": "yes" if WATCHED else "no",
            }
        self.log.clear()
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.support.without_limits",
            "run",
            env={**os.environ, **{f"TAKEBACK_{k}": v for k, v in values.items()}},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        asyncio.create_task(self._read(self.process))  # noqa: RUF006  it ends with it

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr
        async for line in process.stderr:
            self.log.append(line.decode(errors="replace"))

    async def ready(self) -> None:
        if self.polling:
            async with asyncio.timeout(_START):
                while not any("Answering" in line for line in self.log):  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            return
        url = self.address.replace("/hook", "/ready")
        async with asyncio.timeout(_START), aiohttp.ClientSession() as client:
            while True:
                with contextlib.suppress(aiohttp.ClientError):
                    async with client.get(url) as answer:
                        if answer.status == 200:
                            return
                if self.process and self.process.returncode is not None:
                    raise RuntimeError("".join(self.log[-5:]))
                await asyncio.sleep(0.02)

    async def kill(self) -> None:
        if self.process and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    async def end(self) -> None:
        if self.process and self.process.returncode is None:
            self.process.terminate()
            try:
                await asyncio.wait_for(self.process.wait(), 30)
            except TimeoutError:
                await self.kill()

    def memory(self) -> float:
        """Resident, in MB."""
        return self._pages()[1] * _PAGE

    def mapped(self) -> float:
        """Of that, pages of files: the system shares them and takes them back."""
        return self._pages()[2] * _PAGE

    def _pages(self) -> list[int]:
        """As the kernel's proc(5) gives them: size, resident, of files, ..."""
        assert self.process
        with open(f"/proc/{self.process.pid}/statm") as file:  # noqa: PTH123  numbers
            return [int(pages) for pages in file.read().split()]


_PAGE = os.sysconf("SC_PAGE_SIZE") / 1e6
"""MB."""


@asynccontextmanager
async def replicas(api: Stub, store: str, count: int) -> AsyncIterator[list[Replica]]:
    found = [Replica(api.address, store) for _ in range(count)]
    try:
        for one in found:
            await one.start()
        for one in found:
            await one.ready()
        yield found
    finally:
        await asyncio.gather(*(one.end() for one in found))

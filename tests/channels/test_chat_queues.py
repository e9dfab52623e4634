"""The order within a chat."""

from __future__ import annotations

import asyncio

from bot.channels.chat_queues import ChatQueues, QueueFullError


async def test_a_chat_keeps_its_order_and_chats_run_side_by_side() -> None:
    queues, done, slow = ChatQueues(), list[str](), asyncio.Event()

    async def work(chat: int, name: str, wait: asyncio.Event | None = None) -> None:
        async with queues.enter(chat):
            if wait:
                await wait.wait()
            done.append(name)

    jobs = [work(1, "a", slow), work(1, "b"), work(1, "c"), work(2, "d")]
    tasks = [asyncio.create_task(job) for job in jobs]
    await tasks[-1]
    assert done == ["d"]
    slow.set()
    await asyncio.gather(*tasks)
    assert done == ["d", "a", "b", "c"]
    assert not queues._queues


async def test_a_flooding_chat_waits_alone() -> None:
    queues, held = ChatQueues(deep=2), asyncio.Event()

    async def work(chat: int) -> None:
        async with queues.enter(chat):
            await held.wait()

    tasks = [asyncio.create_task(work(1)) for _ in range(5)]
    await asyncio.sleep(0)
    other = asyncio.create_task(work(2))
    held.set()
    await other
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [isinstance(o, QueueFullError) for o in outcomes] == [False] * 2 + [True] * 3

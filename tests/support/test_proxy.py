"""The nginx sample of bot/RUNNING.md, by a real nginx where there is one."""

from __future__ import annotations

import aiohttp
import pytest
from aiohttp import web

from tests.support.proxy import nginx, proxied
from tests.support.wire import serving


async def test_it_passes_an_update_on_and_goes_past_a_dead_replica() -> None:
    if nginx() is None:
        pytest.skip("nginx is not installed")
    came = []

    async def update(request: web.Request) -> web.Response:
        came.append(await request.text())
        return web.json_response({"method": "sendMessage"})

    site = web.Application()
    site.router.add_post("/hook", update)
    async with serving(site) as address, aiohttp.ClientSession() as outside:
        alive, dead = int(address.rpartition(":")[2]), 1
        async with proxied([dead, alive]) as hook:
            for number in range(6):
                async with outside.post(hook, data=str(number)) as answer:
                    assert await answer.json() == {"method": "sendMessage"}
            async with outside.post(hook, data=b"x" * 300_000) as answer:
                assert answer.status == 413
            for path in ("/metrics", "/health"):
                async with outside.get(hook.replace("/hook", path)) as answer:
                    assert answer.status == 404
    assert came == [str(n) for n in range(6)]

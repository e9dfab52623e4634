"""A proxy in front of replicas: nginx by the sample of bot/RUNNING.md, or one of our own."""

from __future__ import annotations

import asyncio
import itertools
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from tests.support.process import free_port

PAGE = Path(__file__).parents[2] / "bot/RUNNING.md"
_NGINX = ("/usr/sbin/nginx", "/usr/local/sbin/nginx")
_FRAME = """
daemon off;
pid {folder}/pid;
error_log {folder}/error.log warn;
worker_processes 1;
events {{ worker_connections 1024; }}
http {{
client_body_temp_path {folder}/body;
proxy_temp_path {folder}/proxy;
fastcgi_temp_path {folder}/fastcgi;
uwsgi_temp_path {folder}/uwsgi;
scgi_temp_path {folder}/scgi;
{sample}
}}
"""


def nginx() -> str | None:
    """Where it is, if it is installed."""
    found = [shutil.which("nginx"), *(p for p in _NGINX if Path(p).exists())]
    return next(filter(None, found), None)


def name() -> str:
    """What the proxy is here."""
    if nginx():
        return "nginx, by the sample of bot/RUNNING.md"
    return "a proxy of ours in Python, since nginx is not installed"


def sample(ports: Sequence[int], listen: int) -> str:
    """The page's own, but for the addresses and TLS, which wants a certificate."""
    found = re.search(
        r"```nginx\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL
    )
    assert found
    text = found[1]
    for pattern, put in (
        (r"^ *server 10\..*\n", ""),
        (
            r"(?<=upstream takeback \{\n)",
            "".join(
                f"server 127.0.0.1:{p} max_fails=1 fail_timeout=5s;\n" for p in ports
            ),
        ),
        (r"listen 443 ssl;", f"listen 127.0.0.1:{listen};"),
        (r"^ *ssl_.*\n", ""),
        (r"location = /telegram", "location = /hook"),
    ):
        text, times = re.subn(pattern, put, text, flags=re.MULTILINE)
        assert times, pattern
    return text


@asynccontextmanager
async def proxied(ports: Sequence[int]) -> AsyncIterator[str]:
    """The webhook's address at it."""
    program, port = nginx(), free_port()
    address = f"http://127.0.0.1:{port}/hook"
    if program is None:
        async with _own(ports, port):
            yield address
        return
    with tempfile.TemporaryDirectory(prefix="takeback-nginx-") as top:
        folder = Path(top)
        folder.chmod(0o755)  # noqa: ASYNC240  at once; its worker is another user
        conf = folder / "nginx.conf"
        conf.write_text(_FRAME.format(folder=folder, sample=sample(ports, port)))
        process = await asyncio.create_subprocess_exec(
            program, "-p", top, "-c", str(conf), "-e", str(folder / "error.log")
        )
        try:
            await _answers(port, process)
            yield address
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


async def _answers(port: int, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(10):
        while True:
            assert process.returncode is None
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return
            await asyncio.sleep(0.02)


@asynccontextmanager
async def _own(ports: Sequence[int], port: int) -> AsyncIterator[None]:
    """Gives each connection to the next replica."""
    turns = itertools.cycle(ports)

    async def carry(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(65_536):
                sink.write(data)
                await sink.drain()
        sink.close()

    async def connected(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        up, down = await asyncio.open_connection("127.0.0.1", next(turns))
        await asyncio.gather(carry(reader, down), carry(up, writer))

    async with await asyncio.start_server(connected, "127.0.0.1", port):
        yield

"""The program as people start it, on the toy book, in a home of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.support.books import TOY

PROGRAM = (
    sys.executable,
    "-c",
    "import sys; from bot.__main__ import main; sys.argv[0] = 'takeback'; main()",
)


def environment(
    home: Path, files: Path = TOY, more: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Nothing of the machine's own settings, cache or data."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("TAKEBACK_")}
    return {
        **env,
        "TAKEBACK_FILES": str(files),
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CONFIG_HOME": str(home / "config"),
        **(more or {}),
    }


def run(
    *args: str,
    home: Path,
    given: str | bytes = "",
    files: Path = TOY,
    more: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """One run of `takeback ARGS` with something on its standard input."""
    done = subprocess.run(
        [*PROGRAM, *args],
        env=environment(home, files, more),
        cwd=home,
        input=given.encode() if isinstance(given, str) else given,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )

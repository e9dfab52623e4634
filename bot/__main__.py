"""The entry point: what goes wrong is one clear line a problem, never a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial

_EXTRAS = {
    "telegram": "telegram",
    "aiohttp": "http",
    "prometheus_client": "http",
    "sqlalchemy": "store",
    "alembic": "store",
    "psycopg": "postgres",
    "matplotlib": "picture",
}
"""A library that only some commands need, and what installs it."""
_LASTING = ("run", "serve")
"""Commands that go on until they are stopped: a SIGHUP while they start is kept."""


def main() -> None:
    """Runs the command that the arguments name."""
    try:
        _opened()
        try:
            _run(sys.argv[1:])
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        _silenced()
        sys.exit(0)
    except OSError as error:
        _silenced()
        what = f"{error.filename}: " if error.filename else ""
        print(f"takeback: {what}{error.strerror or error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def _run(arguments: list[str]) -> None:
    from bot import __version__

    if arguments in (["--version"], ["-V"]):
        # Before any import that takes time.
        print("takeback", __version__)
        return
    from bot import startup

    startup.begin()
    if arguments and arguments[0] in _LASTING:
        startup.keep_hangups()
    try:
        _carry_out(arguments)
    finally:
        startup.ended()


def _carry_out(arguments: list[str]) -> None:
    from bot import startup

    with startup.interruptible():
        from bot.errors import BotError

    try:
        with startup.interruptible():
            run = _command(arguments)
        run()
    except BotError as error:
        print(error, file=sys.stderr)
        # What starts it again tells by this whether another try makes sense.
        sys.exit(1 if error.passing else 2)
    except ModuleNotFoundError as error:
        extra = _EXTRAS.get((error.name or "").partition(".")[0])
        if extra is None:
            raise
        print(f"This needs more: {_install(extra)}", file=sys.stderr)
        sys.exit(2)


def _install(extra: str) -> str:
    """What brings a part to this very interpreter, from a checkout or from the index."""
    import shlex

    from bot.folders import root

    checkout = (root() / "pyproject.toml").is_file()
    what = ["-e", f"{root()}[{extra}]"] if checkout else [f"takeback[{extra}]"]
    return shlex.join([sys.executable, "-m", "pip", "install", *what])


def _command(arguments: list[str]) -> Callable[[], object]:
    """What runs the arguments; a plain question needs nobody to read flags."""
    match arguments:
        case ["ask", question] if not question.startswith("-"):
            from bot.asking import answer

            return partial(answer, question)
    from bot.cli import command_line

    return partial(command_line(arguments), prog_name="takeback")


def _opened() -> None:
    """Streams that were closed lead nowhere; no stray byte ends a conversation."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115  no path, and to the end
        getattr(sys, name).reconfigure(errors="replace")


def _silenced() -> None:
    """What is left in the buffers goes nowhere, and its failing is not told again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


if __name__ == "__main__":
    main()

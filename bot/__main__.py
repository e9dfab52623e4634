"""The entry point: what goes wrong is one clear line a problem, never a traceback."""

from __future__ import annotations

import sys

from bot import __version__, startup

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


def main() -> None:
    """Runs the command that the arguments name."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        # Before any import that takes time.
        print("takeback", __version__)
        return
    startup.begin()
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        # A stray byte or a narrow terminal must not end a conversation.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    from bot.errors import BotError

    try:
        from bot.cli import command_line

        command_line(sys.argv[1:])(prog_name="takeback")
    except BotError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except ModuleNotFoundError as error:
        extra = _EXTRAS.get((error.name or "").partition(".")[0])
        if extra is None:
            raise
        print(f"This needs more: pip install 'takeback[{extra}]'", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()

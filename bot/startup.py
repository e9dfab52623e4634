"""What makes a start and an end short; nothing depends on it."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from threading import Thread

_RARELY = 500_000
"""Objects made between two looks; a whole start makes fewer."""
_USUAL = gc.get_threshold()


def begin() -> None:
    """To be called before the imports that take time.

    They make next to no garbage; the collector takes a tenth of a start to find that out.
    numpy would begin a thread for each core, which wait for each other over tables that
    are too small to share out. And pydantic, where files are read, would look for plugins
    in every installed package.
    """
    gc.set_threshold(_RARELY)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


@contextmanager
def interruptible() -> Iterator[None]:
    """Around imports: who gives up during one is not told where it was.

    Some libraries turn the interruption into an error of theirs, with a traceback.
    """
    import signal

    usual = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)


_hangups: list[int] = []
"""Such as came before anybody could act on them."""


def keep_hangups() -> None:
    """A reload that is asked for too early would else end the process, without a line."""
    import signal

    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, lambda number, _: _hangups.append(number))


def had_hangup() -> bool:
    """Whether a reload was asked for since then."""
    return bool(_hangups)


def ahead(module: str) -> None:
    """Imports a module beside all else, to be there when it is needed.

    Worth it for one that waits: aiohttp reads the system's certificates, twice.
    """
    with suppress(RuntimeError):  # no thread to be had
        Thread(target=_tried, args=[module], daemon=True).start()


def _tried(module: str) -> None:
    with suppress(Exception):  # whoever needs it will say what is wrong with it
        import_module(module)


def settled() -> None:
    """What was loaded stays for good.

    The collector need not go through it again and again, which would hold up an answer
    for tens of milliseconds; nor once now, for that would free next to nothing.
    """
    gc.freeze()
    gc.set_threshold(*_USUAL)


def ended() -> None:
    """To be called last: all memory goes with the process.

    Python looks through all of it for garbage before, which takes a sixth of the time of
    a question on the command line.
    """
    gc.freeze()

"""A start makes next to no garbage; the collector takes a tenth of it to find that out."""

import gc

_RARELY = 500_000
"""Objects made between two looks; a whole start makes fewer."""
_USUAL = gc.get_threshold()


def begin() -> None:
    """To be called before the imports that take time."""
    gc.set_threshold(_RARELY)


def settled() -> None:
    """What was loaded stays for good.

    The collector need not go through it again and again, which would hold up an answer
    for tens of milliseconds; nor once now, for that would free next to nothing.
    """
    gc.freeze()
    gc.set_threshold(*_USUAL)

"""Where things are kept on this machine; light, since every start needs it."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_cache_path, user_data_path

PREFIX = "TAKEBACK_"
ENV_FILE = ".env"
PACKED = "_files"
"""In an installed package: what is not to be edited there."""
_HERE = Path(__file__).resolve().parent


def cache() -> Path:
    """Where what can be made again is kept."""
    return user_cache_path("takeback", appauthor=False)


def data() -> Path:
    """Where a person's own is kept: the store."""
    return user_data_path("takeback", appauthor=False)


def configured() -> bool:
    """Whether there is any setting to be read."""
    return any(name.upper().startswith(PREFIX) for name in os.environ)


def root() -> Path:
    """The folder of `knowledge/` and `templates/`: the checkout or the package."""
    packed = _HERE / PACKED
    return packed if packed.is_dir() else _HERE.parent

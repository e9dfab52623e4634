"""Trains the engine when a wheel is built, so that nobody waits for it at the first start."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ModelHook(BuildHookInterface):
    """Puts the trained engine beside the knowledge that it was trained on."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """A checkout that is installed to be edited trains at its first start instead."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from bot.knowledge import cache

        folder = Path(mkdtemp())
        cache.open_engine(Path(self.root), "checked", folder)
        # What the fit leaves to the next one is for who edits, in a checkout.
        for file in folder.glob("mind-*"):
            shipped = f"bot/_files/{cache.SHIPPED}/{file.name}"
            build_data["force_include"][str(file)] = shipped

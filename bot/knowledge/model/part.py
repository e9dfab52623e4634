"""What every part of the knowledge is made of."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

UNSURE = "unsure"
"""A slot's value when the person was asked and does not know."""


class Part(BaseModel):
    """Base of everything in the book."""

    # Schemas are built when the first file is read, not when this is imported.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

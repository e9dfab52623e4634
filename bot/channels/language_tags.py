"""Language tags, as apps and programs name a person's language."""

from __future__ import annotations

import re

_TAG = re.compile(r"([A-Za-z]{2,8})(?:[-_][A-Za-z0-9]{1,8})*")


def code_of(tag: object) -> str | None:
    """Of "pt-BR" the first part, in small letters: there is one book a language.

    None for what is no tag.
    """
    found = _TAG.fullmatch(tag) if isinstance(tag, str) else None
    return found[1].casefold() if found else None

"""Both books over HTTP: a request may say what the person's app is in."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.channels.test_http import Client, served
from tests.support.books import polyglot

SPANISH, ENGLISH = "Sí. Un mensaje de WhatsApp", "Yes on WhatsApp"


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with served(polyglot()) as opened:
        yield opened


@pytest.mark.parametrize(
    ("own", "text", "begins"),
    [
        ("es", "whatsapp", SPANISH),
        ("es-MX", "whatsapp", SPANISH),
        ("en-GB", "whatsapp", ENGLISH),
        # A language without a book changes nothing, and neither does none.
        ("fr", "whatsapp", ENGLISH),
        (None, "whatsapp", ENGLISH),
        # What is long enough to tell is answered in its own.
        ("es", "how do I unsend a whatsapp message", ENGLISH),
        ("en", "cómo borro un mensaje de whatsapp", SPANISH),
    ],
)
async def test_it_decides_what_short_words_leave_open(
    client: Client, own: str | None, text: str, begins: str
) -> None:
    asked = {"text": text, "language": own}
    _, alone = await client.post("/ask", asked)
    _, first = await client.post("/chat", {"chat": f"{own}-{len(text)}", **asked})
    for found in (alone, first):
        assert found["text"].startswith(begins)

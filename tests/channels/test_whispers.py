"""In a group, an answer that only the asker sees."""

from __future__ import annotations

import pytest

from bot.app import Assistant
from tests.support import updates
from tests.support.judge import faults
from tests.support.recorder import Desk, desk, refusal
from tests.support.updates import Json

GROUP: Json = {"chat": updates.group()}
ASKED = "/oops how do I call back a parcel with heron"


def refused(method: str, given: Json) -> tuple[int, Json] | None:
    """A server, or a group, that knows no whispers."""
    if method == "sendMessage" and "ephemeral_message_parameters" in given:
        return refusal(400, "Bad Request: EPHEMERAL_NOT_ALLOWED")
    return None


@pytest.mark.parametrize("command", ["/oops", "/oops@takeback_bot"])
async def test_a_whisper_is_for_the_asker_alone(toys: Desk, command: str) -> None:
    call = await toys.one(updates.said(ASKED.replace("/oops", command), **GROUP))
    assert call.parameters["ephemeral_message_parameters"] == {"receiver_user_id": 100}
    assert "reply_parameters" not in call.parameters
    assert call.parameters["text"] == "Is the seal broken?"
    # What it leads to goes on where nobody else reads it.
    assert [*call.buttons] == ["Continue in private"]
    assert "?start=call_back-pheron" in call.buttons["Continue in private"]
    assert not faults(call)


@pytest.mark.parametrize("how", [{"plain": True}, {"answer": refused}])
async def test_where_there_are_no_whispers_the_group_sees_no_answer(
    toy_bot: Assistant, how: Json
) -> None:
    async with desk(toy_bot, **how) as toys:
        *_, call = await toys.send(updates.said(ASKED, **GROUP))
    assert call.parameters["text"] == "That is for you alone, so I answer in private."
    assert [*call.buttons] == ["Continue in private"]
    assert "ephemeral_message_parameters" not in call.parameters


async def test_without_words_it_asks_what_happened(toys: Desk) -> None:
    call = await toys.one(updates.said("/oops", **GROUP))
    assert call.parameters["ephemeral_message_parameters"]
    assert "?start=" in call.buttons["Continue in private"]


async def test_who_speaks_as_the_group_gets_no_whisper(toys: Desk) -> None:
    spoken: Json = {**GROUP, "sender_chat": updates.group()}
    call = await toys.one(updates.said(ASKED, **spoken))
    assert "ephemeral_message_parameters" not in call.parameters

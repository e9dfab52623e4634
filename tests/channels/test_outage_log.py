"""An operator sees in the log that Telegram fails, before answers are given up."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from telegram import Bot
from telegram.error import NetworkError, TelegramError

from bot.channels.telegram.bot_api import bot_api
from bot.channels.telegram.metrics import Metrics

if TYPE_CHECKING:
    import pytest

TOKEN = "1234567:" + "a" * 35


async def test_a_fault_that_lasts_is_logged_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(*_: Any, **__: Any) -> None:
        raise NetworkError("Bad Gateway")

    monkeypatch.setattr(Bot, "_do_post", fail)
    api = bot_api(TOKEN, "http://127.0.0.1:1", Metrics())
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            try:
                await api.call("sendMessage", patience=0.0, chat_id=1, text="x")
            except TelegramError:
                continue
    lines = [r.message for r in caplog.records if "Telegram fails" in r.message]
    assert lines == ["Telegram fails, and is tried again: Bad Gateway"]

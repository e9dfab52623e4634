from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING

from telegram.error import InvalidToken

from bot.channels import log_redaction
from bot.channels.telegram.bot_api import BotApi, as_channel_error, bot_api
from bot.channels.telegram.metrics import Metrics

if TYPE_CHECKING:
    import pytest

TOKEN = "123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"


def logged(token: str, text: str, error: Exception | None = None) -> str:
    out, log = io.StringIO(), logging.Logger("test")  # noqa: LOG001  one that no other test sees
    handler = logging.StreamHandler(out)
    handler.setFormatter(log_redaction.RedactingFormatter(token))
    log.addHandler(handler)
    log.warning(text, exc_info=error)
    return out.getvalue()


def test_a_token_is_blanked_wherever_it_stands() -> None:
    address = f"https://api.telegram.org/bot{TOKEN}/getMe"
    assert TOKEN not in logged("", f"POST {address}")
    assert "/bot<token>/getMe" in logged("", f"POST {address}")


def test_a_token_in_a_traceback_is_blanked() -> None:
    try:
        int(TOKEN)
    except ValueError as error:
        text = logged("", "It failed", error)
    assert "ValueError" in text
    assert TOKEN not in text


def test_a_token_of_another_form_is_blanked_when_it_is_ours() -> None:
    assert "short" not in logged("1:short", "1:short")


def test_times_and_other_numbers_stay() -> None:
    assert "at 12:30:45, port 127.0.0.1:8080" in logged(
        "", "at 12:30:45, port 127.0.0.1:8080"
    )


def test_the_bot_does_not_show_its_token() -> None:
    bot = bot_api(TOKEN, "http://127.0.0.1:1", Metrics())
    assert isinstance(bot, BotApi)
    assert TOKEN not in repr(bot)
    assert TOKEN not in str(as_channel_error(InvalidToken(f"The token `{TOKEN}`"), "x"))


def test_installed_it_silences_the_chatty_libraries(
    capsys: pytest.CaptureFixture[str],
) -> None:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        log_redaction.install(TOKEN)
        logging.getLogger("httpx").info("POST %s", TOKEN)
        logging.getLogger("telegram.ext.ExtBot").debug("Calling %s", TOKEN)
        logging.getLogger("anything").error("Calling %s", TOKEN)
    finally:
        root.handlers[:] = before
        root.setLevel(level)
    shown = capsys.readouterr().err
    assert TOKEN not in shown
    assert "httpx" not in shown
    assert "Calling <token>" in shown

"""Which message of ours answers the last question of each chat."""

from __future__ import annotations

from collections import OrderedDict

from bot.channels.telegram.update import IncomingMessage

_CHATS = 10_000
"""Whose last question is remembered; numbers, and only in memory."""


class LastAnswers:
    """The last question of each chat and the answer to it: numbers alone."""

    def __init__(self) -> None:
        self._last: OrderedDict[int, tuple[int, int | None]] = OrderedDict()

    def note(self, question: IncomingMessage, answer_id: int | None) -> None:
        self._last[question.chat] = (question.message_id, answer_id)
        self._last.move_to_end(question.chat)
        if len(self._last) > _CHATS:
            self._last.popitem(last=False)

    def is_last(self, question: IncomingMessage) -> bool:
        return self._last.get(question.chat, (None,))[0] == question.message_id

    def answer_to(self, question: IncomingMessage) -> IncomingMessage | None:
        """Our message as it will be edited; none if its number is not known."""
        _, answer_id = self._last[question.chat]
        if answer_id is None:
            return None
        before = {"reply_to_message": question.raw} if question.group else {}
        return question._replace(message_id=answer_id, raw=before)

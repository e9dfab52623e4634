"""What the bot answers, in the shape that others rely on."""

from __future__ import annotations

from typing import Any, NamedTuple

from bot.responses.markup import Message, to_html, to_plain


class Citation(NamedTuple):
    """A claim that an answer states, and where it comes from."""

    claim: str
    source: str
    checked: str | None
    sureness: str | None
    verdict: str | None


NO_ACTION = "none"


class About(NamedTuple):
    """What the first sentence of an answer speaks to."""

    action: str
    """What is, was or would be done to the message; outside the domain the near miss."""
    verdict: str | None
    """yes, no, over, depends or perhaps; none where no such word fits."""


class Reply(NamedTuple):
    decision: str
    """answer, ask, clarify or decline."""
    topic: str | None
    slots: dict[str, str]
    confidence: float
    suggestions: tuple[str, ...]
    message: Message
    sources: tuple[Citation, ...] = ()
    about: About | None = None
    known_as: str = ""
    """The topic's name for others, where it is one of ours alone."""
    place: str | None = None
    """The button that leads here again, with all that is known."""

    @property
    def text(self) -> str:
        return to_plain(self.message)

    @property
    def html(self) -> str:
        return to_html(self.message)

    def as_json(self) -> dict[str, Any]:
        """The reply object of the interface."""
        return {
            "decision": self.decision,
            "topic": self.known_as or self.topic,
            "slots": self.slots,
            "about": self.about and self.about._asdict(),
            "confidence": self.confidence,
            "suggestions": list(self.suggestions),
            "text": self.text,
            "html": self.html,
            "buttons": [
                {"label": b.label, "value": b.value} for b in self.message.buttons
            ],
            "sources": [
                {
                    "claim": c.claim,
                    "source": c.source,
                    "checked": c.checked,
                    "sureness": c.sureness,
                    "verdict": c.verdict,
                }
                for c in self.sources
            ],
        }

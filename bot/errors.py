"""What can go wrong for the people who run the bot; those who talk to it get values."""

from dataclasses import dataclass, field


class BotError(Exception):
    """Base of what the command line prints as one line, without a traceback."""

    passing = False
    """It may be over in a moment, so that another try makes sense."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in a file, at a line counted from 1."""

    path: str
    line: int
    message: str
    about: str = field(default="", compare=False)
    """What stays the same while figures in the message change; empty where all does."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class KnowledgeError(BotError):
    """The knowledge or the templates cannot be used; carries every problem found."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


class SettingsError(BotError):
    """A setting is wrong or missing; names the variable."""


class ChannelError(BotError):
    """A channel cannot be opened or was cut off for good; says what to do."""

    def __init__(self, text: str, *, passing: bool = False) -> None:
        self.passing = passing
        super().__init__(text)


class ConflictError(Exception):
    """Another turn of the chat was taken meanwhile: get the session, and turn again."""


class StoreError(BotError):
    """The store cannot be used; says what to do."""

    def __init__(self, text: str, *, passing: bool = False) -> None:
        self.passing = passing
        super().__init__(text)


class AnotherBotError(StoreError):
    """The store is that of another bot, whose updates are numbered alike."""

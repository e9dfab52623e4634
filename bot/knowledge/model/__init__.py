"""The vocabulary of the knowledge: what the files say, once they are known to be right.

Every value is frozen and refuses unknown keys. The names are those of the files' keys.
"""

from bot.knowledge.model.claim import (
    Checked,
    Claim,
    Claims,
    ClaimType,
    Day,
    Depends,
    Edition,
    Finding,
    Guide,
    Side,
    Source,
    Sureness,
    Trust,
)
from bot.knowledge.model.knowledge_base import KnowledgeBase
from bot.knowledge.model.part import UNSURE, Part
from bot.knowledge.model.services import Kind, Platform, Sort, Uncovered
from bot.knowledge.model.slots import Slot, SlotValue
from bot.knowledge.model.topics import Action, Ask, Branch, Leaf, Node, Topic, Verdict
from bot.knowledge.model.words import AssistantFile, Labels, Words

__all__ = [
    "UNSURE", "Action", "Ask", "AssistantFile", "Branch", "Checked", "Claim",
    "ClaimType", "Claims", "Day", "Depends", "Edition", "Finding", "Guide", "Kind",
    "KnowledgeBase", "Labels", "Leaf", "Node", "Part", "Platform", "Side", "Slot",
    "SlotValue", "Sort", "Source", "Sureness", "Topic", "Trust", "Uncovered", "Verdict",
    "Words",
]  # fmt: skip

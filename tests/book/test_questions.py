"""Questions that were written without sight of the phrases, and those known to fail.

`takeback eval tests/book/questions.jsonl --known tests/book/misses.txt` says the
same on the command line; with --write-known it writes the list anew.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

from bot.knowledge.model import KnowledgeBase
from bot.nlu.languages.en import LANGUAGE as ENGLISH
from bot.tools.eval import Evaluation, changes, evaluate
from tests.support.books import real_bot

HERE = Path(__file__).parent
QUESTIONS = HERE / "questions.jsonl"
MISSES = HERE / "misses.txt"
A_FEW = 4


@cache
def found() -> Evaluation:
    return evaluate(real_bot(), QUESTIONS)


def test_no_question_fares_otherwise_than_is_known() -> None:
    different = "\n".join(changes(found(), MISSES))
    assert not different


def test_the_questions_were_not_taken_from_the_phrases(kb: KnowledgeBase) -> None:
    """Nor the other way round; a few words alone may come to anybody's mind."""
    phrases = {
        ENGLISH.tokenize(phrase) for some in kb.phrases.values() for phrase in some
    }
    for question in found().questions:
        said = ENGLISH.tokenize(question.text)
        assert len(said) <= A_FEW or said not in phrases, question.text


def test_there_are_enough_questions_of_every_scope(kb: KnowledgeBase) -> None:
    scopes = Counter(kb.topics[one.topic].scope for one in found().questions)
    assert scopes["domain"] >= 100
    assert scopes["talk"] >= 20
    assert scopes["out"] >= 25

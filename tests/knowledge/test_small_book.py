"""A book of five topics: it has no steps, no feedback, no pages, and no roles for them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from bot.app import Assistant, open_assistant
from bot.dialogue.events import Pressed, Said
from bot.dialogue.manager import verdict
from bot.dialogue.session import Session
from bot.tools.check import errors
from bot.tools.services_table import five
from tests.support.chat import NOW
from tests.support.copies import Copy

KEPT = {"call_back", "closing_time", "counter_help", "elsewhere", "hails"}
ASSISTANT = """\
roles:
  topics: {default: call_back, fallback: elsewhere, help: counter_help}
  slots: {service: carrier, state: seal, time: left_at}
  values: {action: call_home, uncovered: stranger, foreign: tongue, vague: weather,
    none_of_these: nobody}
  claims: {removal: turning, limit: deadline}
labels:
  unsure: Not sure
  unknown_yet: Nobody has looked this up yet.
  back: Back
  none_of_these: None of these
  not_meant: Not what I meant
  other_service: Another service
"""
TEXTS = (
    "hello",
    "how do I call back my parcel",
    "heron",
    "it did not work",
    "it worked",
    "what now",
    "done",
    "next",
    "walk me through it",
    "that is not what i asked",
    "they unsealed it",
    "mole post",
    "how long do I have",
    "ten minutes ago",
    "not sure",
    "sorry, I meant mole post",
    "heron or mole post",
    "what is the capital of France",
    "how do I call back my parcel from my armchair",
)


def small(folder: Path) -> Copy:
    copy = Copy(folder)
    knowledge = copy.top / "knowledge"
    for path in (knowledge / "topics").glob("*.yaml"):
        if path.stem in KEPT:
            text = path.read_text(encoding="utf-8").replace("ask: goods", "ask: seal")
            text = re.sub("next: .*", "next: [call_back, closing_time]", text)
            text = re.sub("instead:\n.*\n", "", text)
            path.write_text(text.replace(", signals, marks", ""), encoding="utf-8")
            continue
        path.unlink()
        (knowledge / f"phrases/{path.stem}.txt").unlink()
        for part in (f"knowledge/phrases/{path.stem}", f"templates/en/{path.stem}"):
            shutil.rmtree(copy.top / part, ignore_errors=True)
    slots = (knowledge / "slots.yaml").read_text(encoding="utf-8")
    for gone in ("goods", "move", "place", "snag", "leaf"):
        slots = re.sub(rf"(?m)^{gone}:\n(?:  .*\n)+", "", slots)
    copy.write("knowledge/slots.yaml", slots.replace("    ask: seal\n", ""))
    copy.write("knowledge/assistant.yaml", ASSISTANT)
    copy.remove("knowledge/platforms/ferry.yaml")
    copy.swap("knowledge/slots.yaml", "mole, ferry]", "mole]")
    tree = """\
tree:
  ask: carrier
  known:
    by: clock
    cases:
      over: {say: over, claims: [deadline]}
    otherwise: {say: steps, claims: [turning, deadline], refine: [left_at, seal]}
  otherwise: {say: anywhere, claims: [roadside]}
"""
    text = (knowledge / "topics/call_back.yaml").read_text(encoding="utf-8")
    text = re.sub("(?s)tree:\n.*?(?=claims:\n  roadside)", tree, text)
    copy.write("knowledge/topics/call_back.yaml", text)
    shutil.rmtree(knowledge / "phrases/call_back")
    for name in ("label", "never"):
        copy.remove(f"templates/en/call_back/{name}.md.j2")
    copy.write(
        "templates/en/call_back/steps.md.j2",
        '{% extends "_answer.md.j2" %}\n{% block verdict %}\n'
        '**Yes.** {{ claims.turning or "" }} {{ claims.deadline or "" }}\n{% endblock %}\n',
    )
    return copy


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return small(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def bot(copy: Copy) -> Assistant:
    return open_assistant(top=copy.top)


def test_it_has_no_errors(copy: Copy) -> None:
    assert [str(problem) for problem in errors(copy.top)] == []


def test_it_talks_whatever_is_said_and_pressed(bot: Assistant) -> None:
    """Each text after each other one, and each button under what comes of it."""
    for first in TEXTS:
        _, session = bot.reply(Session(), Said("1", first, NOW))
        for text in TEXTS:
            reply, after = bot.reply(session, Said("1", text, NOW))
            assert reply.text.strip()
            for button in reply.message.buttons:
                pressed, _ = bot.reply(after, Pressed("1", button.value, NOW))
                assert pressed.text.strip()


def test_an_answer_has_no_button_for_what_it_has_no_part_for(bot: Assistant) -> None:
    said = Said("1", "how do I call back my parcel with heron", NOW)
    reply, session = bot.reply(Session(), said)
    labels = [button.label for button in reply.message.buttons]
    assert (reply.topic, "" in labels) == ("call_back", False)
    assert [verdict(bot.kb, session, good=good) for good in (True, False)] == [None] * 2


def test_all_services_stand_under_the_question_for_one(bot: Assistant) -> None:
    reply, _ = bot.reply(Session(), Said("1", "how long do I have", NOW))
    labels = [button.label for button in reply.message.buttons]
    assert labels[:3] == ["Heron Air", "Mole Post", "Snail"]


def test_its_table_shows_what_it_has_no_claim_for_as_not_asked(bot: Assistant) -> None:
    row = next(row for row in five(bot.renderer).splitlines() if "Heron" in row)
    assert [cell.strip() for cell in row.split("|")[1:-1]] == [
        *("Heron Air", "Yes", "30 minutes ~", "–", "–", "–")
    ]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "state: seal,",
            "state: seal, step: left_at,",
            "`done` is missing, which `step`",
        ),
        (
            "help: counter_help",
            "help: counter_help, feedback: hails",
            "`good` is missing",
        ),
        (
            "limit: deadline",
            "limit: deadline, edit_limit: deadline",
            "`edit` is missing",
        ),
    ],
)
def test_a_part_that_needs_another_says_so(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    copy = small(tmp_path)
    copy.swap("knowledge/assistant.yaml", old, new)
    assert any(says in problem for problem in copy.problems()), copy.problems()


def test_ways_of_sending_need_their_slot(tmp_path: Path) -> None:
    copy = small(tmp_path)
    copy.add("knowledge/platforms/heron.yaml", "kinds: {egg: {label: An egg}}\n")
    (said,) = copy.problems()
    assert said.endswith("`kind` is missing, which `kinds:` of a service needs")

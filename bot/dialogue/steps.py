"""An answer's steps one by one: which step is shown, and where its buttons lead."""

from __future__ import annotations

from collections.abc import Mapping

from bot.dialogue import callback_data
from bot.dialogue.events import Button
from bot.dialogue.tree import Answer
from bot.dialogue.turn import Finished, Step
from bot.knowledge.model import KnowledgeBase

STEP = "step"
"""The slot that says which step is shown; none of the facts."""

DEVICE = "device"
DONE = "done"
WORKED, STUCK = "worked", "stuck"
"""The topics that "did that work?" leads to."""


def walkable(kb: KnowledgeBase, answer: Answer, known: Mapping[str, str]) -> str | None:
    """The claim whose steps can be gone through here, by the device that is known."""
    claims = kb.claims(answer.topic, known)
    there = [
        name
        for name in answer.guide
        if name in claims and claims[name].lead(kb.edition).steps
    ]
    if not there:
        return None
    return there[-1] if known.get(DEVICE) == "desktop" else there[0]


def at(
    kb: KnowledgeBase, answer: Answer, known: Mapping[str, str]
) -> Answer | Step | Finished:
    """The step that is shown, where one is asked for; else the answer itself."""
    claim = walkable(kb, answer, known)
    if claim is None or STEP not in known:
        return answer
    steps = kb.claims(answer.topic, known)[claim].lead(kb.edition).steps
    if known[STEP] == DONE or int(known[STEP]) > len(steps):
        return Finished(answer.topic)
    number = int(known[STEP])
    return Step(answer.topic, number, len(steps), steps[number - 1], claim)


def buttons(
    kb: KnowledgeBase,
    outcome: Step | Finished,
    answer: Answer,
    known: Mapping[str, str],
) -> tuple[Button, ...]:
    """Back, Next, all at once, and the way out where the screen looks different."""

    def to(label: str, **facts: str) -> Button:
        shown = {k: v for k, v in known.items() if k != STEP} | facts
        return Button(label, callback_data.encode(kb, answer.topic, shown))

    if isinstance(outcome, Finished):
        facts = kb.lasting(known)
        return (
            Button("Yes, it worked", callback_data.encode(kb, WORKED, facts)),
            Button("No, it did not", callback_data.encode(kb, STUCK, facts)),
            to("Show all steps"),
        )
    back = () if outcome.number == 1 else (to("Back", step=str(outcome.number - 1)),)
    last = outcome.number == outcome.of
    ahead = to("Done", step=DONE) if last else to("Next", step=str(outcome.number + 1))
    # Next comes first, so that its number stays the same from step to step.
    return (
        ahead,
        *back,
        to("Show all steps"),
        *_different(kb, answer, known),
    )


def _different(
    kb: KnowledgeBase, answer: Answer, known: Mapping[str, str]
) -> tuple[Button, ...]:
    """It looks different here: the other device's steps, or what to try instead."""
    claims = [n for n in answer.guide if n in kb.claims(answer.topic, known)]
    facts = kb.lasting(known)
    if len(claims) > 1 and DEVICE not in known:
        facts |= {DEVICE: "desktop", STEP: "1"}
        value = callback_data.encode(kb, answer.topic, facts)
    else:
        value = callback_data.encode(kb, STUCK, {**facts, "hurdle": "different"})
    return (Button("It looks different here", value),)

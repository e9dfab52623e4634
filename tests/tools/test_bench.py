"""takeback bench measures the own matcher on a set of questions."""

from __future__ import annotations

from bot.tools.bench.public_sets import Sets
from bot.tools.bench.trials import trial

ASKED = {
    "track": ("where is my parcel", "track the parcel", "has it been sent yet"),
    "return": ("i want to send it back", "how do i return this", "return the parcel"),
}


def test_a_trial_scores_and_weighs_the_matcher() -> None:
    train = tuple((text, name) for name, texts in ASKED.items() for text in texts)
    row = trial(Sets("post", train, train), None)
    assert row.accuracy == 100
    assert row.phrases == len(train)
    assert row.memory_mb is not None
    assert row.memory_mb > 0

"""How sure one may be of a topic, and how sure is sure enough. Numbers only."""

from __future__ import annotations

import math
from dataclasses import dataclass

Signals = tuple[float, float]
"""Of what may be meant: the best logit, and what its probability amounts to."""

_STEEP = 30.0


@dataclass(frozen=True)
class ConfidenceModel:
    """How the signals of a ranking turn into confidence, and how much is enough."""

    logit: float = 1.0
    likelihood: float = 1.0
    bias: float = -2.0
    threshold: float = 0.5
    """Below this confidence nothing is clear."""
    margin: float = 0.1
    """Nor where the second topic's probability comes this close."""
    offer: float = 0.5
    """Below this confidence that it is one of them, no topics are offered."""

    def confidence(self, signals: Signals) -> float:
        """The probability that what has these signals is right."""
        logit, likelihood = signals
        score = self.logit * logit + self.likelihood * likelihood + self.bias
        return 1 / (1 + math.exp(-max(-_STEEP, min(_STEEP, score))))

"""How fast one person may ask, on a clock of the test's own."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.admission import (
    Admission,
    Rate,
    RateLimiter,
    RateLimiters,
    UserLimiter,
)


@given(st.lists(st.floats(0, 5), max_size=60))
def test_a_bucket_never_lets_more_through_than_its_rate(gaps: list[float]) -> None:
    limiter, now, let = RateLimiter(Rate(2, 3)), 0.0, list[float]()
    for gap in gaps:
        now += gap
        let.append(now + limiter.take(now))
    for first in let:
        assert sum(first <= at < first + 1 - 1e-6 for at in let) <= 3 + 2


def test_full_buckets_are_forgotten() -> None:
    limiters = RateLimiters(Rate(1, 1))
    for key in range(RateLimiters.MOST + 1):
        limiters.of(key, now=float(key * 10)).take(float(key * 10))
    assert len(limiters) <= 3


def test_who_asks_too_fast_is_told_once() -> None:
    now = [1000.0]
    user_limiter = UserLimiter(Rate(1, 2), lambda: now[0])
    told = [user_limiter.judge(5) for _ in range(5)]
    assert told == [Admission.ADMIT] * 2 + [Admission.NOTICE] + [Admission.REFUSE] * 2
    assert user_limiter.judge(6) is Admission.ADMIT
    now[0] += 1
    assert user_limiter.judge(5) is Admission.ADMIT
    assert user_limiter.judge(5) is Admission.NOTICE

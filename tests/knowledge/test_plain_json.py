"""What the program keeps for itself comes back as it was, or is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Annotated, Literal

import pytest

from bot.knowledge import plain_json
from bot.knowledge.loader import load
from bot.knowledge.model import KnowledgeBase
from tests.support.books import TOY
from tests.support.fields import held


@dataclass(frozen=True)
class Leg:
    to: str
    by: Literal["road", "sea"] = "road"


@dataclass(frozen=True)
class Crate:
    inside: dict[str, Crate] = field(default_factory=dict)


@dataclass(frozen=True)
class Parcel:
    sender: str
    weight: int = 1
    fragile: bool = False
    posted: date | None = None
    within: timedelta = timedelta(days=2)
    legs: tuple[Leg, ...] = ()
    signs: frozenset[str] = frozenset()
    held: Mapping[str, Leg | Crate] = field(default_factory=dict)
    note: Annotated[str | None, "for the carrier"] = None
    marks: dict[str, str | tuple[str, ...]] = field(default_factory=dict)


FULL = Parcel(
    sender="Ø “quoted”",
    weight=3,
    fragile=True,
    posted=date(2026, 11, 29),
    within=timedelta(hours=1.5),
    legs=(Leg("pier"), Leg("isle", by="sea")),
    signs=frozenset({"up", "glass"}),
    held={"a": Crate({"b": Crate()}), "c": Leg("attic")},
    note="ring twice",
    marks={"one": "x", "more": ("y", "z")},
)


@pytest.mark.parametrize("parcel", [FULL, Parcel(sender="")])
def test_what_is_kept_comes_back_as_it_was(parcel: Parcel) -> None:
    assert plain_json.decode(Parcel, plain_json.encode(parcel)) == parcel


def test_what_is_as_by_default_takes_no_room() -> None:
    assert plain_json.encode(Parcel(sender="me")) == '{"sender":"me"}'


def test_a_whole_book_comes_back_as_it_was() -> None:
    book = load(TOY)
    kept = plain_json.encode(book)
    again = plain_json.decode(KnowledgeBase, kept)
    assert plain_json.encode(again) == kept
    assert again != book  # a book is a key for what was worked out of it
    assert held(again) == held(book)


def test_a_key_of_a_later_version_is_passed_over() -> None:
    assert plain_json.decode(Leg, '{"to": "pier", "later": 1}') == Leg("pier")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        '{"sender": 1}',
        '{"sender": "a", "weight": "3"}',
        '{"sender": "a", "weight": true}',
        '{"sender": "a", "fragile": 1}',
        '{"sender": "a", "posted": "soon"}',
        '{"sender": "a", "posted": 5}',
        '{"sender": "a", "within": "PT1H"}',
        '{"sender": "a", "within": 1e30}',
        '{"sender": "a", "legs": "pier"}',
        '{"sender": "a", "legs": [{"by": "sea"}]}',
        '{"sender": "a", "legs": [{"to": "isle", "by": "air"}]}',
        '{"sender": "a", "signs": {}}',
        '{"sender": "a", "held": []}',
        '{"sender": "a", "marks": {"one": [1]}}',
    ],
)
def test_what_is_of_another_kind_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says
        plain_json.decode(Parcel, text)


def test_equal_parts_are_kept_once_and_come_back_as_they_were() -> None:
    leg = Leg("a pier with a long name", by="sea")
    again = Leg("a pier with a long name", by="sea")
    parcel = Parcel(sender="me", legs=(leg, again), held={"a": Crate(), "b": again})
    kept = plain_json.encode_sharing(parcel)
    assert kept.count("a pier with a long name") == 1
    read = plain_json.decode(Parcel, kept)
    assert read == parcel
    assert read.legs[0] is read.legs[1]


@pytest.mark.parametrize("parcel", [FULL, Parcel(sender="two\nlines")])
def test_what_is_kept_with_shared_parts_is_the_same(parcel: Parcel) -> None:
    assert plain_json.decode(Parcel, plain_json.encode_sharing(parcel)) == parcel


@dataclass(frozen=True)
class Depot:
    parcels: Annotated[Mapping[str, Parcel], plain_json.LATER]


def test_a_mapping_may_be_read_when_it_is_first_looked_into() -> None:
    """What stands in it is refused then, and not before."""
    depot = Depot({"one": FULL, "two": Parcel("me")})
    for kept in (plain_json.encode(depot), plain_json.encode_sharing(depot)):
        read = plain_json.decode(Depot, kept, late=True)
        assert read == depot == plain_json.decode(Depot, kept)
        assert [*read.parcels] == ["one", "two"]
        assert read.parcels["one"] is read.parcels["one"]
    wrong = '{"parcels": {"one": {"sender": 1}}}'
    late = plain_json.decode(Depot, wrong, late=True)
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says
        late.parcels["one"]
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says
        plain_json.decode(Depot, wrong)
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says
        plain_json.decode(Depot, '{"parcels": []}', late=True)

"""Many states of knowledge in few lines: `platform=signal|threema scope=-|open`.

A line stands for all combinations of its values, as a product of sets does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

State = Mapping[str, str]
_Values = tuple[str, ...]
_Product = tuple[_Values, ...]
"""The values of each slot in turn."""

_ABSENT = "-"


def lines(states: Iterable[State]) -> list[str]:
    """The states as lines, each state in exactly one of them; `` where nothing is known."""
    known = list(states)
    slots = tuple(dict.fromkeys(slot for state in known for slot in state))
    products = _merged(
        [tuple((state.get(slot, _ABSENT),) for slot in slots) for state in known]
    )
    return [_line(slots, product) for product in products]


def _merged(products: list[_Product]) -> list[_Product]:
    """Products that differ in one slot alone are joined, until none does."""
    before = None
    while products != before:
        before = products
        for at in range(len(products[0]) if products else 0):
            products = _merged_at(products, at)
    return products


def _merged_at(products: list[_Product], at: int) -> list[_Product]:
    same: dict[_Product, list[str]] = {}
    for product in products:
        rest = (*product[:at], *product[at + 1 :])
        same.setdefault(rest, []).extend(product[at])
    return [
        (*rest[:at], tuple(dict.fromkeys(values)), *rest[at:])
        for rest, values in same.items()
    ]


def _line(slots: tuple[str, ...], product: _Product) -> str:
    told = zip(slots, product, strict=True)
    return " ".join(
        f"{slot}={'|'.join(values)}" for slot, values in told if values != (_ABSENT,)
    )

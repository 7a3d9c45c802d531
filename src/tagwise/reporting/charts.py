"""Bars of charts, and how many of what is too much for one page are listed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a bar in per cent of the chart's width; `name` is a severity, or `unlisted`."""

    name: str
    start: str
    width: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a chart. `anchor` is where its name leads, `key` the value of the filter that shows its findings."""

    name: str
    title: str
    anchor: str
    key: str
    total: int
    words: str
    segments: tuple[Segment, ...]


def segments(numbers: Mapping[str, int], most: int) -> tuple[Segment, ...]:
    """The pieces of a bar; one that is not zero is wide enough to be seen.

    Args:
        most: The number that fills the chart's width.
    """
    widths = [max(100 * number / most, 0.4) if number else 0.0 for number in numbers.values()]
    total = max(sum(widths), 100.0)
    starts = accumulate(widths, initial=0.0)
    return tuple(
        Segment(name, f"{100 * start / total:.2f}%", f"{100 * width / total:.2f}%")
        for name, start, width in zip(numbers, starts, widths, strict=False)
        if width
    )


def fair_shares(numbers: Sequence[int], most: int) -> list[int]:
    """How many to take of each so that the sum is at most `most`: small numbers stay whole, large ones are cut alike.

    >>> fair_shares([10, 2, 7], 12)
    [5, 2, 5]
    """
    shares = dict.fromkeys(range(len(numbers)), 0)
    left = most
    for place, number in enumerate(sorted(shares, key=lambda index: numbers[index])):
        shares[number] = min(numbers[number], left // (len(numbers) - place))
        left -= shares[number]
    return [shares[index] for index in range(len(numbers))]

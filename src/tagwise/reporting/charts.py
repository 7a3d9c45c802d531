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


@dataclass(frozen=True, slots=True)
class Column:
    """One bar of a row of bars through time, in per cent of the chart's width and height."""

    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class Spark:
    """A row of bars through time, the newest on the right; `now` and `words` say what they show."""

    name: str
    now: str
    words: str
    bars: tuple[Column, ...]


FEWEST_COLUMNS = 14
"""So many bars fill the width: fewer stay as narrow, and stand on the right."""


def columns(numbers: Sequence[float]) -> tuple[Column, ...]:
    """Bars of equal width, the largest as high as the chart; one that is not zero can be seen."""
    most = max(numbers, default=0) or 1
    width = 100 / max(len(numbers), FEWEST_COLUMNS)
    start = 100 - width * len(numbers)
    heights = [max(100 * number / most, 4.0) if number else 0.0 for number in numbers]
    return tuple(
        Column(f"{start + width * place:.2f}%", f"{100 - height:.1f}%", f"{width:.2f}%", f"{height:.1f}%")
        for place, height in enumerate(heights)
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

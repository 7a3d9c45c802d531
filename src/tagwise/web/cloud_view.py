"""The matrix of attributes and cloud services: which rows it has, and what they say of each service."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from tagwise.knowledge import cloud
from tagwise.pages import cloud_list
from tagwise.standard import dictionary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tagwise.knowledge.cloud import MatrixRow, Service


class Cell(NamedTuple):
    """What one service does with the attribute: status words, and whether one of them is our conclusion."""

    words: tuple[str, ...]
    inferred: bool


class Line(NamedTuple):
    """An attribute, and a cell for each service in the order of services."""

    keyword: str
    tag: str
    cells: tuple[Cell, ...]


def rows(service: str, status: str, *, everything: bool = False) -> Sequence[Line]:
    """The attributes that a service lists, in the order of tags.

    Args:
        service: Only those that this service lists.
        status: Only those that this service, or any, gives this status.
        everything: Also the attributes that no service lists, with the defaults of the services.
    """
    return [_line(row) for row in _fitting(service, status, everything=everything)]


def _fitting(service: str, status: str, *, everything: bool) -> Iterator[MatrixRow]:
    for row in _everything() if everything else _listed():
        words = {key: row.statuses[key] for key in cloud.SERVICE_KEYS if service in ("", key)}
        own = not service or everything or any(one.service == service for one in _facts().get(row.keyword, ()))
        if own and (not status or any(status in found for found in words.values())):
            yield row


def _line(row: MatrixRow) -> Line:
    cells = (Cell(row.statuses[key], key in row.inferred) for key in cloud.SERVICE_KEYS)
    return Line(row.keyword, row.tag, tuple(cells))


@cache
def _listed() -> tuple[MatrixRow, ...]:
    return tuple(cloud.matrix())


@cache
def _facts() -> dict[str, tuple[cloud.CloudFact, ...]]:
    found: dict[str, tuple[cloud.CloudFact, ...]] = {}
    for fact in cloud.listed_facts():
        found[fact.keyword] = (*found.get(fact.keyword, ()), fact)
    return found


@cache
def _everything() -> tuple[MatrixRow, ...]:
    listed = {row.keyword: row for row in _listed()}
    return tuple(
        listed.get(one.keyword) or _defaulting(one.keyword, one.tag)
        for one in dictionary.all_attributes()
        if one.keyword
    )


def _defaulting(keyword: str, tag: str) -> MatrixRow:
    """The row of an attribute that no service lists: the same within a group."""
    return _of_group(tag[1:5])._replace(keyword=keyword, tag=tag)


@cache
def _of_group(group: str) -> MatrixRow:
    tag = f"({group},0000)"
    statuses = {key: cloud.status("", key, tag) for key in cloud.SERVICE_KEYS}
    inferred = {fact.service for fact in cloud.support("", tag) if fact.inferred}
    return cloud.MatrixRow("", tag, statuses, tuple(key for key in cloud.SERVICE_KEYS if key in inferred))


def defaults() -> Sequence[Service]:
    """The services, each with what it does with an attribute that it does not list."""
    return cloud.services()


def document(service: str, status: str, *, everything: bool = False) -> dict[str, Any]:
    """As `tagwise list cloud --format json`, with the rows that the filters leave."""
    whole = cloud_list.document()
    found = _fitting(service, status, everything=everything)
    return {**whole, "attributes": [_row(row) for row in found]}


def _row(row: MatrixRow) -> dict[str, Any]:
    return {
        "tag": row.tag,
        "keyword": row.keyword,
        "status": {key: list(words) for key, words in row.statuses.items()},
        "inferred": list(row.inferred),
    }

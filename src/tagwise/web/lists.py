"""Lists of everything of one kind: as HTML with filters that work without script, and as JSON with the same rows."""

from __future__ import annotations

import json
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from tagwise.errors import UnknownName, UsageError
from tagwise.knowledge import cloud
from tagwise.pages import as_json, coverage, limits_list, listener_section, listings
from tagwise.pages.cloud_section import LABELS
from tagwise.standard import modules, vrs
from tagwise.standard.nearness import closest
from tagwise.web import cloud_view, render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from tagwise.pages.listings import ListKind, Row

RETIRED = {"current": False, "retired": True}
"""What `status` may be in lists of the standard."""


class Asked(NamedTuple):
    """What a list is filtered by; "" for nothing. The names are those of the parameters of its address."""

    vr: str = ""
    status: str = ""
    module: str = ""
    service: str = ""
    scope: str = ""


class List(NamedTuple):
    """A list: its title, and the parameters that it takes."""

    title: str
    filters: tuple[str, ...] = ()


class Group(NamedTuple):
    """Rows under a heading; `name` is the anchor."""

    name: str
    title: str
    rows: Sequence[Any]


class Choice(NamedTuple):
    """A value of a filter, what it is called, and whether it is the one that was asked for."""

    value: str
    says: str
    chosen: bool


class Filter(NamedTuple):
    """A filter as a form shows it: its parameter, its label, what it can be."""

    name: str
    label: str
    choices: tuple[Choice, ...]


LISTS: Mapping[str, List] = {
    "attributes": List("Attributes", ("vr", "status", "module")),
    "modules": List("Modules"),
    "iods": List("IODs"),
    "sop-classes": List("SOP classes", ("status",)),
    "transfer-syntaxes": List("Transfer syntaxes", ("status",)),
    "uids": List("UIDs", ("status",)),
    "vrs": List("Value representations"),
    "private": List("Private creators"),
    "checks": List("Checks"),
    "cloud": List("Cloud matrix", ("service", "status", "scope")),
    "limits": List("Service limits"),
    "mirth": List("Mirth Connect examples"),
    "oie": List("Mirth Connect listener"),
    "coverage": List("Coverage"),
}
"""Every list by its address."""


def asked(kind: str, parameters: Mapping[str, str]) -> Asked:
    """What the parameters of a request ask for, in one spelling.

    Raises:
        UsageError: The list has no such filter, or the filter no such value.
    """
    takes = LISTS[kind].filters
    given = {name: value.strip() for name, value in parameters.items() if value.strip()}
    for name, value in given.items():
        if name not in takes:
            hint = f"Its filters are {', '.join(takes)}" if takes else "It has no filters"
            raise UsageError(f"the list {kind} has no filter {name[:40]!r}", hint=hint)
        known = _values(kind, name)
        found = next((one for one in known if one.lower() == value.lower()), None)
        if found is None:
            raise UnknownName(value[:40], closest(value[:40], known, 3))
        given[name] = found
    return Asked(**given)


@cache
def _values(kind: str, name: str) -> Mapping[str, str]:
    """What a filter can be, and what a form calls it."""
    if name == "vr":
        return {vr: f"{vr} {rule.name}" for vr, rule in vrs.by_vr().items()}
    if name == "module":
        return modules.names()
    if name == "service":
        return LABELS
    if name == "scope":
        return {"all": "all attributes"}
    return {word: word for word in (cloud.STATUS_WORDS if kind == "cloud" else RETIRED)}


_LABELS = {
    "vr": ("VR", "any"),
    "status": ("Status", "any"),
    "module": ("Module, at its top level", "any"),
    "service": ("Service", "any"),
    "scope": ("Show", "attributes that a service lists"),
}


def filters(kind: str, chosen: Asked) -> Iterator[Filter]:
    """The filters of a list, with what was asked for."""
    for name in LISTS[kind].filters:
        value = getattr(chosen, name)
        label, every = _LABELS[name]
        offered = {"": every, **_values(kind, name)}
        yield Filter(name, label, tuple(Choice(one, says, one == value) for one, says in offered.items()))


def html(kind: str, chosen: Asked = Asked(), *, narrowing: bool = True) -> str:  # noqa: B008 - named tuples do not change
    """A list as a document.

    Args:
        narrowing: Whether it offers its filters, which take a server.
    """
    contents = _CONTENTS.get(kind, _standard)(kind, chosen)
    return _rendered(f"list/{_TEMPLATES.get(kind, kind)}.html", kind, chosen, narrowing=narrowing, **contents)


def refused(kind: str, problem: str) -> str:
    """A document that says what is wrong with the filters of a request, with the filters that the list has."""
    return _rendered("list/refused.html", kind, Asked(), problem=problem)


def _rendered(template: str, kind: str, chosen: Asked, *, narrowing: bool = True, **contents: Any) -> str:
    query = "&".join(f"{name}={value}" for name, value in chosen._asdict().items() if value)
    return render.document(
        template,
        kind=kind,
        title=LISTS[kind].title,
        query_string=query,
        filters=list(filters(kind, chosen)) if narrowing else [],
        filtered=bool(query),
        chosen=chosen,
        **contents,
    )


def document(kind: str, chosen: Asked = Asked()) -> str:  # noqa: B008 - as above
    """A list as JSON."""
    if kind == "checks":
        from tagwise.pages.checks import list_checks  # noqa: PLC0415 - the registry is large, and the rest needs it not

        return _json(as_json.check_list(list_checks()))
    if kind == "cloud":
        return _json(cloud_view.document(chosen.service, chosen.status, everything=chosen.scope == "all"))
    if kind in _OF_PRACTICE:
        return _json(_OF_PRACTICE[kind]())
    return "\n".join(listings.json_lines(_listing(kind, chosen)))


def _json(made: dict[str, Any]) -> str:
    return json.dumps(made, ensure_ascii=False)


def _listing(kind: str, chosen: Asked) -> listings.Listing:
    narrowed = listings.Filters(retired=RETIRED.get(chosen.status), vr=chosen.vr, module=chosen.module)
    return listings.listing(cast("ListKind", kind), narrowed)


_TEMPLATES = {"sop-classes": "uids", "transfer-syntaxes": "uids"}


def _standard(kind: str, chosen: Asked) -> dict[str, Any]:
    """The rows of a list of the standard, in groups where they are many."""
    shown = _listing(kind, chosen)
    rows = list(shown.rows)
    noun = shown.noun if len(rows) == 1 else f"{shown.noun}es" if shown.noun[-1] == "s" else f"{shown.noun}s"
    return {"count": len(rows), "noun": noun, "edition": shown.edition, "groups": list(_grouped(kind, rows))}


def _grouped(kind: str, rows: Sequence[Row]) -> Iterator[Group]:
    keys = _GROUPS.get(kind)
    if keys is None:
        yield Group("rows", "", rows)
        return
    if kind == "uids":
        rows = sorted(rows, key=keys)
    for key, found in groupby(rows, key=keys):
        yield Group(_anchor(key), key, list(found))


def _anchor(words: str) -> str:
    return "g-" + "-".join(words.lower().split())


_GROUPS: Mapping[str, Callable[[Row], str]] = {
    "attributes": lambda row: str(row["tag"])[1:5],
    "uids": lambda row: str(row["type"]),
    "checks": lambda row: str(row["name"]).partition("/")[0],
}


def _cloud(_kind: str, chosen: Asked) -> dict[str, Any]:
    rows = cloud_view.rows(chosen.service, chosen.status, everything=chosen.scope == "all")
    return {"count": len(rows), "rows": rows, "defaults": cloud_view.defaults(), "edition": ""}


def _limits(_kind: str, _chosen: Asked) -> dict[str, Any]:
    page = limits_list.page()
    areas = [Group(_anchor(key), key, list(found)) for key, found in groupby(page.topics, key=lambda one: one.heading)]
    return {"count": _number_of_limits(), "page": page, "areas": areas, "edition": ""}


@cache
def _number_of_limits() -> int:
    return sum(len(found) for topic in limits_list.page().topics for found in topic.limits.values())


def _mirth(_kind: str, _chosen: Asked) -> dict[str, Any]:
    rows = list(listings.listing("mirth").rows)
    goals = sorted({str(row["goal"]) for row in rows})
    groups = [Group(_anchor(goal), goal, [row for row in rows if row["goal"] == goal]) for goal in goals]
    return {"count": len({row["name"] for row in rows}), "groups": groups, "edition": ""}


def _oie(_kind: str, _chosen: Asked) -> dict[str, Any]:
    shown = listener_section.list_document()
    kinds = {"SOP class": "SOP classes", "transfer syntax": "Transfer syntaxes"}
    groups = [
        Group(_anchor(title), title, [row for row in shown["rows"] if row["kind"] == kind])
        for kind, title in kinds.items()
    ]
    return {"count": len(shown["rows"]), "groups": groups, "source": shown["source"], "edition": ""}


@cache
def _counted() -> dict[str, Any]:
    return coverage.document()


def _coverage(_kind: str, _chosen: Asked) -> dict[str, Any]:
    shown = _counted()
    return {"count": len(shown["sections"]), "shown": shown, "edition": ""}


_CONTENTS: Mapping[str, Callable[[str, Asked], dict[str, Any]]] = {
    "cloud": _cloud,
    "coverage": _coverage,
    "limits": _limits,
    "mirth": _mirth,
    "oie": _oie,
}
_OF_PRACTICE: Mapping[str, Callable[[], dict[str, Any]]] = {
    "coverage": _counted,
    "limits": limits_list.document,
    "oie": listener_section.list_document,
}


@cache
def counts() -> Mapping[str, int]:
    """How many rows each list has without filters."""
    found = {kind: _length(_listing(kind, Asked()).rows) for kind in LISTS if kind not in _CONTENTS}
    return found | {
        "cloud": len(cloud_view.rows("", "")),
        "coverage": len(coverage.ROWS),
        "limits": _number_of_limits(),
        "mirth": len({row["name"] for row in listings.listing("mirth").rows}),
        "oie": len(listener_section.list_document()["rows"]),
    }


def _length(rows: Iterable[object]) -> int:
    return sum(1 for _ in rows)

"""What a name can mean: the kinds of pages, the words that choose one (`module:patient`), and what is close to a typo.

An attribute's keyword, name or tag always means the attribute. Among everything else a name may be ambiguous.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from tagwise.errors import AmbiguousName, UnknownName
from tagwise.pages import catalogue
from tagwise.standard import dictionary, modules, private, uids, vrs
from tagwise.standard.nearness import closest, folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tagwise.standard.uids import Uid

Kind = Literal["attribute", "module", "iod", "sop-class", "transfer-syntax", "uid", "vr", "check", "private"]
"""The kinds of pages, as they stand before the colon. `uid` takes any UID."""

KINDS: tuple[Kind, ...] = (
    *("attribute", "module", "iod", "sop-class", "transfer-syntax", "uid", "vr", "check", "private"),
)
_LONGEST = 200
_SUGGESTED = 5


class Meaning(NamedTuple):
    """One thing that a name can mean: its kind, its key within the kind, and what it is called."""

    kind: Kind
    key: str
    name: str

    @property
    def words(self) -> str:
        """What finds this and nothing else."""
        return f"{self.kind}:{self.key}"


def split(name: str) -> tuple[Kind | None, str]:
    """The kind that a name starts with, None if it does not, and the rest.

    >>> split("module:Patient"), split("0020:000E")
    (('module', 'Patient'), (None, '0020:000E'))
    """
    before, colon, rest = name.partition(":")
    kind = before.strip().lower()
    return (kind, rest.strip()) if colon and kind in KINDS else (None, name)


def kind_of_uid(uid: Uid) -> Kind:
    """The most exact of the kinds that a UID has."""
    if uid.kind == "Transfer Syntax":
        return "transfer-syntax"
    return "sop-class" if "SOP Class" in uid.kind else "uid"


@cache
def _modules() -> Mapping[str, str]:
    return {key: module for module, name in modules.names().items() for key in (folded(module), folded(name))}


@cache
def _iods() -> Mapping[str, str]:
    return {key: iod for iod, name in modules.iod_names().items() for key in (folded(iod), folded(name))}


@cache
def _uids() -> Mapping[str, tuple[Uid, ...]]:
    """UIDs by folded keyword and name. A retired one gives way to a current one of the same name."""
    found: dict[str, list[Uid]] = {}
    for uid in uids.by_uid().values():
        for key in {folded(uid.keyword), folded(uid.name)} - {""}:
            found.setdefault(key, []).append(uid)
    return {key: tuple([uid for uid in same if not uid.retired] or same) for key, same in found.items()}


@cache
def _vrs() -> Mapping[str, str]:
    return {key: vr for vr, rule in vrs.by_vr().items() for key in (vr.lower(), folded(rule.name))}


def _uid_meanings(name: str, wanted: Kind) -> list[Meaning]:
    bare = name.strip(" \0")
    registered = uids.by_uid()
    same = (registered[bare],) if bare in registered else _uids().get(folded(name), ())
    found = [Meaning(kind_of_uid(uid), uid.uid, uid.name) for uid in same]
    return [meaning for meaning in found if wanted in ("uid", meaning.kind)]


def meanings(name: str, kind: Kind) -> list[Meaning]:
    """What a name means within one kind: nothing, one thing or, for UIDs, several.

    >>> [meaning.words for meaning in meanings("ct image", "iod")]
    ['iod:ct-image']

    Raises:
        StandardDataError: A table is missing or damaged.
    """
    if len(name) > _LONGEST:
        return []
    if kind == "check":
        check = catalogue.find(name)
        return [Meaning(kind, check.name, check.title)] if check else []
    if kind in ("uid", "sop-class", "transfer-syntax"):
        return _uid_meanings(name, kind)
    if kind == "attribute":
        found = dictionary.lookup(name)
        return [Meaning(kind, found.keyword or found.tag, found.name)] if found else []
    if kind == "private":
        return [Meaning(kind, private.elements(name)[0].creator, name.strip())] if private.known(name) else []
    tables: Mapping[Kind, tuple[Mapping[str, str], Mapping[str, str]]] = {
        "module": (_modules(), modules.names()),
        "iod": (_iods(), modules.iod_names()),
        "vr": (_vrs(), {vr: rule.name for vr, rule in vrs.by_vr().items()}),
    }
    keys, names = tables[kind]
    word = folded(name)
    key = keys.get(word) or keys.get(word.removesuffix(kind))
    return [Meaning(kind, key, names[key])] if key else []


def resolved(name: str) -> Meaning:
    """The one thing that a name means, when it is no attribute and does not start with a kind.

    Raises:
        AmbiguousName: It means several things.
        UnknownName: It means nothing; `.nearest` lists what is close.
    """
    for kinds in (("module", "iod", "uid", "vr"), ("check",), ("private",)):
        found = [meaning for kind in kinds for meaning in meanings(name, kind)]
        if found:
            return _one(name, found)
    raise unknown(name)


def only(kind: Kind, name: str) -> str:
    """The key of the one thing of this kind that a name means; the name may start with the kind.

    Raises:
        AmbiguousName: Several UIDs have this name.
        UnknownName: There is no such thing; `.nearest` lists close ones of the kind.
    """
    before, rest = split(name)
    wanted = rest if before == kind else name
    found = meanings(wanted, kind)
    if not found:
        raise _unknown_uid(wanted) if _numeric(wanted) else UnknownName(_short(wanted), nearest(wanted, kind))
    return _one(wanted, found).key


def _one(name: str, found: list[Meaning]) -> Meaning:
    if len(found) > 1:
        raise AmbiguousName(name, {meaning.words: meaning.name for meaning in found})
    return found[0]


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else name[:_LONGEST] + "…"


def _numeric(name: str) -> bool:
    """Whether a name is written like a UID."""
    bare = name.strip()
    return "." in bare and bare.replace(".", "").isdecimal() and len(bare) <= _LONGEST


_DICOM_ROOT = "1.2.840.10008."
_CONTEXT_GROUPS = "1.2.840.10008.6.1."


def _unknown_uid(name: str) -> UnknownName:
    """A UID that is not registered: most are made by devices, and that is no mistake."""
    bare = name.strip()
    error = UnknownName(bare)
    near = [uid for uid in uids.by_uid() if uid.startswith(bare)][:_SUGGESTED]
    error.nearest = tuple(near)
    if near:
        error.hint = f"Registered UIDs that start so: {', '.join(near)}"
    elif bare.startswith(_CONTEXT_GROUPS):
        error.hint = (
            "UIDs that start so are context groups: PS3.6 table A-3, with their codes in PS3.16. They have no page here"
        )
    elif bare.startswith(_DICOM_ROOT):
        error.hint = (
            "It is under the root of the standard, but no UID of PS3.6 annex A in the editions here: "
            "a newer one, or an invented one"
        )
    else:
        error.hint = (
            "UIDs of objects, studies and private SOP classes are made by devices: only those of PS3.6 have a page"
        )
    return error


@cache
def _suggestions(kind: Kind | None) -> Mapping[str, str]:
    """What can be suggested, by its folded name, all kinds but attributes for None."""
    found: dict[str, str] = {}
    if kind in (None, "vr"):
        found |= {folded(rule.name): f"vr:{vr}" for vr, rule in vrs.by_vr().items()}
    if kind in (None, "uid", "sop-class", "transfer-syntax"):
        named = (uid for uid in uids.by_uid().values() if uid.keyword and kind in (None, "uid", kind_of_uid(uid)))
        found |= {folded(uid.name): uid.keyword for uid in named}
    if kind in (None, "iod"):
        found |= {folded(iod): f"iod:{iod}" for iod in modules.iod_names()}
    if kind in (None, "module"):
        found |= {folded(module): f"module:{module}" for module in modules.names()}
    if kind in (None, "check"):
        found |= {folded(check.partition("/")[2]): check for check in catalogue.names()}
        found |= {folded(check): check for check in catalogue.names()}
    if kind == "private":
        found |= {folded(creator): f"private:{creator}" for creator in private.creators()}
    return found


def nearest(name: str, kind: Kind | None = None, count: int = _SUGGESTED) -> tuple[str, ...]:
    """What is close to a misspelt name, as words that find it, best first.

    >>> nearest("CT Imge Storage", count=1)
    ('CTImageStorage',)
    """
    others = _suggestions(kind)
    names: Iterable[str] = [*dictionary.by_keyword(), *others] if kind in (None, "attribute") else others
    found = [others.get(close, close) for close in closest(name, names, 2 * count)]
    return tuple(dict.fromkeys(found))[:count]


def unknown(name: str) -> UnknownName:
    """The error for a name that means nothing at all."""
    if _numeric(name):
        return _unknown_uid(name)
    if len(name) > _LONGEST or dictionary.tag_digits(name):
        return dictionary.unknown(name)
    return UnknownName(name, nearest(name) or nearest(name, "private"))

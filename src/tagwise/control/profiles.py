"""Profiles and waivers from a TOML file, and the profiles that tagwise brings along (docs/control.md)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tagwise.checks import Setting, registry
from tagwise.control import alerts, selection
from tagwise.control.alerts import Alerts
from tagwise.control.reading import Document, nearest_attributes, nearest_words
from tagwise.control.selection import Selection
from tagwise.control.waivers import Waiver
from tagwise.errors import BadControl
from tagwise.findings import Severity

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping

    from tagwise.control.reading import Table

DEFAULT_FILE = "tagwise.toml"
"""The file that commands read where it lies in the current folder."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A named way to check: which checks, how severe, with which settings, and what makes a run fail."""

    name: str
    says: str = ""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    settings: Mapping[str, Mapping[str, Setting]] = field(default_factory=dict)
    fail_on: Severity | None = None


BUILT_IN: Mapping[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile("strict", "Everything counts: fails on findings of any severity.", fail_on=Severity.LOW),
        Profile(
            "archive",
            "An archive that exists: what is cosmetic is left out, and only what loses or mixes up data fails.",
            ignore=("low",),
            fail_on=Severity.HIGH,
        ),
        Profile(
            "ingest",
            "Objects at the door of an archive: only what the standard says, and only what can still be sent back.",
            select=("basis:standard",),
            ignore=("low",),
            fail_on=Severity.MEDIUM,
        ),
    )
}
"""What `--profile` knows without a file."""


@dataclass(frozen=True)
class Control:
    """What a command does beyond the defaults: one profile, and the waivers, receivers and retention of the file."""

    profile: Profile = field(default_factory=lambda: Profile("default"))
    waivers: tuple[Waiver, ...] = ()
    alerts: Alerts = field(default_factory=Alerts)
    keep_days: int | None = None

    @cached_property
    def selection(self) -> Selection:
        """The selection of the profile alone."""
        return self.selecting()

    def selecting(self, select: Iterable[str] = (), ignore: Iterable[str] = ()) -> Selection:
        """The selection of the profile, narrowed by words of the command line.

        Words to select take the place of those of the profile; words to ignore are added.

        Raises:
            UsageError: A word names nothing.
        """
        profile = self.profile
        wanted, unwanted = tuple(select), tuple(ignore)
        return Selection(wanted or profile.select, (*profile.ignore, *unwanted), tuple(profile.severity.items()))


def load(config: str | os.PathLike[str] | None = None, profile: str | None = None) -> Control:
    """The control of a file and a profile.

    Args:
        config: A TOML file; None means `tagwise.toml` in the current folder, where there is one.
        profile: The name of a profile of the file or of tagwise; None means the one that the file calls `profile`.

    Raises:
        BadControl: The file cannot be read, or it or `profile` names what does not exist.
    """
    path = Path(config) if config is not None else Path(DEFAULT_FILE)
    document = Document.read(path) if config is not None or path.is_file() else None
    profiles = dict(BUILT_IN)
    waivers: tuple[Waiver, ...] = ()
    nightly: tuple[Alerts, int | None] = (Alerts(), None)
    if document is not None:
        top = document.top(("profile", "profiles", "waiver", "alerts", "history"))
        profiles |= _profiles(top)
        waivers = tuple(_waiver(table) for table in top.tables("waiver"))
        nightly = _nightly(top)
        chosen = top.text("profile")
        if chosen is not None and chosen not in profiles:
            raise top.wrong("profile", f"there is no profile {chosen!r}", nearest_words(chosen, profiles))
        profile = profile or chosen
    if profile is None:
        return Control(Profile("default"), waivers, *nightly)
    if profile not in profiles:
        where = "tagwise brings" if document is None else f"{str(path)!r} and tagwise bring"
        raise BadControl(f"there is no profile {profile!r}", hint=f"{where} {', '.join(sorted(profiles))}")
    return Control(profiles[profile], waivers, *nightly)


def _nightly(top: Table) -> tuple[Alerts, int | None]:
    """Who hears of new findings, and for how many days a history keeps what is gone."""
    found = alerts.read(top.table("alerts")) if "alerts" in top else Alerts()
    if "history" not in top:
        return found, None
    table = top.table("history")
    table.only(("keep_days",))
    days = table.value("keep_days") if "keep_days" in table else None
    if days is not None and (type(days) is not int or not 1 <= days <= 100_000):
        raise table.wrong("keep_days", f"{days!r} is not a number of days from 1 to 100000")
    return found, days


def _profiles(top: Table) -> dict[str, Profile]:
    """The profiles of the file, those that extend others merged with them."""
    tables = top.table("profiles").each_table() if "profiles" in top else {}
    done: dict[str, Profile] = {}

    def made(name: str, around: tuple[str, ...]) -> Profile:
        if name not in done:
            table = tables[name]
            own = _profile(name, table)
            base = table.text("extends")
            if base is None:
                done[name] = own
            elif base in around and not (base == name and name in BUILT_IN):
                raise table.wrong("extends", f"{' → '.join((*around, base))} goes round in a circle")
            elif base in tables and base != name:
                done[name] = _merged(made(base, (*around, name)), own)
            elif base in BUILT_IN:
                done[name] = _merged(BUILT_IN[base], own)
            else:
                raise table.wrong("extends", f"there is no profile {base!r}", nearest_words(base, (*tables, *BUILT_IN)))
        return done[name]

    return {name: made(name, (name,)) for name in tables}


def _profile(name: str, table: Table) -> Profile:
    table.only(("extends", "says", "select", "ignore", "severity", "settings", "fail_on"))
    for key in ("select", "ignore"):
        for word in table.texts(key):
            table.asked(key, selection.parse, word)
    graded: dict[str, Severity] = {}
    if "severity" in table:
        inner = table.table("severity")
        graded = {inner.asked(word, selection.check_or_folder, word): _severity(inner, word) for word in inner}
    return Profile(
        name,
        table.text("says") or "",
        tuple(table.texts("select")),
        tuple(table.texts("ignore")),
        graded,
        _settings(table.table("settings")) if "settings" in table else {},
        _severity(table, "fail_on") if "fail_on" in table else None,
    )


def _merged(base: Profile, own: Profile) -> Profile:
    """What a profile says wins over the one it extends; what is ignored adds up."""
    settings = {check: {**base.settings.get(check, {}), **values} for check, values in own.settings.items()}
    return Profile(
        own.name,
        own.says or base.says,
        own.select or base.select,
        (*base.ignore, *own.ignore),
        {**base.severity, **own.severity},
        {**base.settings, **settings},
        own.fail_on or base.fail_on,
    )


def _severity(table: Table, key: str) -> Severity:
    word = table.text(key) or ""
    try:
        return Severity(word)
    except ValueError:
        raise table.wrong(key, f"{word!r} is no severity", f"It is one of {', '.join(Severity)}.") from None


def _settings(table: Table) -> dict[str, dict[str, Setting]]:
    """Settings by check: only those that the check has, of the type that it has."""
    found: dict[str, dict[str, Setting]] = {}
    for name, values in table.each_table().items():
        check = registry().get(table.asked(name, selection.check_or_folder, name))
        if check is None or not check.settings:
            having = ", ".join(sorted(one.name for one in registry().values() if one.settings))
            raise table.wrong(name, f"{name!r} has no settings", f"These have: {having}.")
        values.only(tuple(check.settings))
        found[check.name] = {key: _setting(values, key, check.settings[key]) for key in values}
    return found


def _setting(table: Table, key: str, default: Setting) -> Setting:
    value: Any = table.value(key)
    wanted = (str,) if isinstance(default, str) else (int, float)
    if isinstance(value, bool) or not isinstance(value, wanted) or (isinstance(default, int) and value != int(value)):
        kind = "a text" if isinstance(default, str) else "a whole number" if isinstance(default, int) else "a number"
        raise table.wrong(key, f"{value!r} is not {kind}")
    if not isinstance(value, str) and not 0 <= value < 1e15:
        raise table.wrong(key, f"{value!r} is not between 0 and 10^15")
    return value


def _waiver(table: Table) -> Waiver:
    table.only(("check", "reason", "uid", "path", "attribute", "device", "until"))
    check, reason, word = table.text("check"), table.text("reason"), table.text("attribute")
    if not check:
        raise table.wrong("", "a waiver names no check", 'Write check = "folder/name", or a folder of checks.')
    if not (reason or "").strip():
        hint = 'Write reason = "…": it stands in every report.'
        raise table.wrong("", f"the waiver of {check} gives no reason", hint)
    keyword = None
    if word is not None:
        keyword = selection.attribute(word.strip("()"))
        if keyword is None:
            raise table.wrong("attribute", f"{word!r} is no attribute", nearest_attributes(word))
    return Waiver(
        table.asked("check", selection.check_or_folder, check),
        reason or "",
        table.text("uid"),
        table.text("path"),
        keyword,
        table.text("device"),
        table.day("until"),
    )

"""Pages as text for a terminal of 60 to 100 columns. Plain text is the same without the colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.pages.attributes import AttributePage
from tagwise.pages.layout import Ink, columns, listing, prose, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tagwise.checks import Example
    from tagwise.pages.attributes import ModuleUse
    from tagwise.pages.checks import CheckPage
    from tagwise.standard.dictionary import Attribute
    from tagwise.standard.vrs import ValueRepresentation

PLAIN = Ink(on=False)
NARROWEST, WIDEST = 60, 100

_INK = {"high": ("red", "bold"), "medium": ("yellow",), "low": ("blue",)}
_LABEL = 10
_MODULES_SHOWN = 15
_INDENT = "  "
_HANG = " " * (len(_INDENT) + _LABEL)
_TYPES = "Type 1: present, with a value. 2: present, may be empty. 3: optional. C: only under a condition."
_NO_TYPE = "-: the service decides (PS3.4)."
_ENTITIES_SHOWN = 2


def page(shown: AttributePage | CheckPage, width: int = 80, ink: Ink = PLAIN) -> str:
    """A page as lines joined to one text."""
    width = min(max(width, NARROWEST), WIDEST)
    lines = _attribute(shown, width, ink) if isinstance(shown, AttributePage) else _check(shown, width, ink)
    return "\n".join(line.rstrip() for line in lines)


def _attribute(shown: AttributePage, width: int, ink: Ink) -> Iterator[str]:
    found = shown.attribute
    yield f"{ink(found.keyword or found.name or 'Attribute without a name', 'bold')}  {ink(found.tag, 'cyan')}"
    if found.keyword and found.name:
        yield found.name + ("  (from the keyword: no source has the name)" if found.name_from_keyword else "")
    yield ""
    yield from _vr(shown, width, ink)
    yield from _fact("VM", _multiplicity(found.vm), width, ink)
    yield from _fact("Status", _status(found), width, ink)
    if found.former_keyword:
        yield from _fact("Formerly", f"{found.former_keyword}, in DICOM {found.renamed_after}", width, ink)
    if not found.repeats:
        spelled = f"{found.digits} in DICOM JSON · 0x{found.digits} in code · tag{found.digits} in Mirth Connect"
        yield from _fact("Spelled", spelled, width, ink)
    yield ""
    yield from _modules(shown, width, ink)
    yield ""
    yield from _reading_checks(shown, width, ink)


def _fact(label: str, text: str, width: int, ink: Ink) -> Iterator[str]:
    start = ink(label.ljust(_LABEL), "dim")
    for number, line in enumerate(wrap(text, width, _HANG)):
        yield line if number else _INDENT + start + line.removeprefix(_HANG)


def _vr(shown: AttributePage, width: int, ink: Ink) -> Iterator[str]:
    if not shown.vr_rules:
        yield from _fact("VR", "none: the element has only a tag and a length", width, ink)
        return
    if shown.vr_choice:
        yield from _fact("VR", f"{shown.attribute.vr}: {shown.vr_choice}", width, ink)
    for rule in shown.vr_rules:
        label = "" if shown.vr_choice else "VR"
        yield from _fact(label, f"{rule.vr} {rule.name}", width, ink)
        yield from columns(_rule_rows(rule, shown.attribute.vm), width, _HANG)


def _rule_rows(rule: ValueRepresentation, vm: str) -> Iterator[tuple[str, str]]:
    yield "holds", rule.holds
    yield "length", rule.extent
    if rule.kind == "text":
        yield "characters", rule.characters
        yield "padding", rule.padding
    if vm != "1":
        yield "values", rule.values
    if rule.trap:
        yield "beware", rule.trap


def _multiplicity(vm: str) -> str:
    """A value multiplicity in words.

    >>> _multiplicity("1"), _multiplicity("1-n"), _multiplicity("2-2n")
    ('1 value', '1-n: one value or more', '2-2n: a multiple of 2 values')
    """
    least, _, most = vm.partition("-")
    if not most:
        return f"{vm} value" if vm == "1" else f"{vm} values"
    if most == "n":
        return f"{vm}: one value or more" if least == "1" else f"{vm}: {least} values or more"
    if most.endswith("n"):
        return f"{vm}: a multiple of {most.removesuffix('n')} values"
    return f"{vm}: {least} to {most} values"


def _status(found: Attribute) -> str:
    words = ["retired" if found.retired else "current", f"(DICOM {found.edition})"]
    if found.owner != "DICOM":
        words.append(f"· an attribute of {found.owner} that PS3.6 lists")
    if found.added_after:
        words.append(f"· added after {found.added_after}")
    if found.retired_after:
        words.append(f"· was current in {found.retired_after}")
    return " ".join(words)


def _modules(shown: AttributePage, width: int, ink: Ink) -> Iterator[str]:
    counts, edition = shown.module_counts, f"DICOM {shown.modules_edition}"
    yield ink("Modules that use it", "bold")
    if shown.no_modules:
        yield from wrap(f"None in {edition}: {shown.no_modules}.", width, _INDENT)
        return
    total = (
        f"{counts['top']} at top level, {counts['first']} at top level or in a first-level sequence, "
        f"{counts['all']} at any depth ({edition})."
    )
    yield from wrap(total, width, _INDENT)
    if not shown.modules:
        yield f"{_INDENT}Where: tagwise show {shown.keyword} --depth all"
        return
    yield ""
    yield from _top_modules(shown, width, ink) if shown.depth == "top" else _places(shown, width, ink)
    yield ""
    untyped = any(not place.type for use in shown.modules for place in use.places)
    yield from (ink(line, "dim") for line in wrap(f"{_TYPES} {_NO_TYPE}" if untyped else _TYPES, width, _INDENT))


def _top_modules(shown: AttributePage, width: int, ink: Ink) -> Iterator[str]:
    uses = shown.modules[:_MODULES_SHOWN]
    rows = [("Type", "IODs", "Entity", "Module")]
    rows += [(use.places[0].type or "-", f"{_iods(use):4}", _entities(use), use.name) for use in uses]
    table = list(columns(rows, width, _INDENT))
    yield ink(table[0], "dim")
    yield from table[1:]
    deeper = shown.module_counts["all"] - len(uses)
    if deeper > 0:
        yield f"{_INDENT}… and {deeper} more: tagwise show {shown.keyword} --depth all"


def _places(shown: AttributePage, width: int, ink: Ink) -> Iterator[str]:
    for use in shown.modules:
        belongs = f"{_entities(use)}, {_counted(_iods(use), 'IOD')}" if use.iods else "in no composite IOD"
        yield f"{_INDENT}{use.name} {ink(f'({belongs})', 'dim')}"
        for place in use.places:
            where = " > ".join(place.path) or "top level"
            yield from wrap(where, width, f"{_INDENT * 2}{place.type or '-':<2}  ")
    deeper = shown.module_counts["all"] - len(shown.modules)
    if deeper > 0:
        yield f"{_INDENT}… and {deeper} more modules: tagwise show {shown.keyword} --depth all"


def _entities(use: ModuleUse) -> str:
    if len(use.entities) > _ENTITIES_SHOWN:
        return f"{len(use.entities)} entities"
    return ", ".join(use.entities) or "-"


def _iods(use: ModuleUse) -> int:
    return len({usage.iod for usage in use.iods})


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _reading_checks(shown: AttributePage, width: int, ink: Ink) -> Iterator[str]:
    yield ink("Checks that read it", "bold")
    if not shown.checks:
        yield f"{_INDENT}None."
        return
    for check in shown.checks:
        yield from _titled(check.severity, check.name, check.title, width, ink)
    yield ""
    opens = wrap(f"tagwise show {shown.checks[0].name} opens its page.", width, _INDENT)
    yield from (ink(line, "dim") for line in opens)


def _titled(severity: str, name: str, title: str, width: int, ink: Ink) -> Iterator[str]:
    """A check in two lines: how severe and its name; its title."""
    column = max(map(len, _INK))
    yield f"{_INDENT}{ink(severity, *_INK[severity])}{' ' * (column - len(severity))}{_INDENT}{name}"
    yield from wrap(title, width, " " * (column + 2 * len(_INDENT)))


def _check(shown: CheckPage, width: int, ink: Ink) -> Iterator[str]:
    yield ink(shown.name, "bold")
    yield from wrap(shown.title, width)
    yield ""
    severity = ink(f"{shown.severity.value} severity", *_INK[shown.severity.value])
    yield f"{_INDENT}{severity} · {shown.confidence.value} confidence · basis: {shown.basis.value}"
    yield f"{_INDENT}one finding for each {shown.level.value} · since {shown.since}"
    if shown.aliases:
        yield from wrap(f"also known as {', '.join(shown.aliases)}", width, _INDENT)
    for heading, body in shown.sections.items():
        yield from ("", ink(heading, "bold"))
        yield from list(prose(body, width, _INDENT))[:-1]
    yield from ("", ink("Attributes it reads", "bold"))
    yield from columns(((read.tag, read.keyword) for read in shown.attributes), width, _INDENT)
    yield from _settings(shown.settings, width, ink)
    yield from _examples("Fires on", shown.fires, width, ink)
    yield from _examples("Stays silent on", shown.silent, width, ink)
    yield from _origins(shown, width, ink)
    yield from ("", ink("SQL", "bold"), f"{_INDENT}On a table instances: one row per object, keywords as columns.", "")
    yield from (f"{_INDENT}{line}" for line in shown.sql.split("\n"))


def _settings(settings: Mapping[str, object], width: int, ink: Ink) -> Iterator[str]:
    if settings:
        yield from ("", ink("Settings", "bold"))
        rows = ((name, "not set" if value is None else str(value)) for name, value in settings.items())
        yield from columns(rows, width, _INDENT)


def _origins(shown: CheckPage, width: int, ink: Ink) -> Iterator[str]:
    yield from ("", ink("References", "bold"))
    yield from listing(shown.references, width, _INDENT)
    for source in shown.sources:
        yield f"{_INDENT}{source.url} ({source.checked})"


def _examples(heading: str, examples: Sequence[Example], width: int, ink: Ink) -> Iterator[str]:
    yield from ("", ink(heading, "bold"))
    for example in examples:
        yield from wrap(example.says, width, f"{_INDENT}- ")
        yield from columns(_differing(example), width, _INDENT * 2 + "  ")


def _differing(example: Example) -> list[tuple[str, ...]]:
    """The attributes that tell the objects of an example apart, one column per object; all of a single object."""
    instances = example.instances
    keywords = dict.fromkeys(keyword for instance in instances for keyword in instance)
    shown = []
    for keyword in keywords:
        values = [_value(instance.get(keyword)) for instance in instances]
        if len(instances) == 1 or len(set(values)) > 1:
            shown.append((keyword, *values))
    return shown


def _value(value: object) -> str:
    """A value of an example; quoted where its blanks or control characters would not be seen."""
    if value is None:
        return "(absent)"
    text = str(value)
    return text if text and text == text.strip() and text.isprintable() else repr(text)


def checks(shown: Iterable[CheckPage], width: int = 80, ink: Ink = PLAIN) -> str:
    """The list of checks: a line for each, by folder."""
    width = min(max(width, NARROWEST), WIDEST)
    listed = list(shown)
    lines = [line for one in listed for line in _titled(one.severity.value, one.name, one.title, width, ink)]
    return "\n".join([*lines, "", f"{_counted(len(listed), 'check')}. Open one with tagwise show NAME."])

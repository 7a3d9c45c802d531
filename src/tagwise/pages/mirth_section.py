"""The section of an attribute page about Mirth Connect and Open Integration Engine: as text and as JSON.

`mirth`: `accessor` (`code`, `notes`) and `examples` (list of `name`, `title`, `step`, `goal`, `keywords`, `purpose`,
`references`, `destinations`, `template`, `code`, `cases`). A case has `what`, `given`, `message`, `returns`,
`channel_map`, `removed`, `log`, `out`, `error`; a message has `kind` and `text`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tagwise.pages.layout import INDENT, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.knowledge.mirth import Case, Example, Message
    from tagwise.knowledge.mirth_access import Accessor
    from tagwise.knowledge.pydicom_code import Snippet
    from tagwise.pages.attributes import AttributePage
    from tagwise.pages.layout import Ink

RESULTS = {
    "filter": "a filter: the message goes on if it returns true",
    "transformer": "a transformer: return would end all steps after it",
}


def lines(shown: AttributePage, width: int, ink: Ink) -> Iterator[str]:
    """How to read the attribute, then the examples: whole where every depth is wanted, else their titles."""
    yield ink("Mirth Connect and Open Integration Engine", "bold")
    yield from code_lines(shown.mirth_access, width)
    if shown.depth != "all":
        yield from _titles(shown, width)
        return
    for example in shown.mirth:
        yield ""
        yield from _example(example, width, ink)


def _titles(shown: AttributePage, width: int) -> Iterator[str]:
    """The titles of the examples: with code and messages they fill several screens."""
    for example in shown.mirth:
        yield from wrap(f"{example.title} ({example.goal})", width, f"{INDENT}- ", INDENT * 2)
    if shown.mirth:
        yield f"{INDENT}Their code, with messages and results:"
        yield f"{INDENT}tagwise show {shown.keyword} --section mirth --depth all"


def code_lines(accessor: Accessor | Snippet, width: int) -> Iterator[str]:
    """Code as it is, never wrapped, then what to know about it."""
    yield from (f"{INDENT * 2}{line}" for line in accessor.code.splitlines())
    for note in accessor.notes:
        yield from wrap(note, width, INDENT)


def _example(example: Example, width: int, ink: Ink) -> Iterator[str]:
    yield from (ink(line, "cyan") for line in wrap(example.title, width, INDENT))
    yield from (ink(line, "dim") for line in wrap(_facts(example), width, INDENT))
    yield from wrap(example.purpose, width, INDENT)
    yield ""
    yield from (f"{INDENT * 2}{line}".rstrip() for line in example.code.splitlines())
    if example.template:
        yield ""
        yield from _message(f"The outbound template, {example.template.kind}:", example.template)
    for case in example.cases:
        yield ""
        yield from wrap(f"{ink('Run:', 'green')} {case.what}", width, INDENT)
        yield from _case(case, width)


def _facts(example: Example) -> str:
    parts = [example.goal, f"{example.step} ({RESULTS[example.step.split()[1]]})", *example.references]
    if example.destinations:
        parts.append(f"destinations {', '.join(example.destinations)}")
    return " · ".join(parts)


def _case(case: Case, width: int) -> Iterator[str]:
    for name, entries in case.given.items():
        for key, value in entries.items():
            yield f"{INDENT * 2}{name} has {key} = {value}"
    yield from _message(f"{case.message.kind} message:", case.message)
    if case.returns is not None:
        yield f"{INDENT * 2}→ returns {str(case.returns).lower()}"
    for key, value in case.channel_map.items():
        yield f"{INDENT * 2}→ channelMap {key} = {value}"
    if case.removed:
        yield from wrap(f"not sent to {', '.join(case.removed)}", width, f"{INDENT * 2}→ ")
    for line in case.log:
        yield from wrap(line, width, f"{INDENT * 2}→ log ")
    if case.error:
        yield from wrap(case.error, width, f"{INDENT * 2}→ status ERROR: ")
    if case.out:
        yield from _message(f"→ {case.out.kind} message afterwards:", case.out)
    if case.returns is None and not (case.channel_map or case.removed or case.log or case.out or case.error):
        yield f"{INDENT * 2}→ nothing changes"


def _message(says: str, message: Message) -> Iterator[str]:
    yield f"{INDENT * 2}{says}"
    yield from (f"{INDENT * 3}{line}" for line in message.text.splitlines())


def document(shown: AttributePage) -> dict[str, Any]:
    """`mirth`: how to read the attribute, and the examples about it."""
    return {
        "mirth": {
            "accessor": {"code": shown.mirth_access.code, "notes": list(shown.mirth_access.notes)},
            "examples": [_example_document(example) for example in shown.mirth],
        }
    }


def _example_document(example: Example) -> dict[str, Any]:
    return {
        **example._asdict(),
        "keywords": list(example.keywords),
        "references": list(example.references),
        "destinations": list(example.destinations),
        "template": _message_document(example.template),
        "cases": [
            {
                **case._asdict(),
                "given": {name: dict(entries) for name, entries in case.given.items()},
                "message": _message_document(case.message),
                "channel_map": dict(case.channel_map),
                "removed": list(case.removed),
                "log": list(case.log),
                "out": _message_document(case.out),
            }
            for case in example.cases
        ],
    }


def _message_document(message: Message | None) -> dict[str, str] | None:
    return message._asdict() if message else None

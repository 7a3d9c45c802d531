"""What a text of the standard is made of: paragraphs, notes, lists, terms and tables, with cross-references as links.

Blocks are kept as short JSON lists, so that one attribute is read in well under a millisecond.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Link(NamedTuple):
    """A cross-reference: its words, what it points to (`C.7.3.1.1.1`, `table C.7-5a`) and where that is on the web."""

    text: str
    target: str
    url: str


Run: TypeAlias = "str | Link"


class Paragraph(NamedTuple):
    """Running text with its links."""

    runs: tuple[Run, ...]


class Heading(NamedTuple):
    """The title of a part of a section."""

    text: str


class Note(NamedTuple):
    """A note or remark; `title` is usually Note."""

    title: str
    blocks: tuple[Block, ...]


class Listing(NamedTuple):
    """A list; each item is blocks of its own."""

    ordered: bool
    items: tuple[tuple[Block, ...], ...]


class Term(NamedTuple):
    """A code, and what the standard says of it (often nothing)."""

    code: str
    meaning: tuple[Block, ...]


class Terms(NamedTuple):
    """A list of codes: enumerated values, defined terms, or other words with explanations."""

    title: str
    terms: tuple[Term, ...]


class Table(NamedTuple):
    """A table; a cell is blocks. The first `heads` rows are its head."""

    caption: str
    heads: int
    rows: tuple[tuple[tuple[Block, ...], ...], ...]


class Literal(NamedTuple):
    """Text whose blanks and line breaks count."""

    text: str


Block: TypeAlias = "Paragraph | Heading | Note | Listing | Terms | Table | Literal"
Blocks: TypeAlias = "tuple[Block, ...]"


def packed(blocks: Blocks) -> list[Any]:
    """Blocks as lists and text, for a JSON file."""
    return [_packed(block) for block in blocks]


def _packed(block: Block) -> list[Any]:  # noqa: PLR0911 - a line for each kind of block
    match block:
        case Paragraph(runs):
            return ["p", [run if isinstance(run, str) else list(run) for run in runs]]
        case Heading(text):
            return ["h", text]
        case Note(title, blocks):
            return ["n", title, packed(blocks)]
        case Listing(ordered, items):
            return ["l", int(ordered), [packed(item) for item in items]]
        case Terms(title, terms):
            return ["t", title, [[term.code, packed(term.meaning)] for term in terms]]
        case Table(caption, heads, rows):
            return ["b", caption, heads, [[packed(cell) for cell in row] for row in rows]]
    return ["c", block.text]


def unpacked(lists: Iterable[Any]) -> Blocks:
    """Blocks from what `packed` made."""
    return tuple(_unpacked(one) for one in lists)


def _unpacked(one: Any) -> Block:  # noqa: PLR0911 - a line for each kind of block
    match one:
        case ["p", runs]:
            return Paragraph(tuple(run if isinstance(run, str) else Link(*run) for run in runs))
        case ["h", text]:
            return Heading(text)
        case ["n", title, blocks]:
            return Note(title, unpacked(blocks))
        case ["l", ordered, items]:
            return Listing(bool(ordered), tuple(unpacked(item) for item in items))
        case ["t", title, terms]:
            return Terms(title, tuple(Term(code, unpacked(meaning)) for code, meaning in terms))
        case ["b", caption, heads, rows]:
            return Table(caption, heads, tuple(tuple(unpacked(cell) for cell in row) for row in rows))
        case ["c", text]:
            return Literal(text)
    raise ValueError(f"no block: {one!r:.80}")


def words(runs: Iterable[Run]) -> str:
    """Running text without its links.

    >>> words(["See ", Link("Section 8.1", "8.1", "https://…"), "."])
    'See Section 8.1.'
    """
    return "".join(run if isinstance(run, str) else run.text for run in runs)


def plain(blocks: Blocks) -> str:
    """Blocks as plain text: a paragraph or an item in a line."""
    return "\n".join(_plain(blocks, ""))


def _plain(blocks: Blocks, start: str) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph(runs):
                yield start + words(runs)
            case Note(title, inside):
                yield f"{start}{title}: " + "\n".join(_plain(inside, start)).lstrip()
            case Listing(ordered, items):
                for number, item in enumerate(items, 1):
                    mark = f"{number}. " if ordered else "- "
                    yield f"{start}{mark}" + "\n".join(_plain(item, f"{start}  ")).lstrip()
            case Terms(title, terms):
                yield start + title
                for term in terms:
                    meaning = " ".join(_plain(term.meaning, ""))
                    yield f"{start}  {term.code}{f': {meaning}' if meaning else ''}"
            case Table(caption, _, rows):
                yield start + caption
                yield from (start + " | ".join(" ".join(_plain(cell, "")) for cell in row) for row in rows)
            case _:
                yield start + block.text


def links(blocks: Blocks) -> tuple[Link, ...]:
    """Every cross-reference in the blocks, in the order of the text, each once."""
    return tuple(dict.fromkeys(_links(blocks)))


def _links(blocks: Blocks) -> Iterator[Link]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from (run for run in block.runs if isinstance(run, Link))
        else:
            for inner in inside(block):
                yield from _links(inner)


def inside(block: Block) -> Iterator[Blocks]:
    """The groups of blocks that a block holds."""
    match block:
        case Note(_, blocks):
            yield blocks
        case Listing(_, items):
            yield from items
        case Terms(_, terms):
            yield from (term.meaning for term in terms)
        case Table(_, _, rows):
            yield from (cell for row in rows for cell in row)


def term_lists(blocks: Blocks) -> Iterator[Terms]:
    """Every list of terms in the blocks, those inside notes, lists and terms too."""
    for block in blocks:
        if isinstance(block, Terms):
            yield block
        for inner in inside(block):
            yield from term_lists(inner)


def document(blocks: Blocks) -> list[dict[str, Any]]:
    """Blocks for JSON pages: each has `kind`; running text is `text`, with `links` of `text`, `target`, `url`."""
    return [_document(block) for block in blocks]


def _document(block: Block) -> dict[str, Any]:
    match block:
        case Paragraph(runs):
            found = [run._asdict() for run in runs if isinstance(run, Link)]
            return {"kind": "paragraph", "text": words(runs), "links": found}
        case Note(title, blocks):
            return {"kind": "note", "title": title, "blocks": document(blocks)}
        case Listing(ordered, items):
            return {"kind": "list", "ordered": ordered, "items": [document(item) for item in items]}
        case Terms(title, terms):
            listed = [{"code": term.code, "meaning": document(term.meaning)} for term in terms]
            return {"kind": "terms", "title": title, "terms": listed}
        case Table(caption, heads, rows):
            cells = [[document(cell) for cell in row] for row in rows]
            return {"kind": "table", "caption": caption, "heads": heads, "rows": cells}
    return {"kind": "heading" if isinstance(block, Heading) else "literal", "text": block.text}

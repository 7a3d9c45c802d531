"""Words and address of a cross-reference: `xref` within a part, `olink` to another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.standard.text import links
from tagwise.standard.text.content import Link
from tagwise.standard.text.docbook.outline import web

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.standard.text.docbook.outline import Outline, Target
    from tagwise.standard.text.nodes import Node


class References:
    """Resolves the references of one part, with what is known of all imported parts."""

    def __init__(self, outline: Outline, known: Mapping[str, Outline]) -> None:
        self._outline = outline
        self._known = known

    def link(self, node: Node) -> Link | str:
        """The link of an `xref`, `olink`, `link` or `ulink`; only its words where it leads nowhere."""
        given = node.attributes
        style = given.get("xrefstyle", "")
        if node.name == "xref":
            return self._to(self._outline.part, given.get("linkend", ""), style, node.text())
        if node.name == "olink":
            return self._to(given.get("targetdoc", ""), given.get("targetptr", ""), style, node.text())
        url = given.get("href") or given.get("url", "")
        words = node.text() or url
        return Link(words, links.target_of(url), links.secure(url)) if url else words

    def _to(self, part: str, name: str, style: str, said: str) -> Link | str:
        outline = self._known.get(part)
        found = outline.targets.get(name) if outline else None
        target = links.target(name, part)
        if outline is not None and found is not None:
            words = said or self._words(found, part, style)
            return Link(words, target, f"{outline.base}{found.page}#{name}")
        if not name or not part.startswith("PS3.") or not part[4:].isdecimal():
            return said or name
        words = said or (target if target.startswith(("CID", "TID", "PS3.")) else self._unknown(name, part, target))
        return Link(
            words, target, f"{web(part, self._outline.edition).replace('/chtml/', '/html/').rstrip('/')}.html#{name}"
        )

    def _unknown(self, name: str, part: str, target: str) -> str:
        words = target.removeprefix(f"{part} ")
        words = f"Section {words}" if name.startswith("sect_") else words[:1].upper() + words[1:]
        return words if part == self._outline.part else f"{words} in {part}"

    def _words(self, found: Target, part: str, style: str) -> str:
        if style.startswith("template:"):
            return style.removeprefix("template:").strip().replace("%n", found.label).replace("%t", found.title)
        if style in ("select: title", "select: quotedtitle"):
            words = found.title or found.name
            return f"“{words}”" if "quoted" in style else words
        code = found.id.removeprefix("sect_")
        coded = code.startswith(("CID_", "TID_"))
        words = code.replace("_", " ") if coded else found.label if "labelnumber" in style else found.name
        if part != self._outline.part and not coded:
            words = f"{words} in {part}"
        if "title" in style and found.title:
            bare = found.title.removeprefix(words).strip()
            words += f" “{bare}”" if "quoted" in style else f" {bare}"
        return words

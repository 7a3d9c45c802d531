"""Pages as structures of dicts, lists, text and numbers. Keys are lower snake case and stay as they are.

Attribute page: `kind` ("attribute"), `tag`, `number`, `spellings` (`dicom_json`, `code`, `mirth_connect`; empty for
repeaters), `keyword`, `name`, `name_source` ("dictionary" or "keyword"), `vr`, `vr_rules` (list of `vr`, `name`,
`kind`, `holds`, `length`, `unit`, `fixed`, `characters`, `padding`, `values`, `trap`, `reference`), `vr_choice`, `vm`,
`retired`, `retired_after`, `added_after`, `renamed_after`, `former_keyword`, `owner`, `edition`, `modules` (`edition`,
`depth`, `counts` by rule, `why_none`, `used_by`: list of `module`, `name`, `places`: list of `type`, `depth`, `path`:
list of `keyword`, `tag`; and `iods`: list of `iod`, `name`, `ie`, `usage`), `checks` (list of `name`, `title`,
`severity`).

Check page: `kind` ("check"), `name`, `title`, `severity`, `confidence`, `basis`, `level`, `relation`, `since`,
`aliases`, `sections` (text by heading), `attributes` (list of `tag`, `keyword`, `name`), `settings`, `fires` and
`silent` (list of `says`, `instances`, `expect`, `settings`), `references`, `sources` (list of `url`, `checked`), `sql`.

List of checks: `kind` ("checks"), `checks` (list of `name`, `title`, `severity`, `confidence`, `basis`, `level`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.pages import views
from tagwise.pages.views import Document

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tagwise.pages.checks import CheckPage
    from tagwise.pages.lookup import Page

__all__ = ["Document", "check_list", "page"]


def page(shown: Page, sections: Sequence[str] = ()) -> Document:
    """The structure of a page, or of what identifies it and some sections.

    Raises:
        UnknownName: The page has no such section.
    """
    return views.document(shown, sections)


def check_list(shown: Iterable[CheckPage]) -> Document:
    """The structure of a list of checks."""
    from tagwise.pages.views import check  # noqa: PLC0415 - only where checks are listed

    return {"kind": "checks", "checks": [check.facts(one) for one in shown]}

"""Pages as structures of dicts, lists, text and numbers. Keys are lower snake case and stay as they are.

Attribute page: `kind` ("attribute"), `tag`, `number`, `spellings` (`dicom_json`, `code`, `mirth_connect`; empty for
repeaters), `keyword`, `name`, `name_source` ("dictionary" or "keyword"), `vr`, `vr_rules` (list of `vr`, `name`,
`kind`, `holds`, `length`, `unit`, `fixed`, `characters`, `padding`, `values`, `trap`, `reference`), `vr_choice`, `vm`,
`retired`, `retired_after`, `added_after`, `renamed_after`, `former_keyword`, `owner`, `edition`, `namesakes`, `modules`
(`edition`, `depth`, `counts` by rule, `why_none`, `used_by`: list of `module`, `name`, `places`: list of `type`,
`depth`, `path`: list of `keyword`, `tag`; and `iods`: list of `iod`, `name`, `ie`, `usage`), `fhir`, `hl7v2`,
`worklist` (as `knowledge_json` describes them), `cloud` (list of
`service`, `name`, `api`, `listed`, `status`, `facts`: list of `word`, `level`, `at`, `how`, `limit`, `unit`, `says`,
`disagrees`, `inferred`, `listed`, `sources`: list of `url`, `dated`, `taken`), `deidentification` (`table`, `edition`,
`row`, `basic`, `meaning`, `options`: list of `option`, `name`, `action`, `meaning`), `checks` (list of `name`, `title`,
`severity`).

Check page: `kind` ("check"), `name`, `title`, `severity`, `confidence`, `basis`, `level`, `runs_in` (list of
"audit", "check"), `relation`, `looks_at`, `since`, `aliases`, `sections` (text by heading), `attributes` (list of
`tag`, `keyword`, `name`), `settings`, `fires` and `silent` (list of `says`, `instances`, `expect`, `settings`),
`object_fires` and `object_silent` (list of `says`, `elements`: list of `name`, `vr`, `value`; `file` in hexadecimal or
null; `expect`: list of paths), `references`, `sources` (list of `url`, `checked`), `sql`.

Each page has its keys for identification, then those of its sections; with `--section` only these.

Module page: `kind` ("module"), `module`, `name`, `edition`, `depth`, `counts`, `note`, `attributes` (list of `tag`,
`keyword`, `name`, `vr`, `type`, `retired`, `inside`, `items`: the same again), `iods` (list of `iod`, `name`, `ie`,
`usage`).

IOD page: `kind` ("iod"), `iod`, `name`, `edition`, `modules` (list of `module`, `name`, `ie`, `usage`), `sop_classes`
(list of `uid`, `name`, `retired`).

Pages of UIDs: `kind` ("sop_class", "transfer_syntax" or "uid"), `uid`, `keyword`, `name`, `type`, `retired`, `note`,
`edition`; a SOP class also `iod` (`iod`, `name`, `edition`, or null) and `modules`; a transfer syntax also `encoding`
(`vr`, `byte_order`, `pixels`, `encapsulated`, `loss`, `codec`, `deflated`, `note`, `reference`).

VR page: `kind` ("vr"), `vr`, `name`, `edition`, `rule` (as in `vr_rules`), `attributes` (`current`, `retired`,
`edition`, `choices`: list of `vr`, `why`; `examples`: list of `tag`, `keyword`, `name`).

Private creator: `kind` ("private"), `creator`, `sources`, `elements` (list of `tag`, `vr`, `vm`, `name`).

Hits of a search: `kind` ("hits"), `query`, `hits` (list of `kind`, `show`, `label`, `name`, `retired`, `how`).

Other lists: `kind` (as on the command line), `edition`, `rows`.

List of checks: `kind` ("checks"), `checks` (list of `name`, `title`, `severity`, `confidence`, `basis`, `level`,
`runs_in`).
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

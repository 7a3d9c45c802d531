"""Pages as structures of dicts, lists, text and numbers. Keys are lower snake case and stay as they are.

Attribute page: `kind` ("attribute"), `tag`, `number`, `spellings` (`dicom_json`, `code`, `mirth_connect`; empty for
repeaters), `keyword`, `name`, `name_source` ("dictionary" or "keyword"), `vr`, `vr_rules` (list of `vr`, `name`,
`kind`, `holds`, `length`, `unit`, `fixed`, `characters`, `padding`, `values`, `trap`, `reference`), `vr_choice`, `vm`,
`retired`, `retired_after`, `added_after`, `renamed_after`, `former_keyword`, `owner`, `edition`, `namesakes`, `modules`
(`edition`, `depth`, `counts`: `top`, `first`, `all`; `why_none`, `used_by`: list of `module`, `name`, `places`: list of
`type`, `depth`, `path`: list of `keyword`, `tag`; and `iods`: list of `iod`, `name`, `ie`, `usage`), `usage`
(`edition`, `rule`, `iods`, `counts` by need, `used_by`: list of `iod`, `name`, `need`, `usage`, `type`, `module`,
`path`: list of `keyword`, `tag`, `type`; `functional_group`, `more_modules`, `sop_classes`: list of `uid`, `name`),
`fhir`, `hl7v2`, `worklist` (as the module knowledge_json describes them), `cloud` (list of `service`, `name`,
`api`, `listed`, `status`, `facts`: list of `word`, `level`, `at`, `how`, `limit`, `unit`, `says`,
`disagrees`, `inferred`, `listed`, `sources`: list of `url`, `dated`, `taken`), `deidentification` (`table`, `edition`,
`row`, `basic`, `meaning`, `options`: list of `option`, `name`, `action`, `meaning`), `samples` (`edition`, `source`,
`files` of `read`, `values`: list of `value`, `length`, `vr`, `file`, `modality`, `path`, `note`), `checks` (list of
`name`, `title`, `severity`, `about`: whether it is about the attribute or only reads it; `confidence`, `basis`,
`level`, `diagnosis`, `why`, `confirm`, `fix`, `not_a_problem`, `sql` in the dialect of DuckDB, "" where there is none),
`vr_checks` (names of the checks of one object that look at every value of its VR),
`mirth` (as the module mirth_section describes it), `pydicom` (`code`, `notes`), `definition` (`edition`, `source`,
`text`: null where there is none; `blocks`, `places`: list of `kind`, `slug`, `name`, `section`, `table`, `url`, `type`,
`path`; `modules`, `others`: the same again; `missing`, `problems`), `values` (`edition`, `source`, `lists`: list of
`kind`, `value`, `condition`, `codes`: list of `code`, `meaning`, `retired`; `places`: list of `kind`, `slug`, `path`;
`section`).

Block of text: `kind`: paragraph (`text`, `links`: list of `text`, `target`, `url`), heading and literal
(`text`), note (`title`, `blocks`), list (`ordered`, `items`), terms (`title`, `terms`: list of `code`, `meaning`) or
table (`caption`, `heads`, `rows`).

Check page: `kind` ("check"), `name`, `title`, `severity`, `confidence`, `basis`, `level`, `runs_in` (list of
"audit", "check"), `relation`, `looks_at`, `since`, `aliases`, `sections` (text by heading), `attributes` (list of
`tag`, `keyword`, `name`), `settings`, `fires` and `silent` (list of `says`, `instances`, `expect`, `settings`,
and `references` where its objects refer to others), `is_repaired` (by `tagwise check --fix`),
`object_fires` and `object_silent` (list of `says`, `elements`: list of `name`, `vr`, `value`; `file` in hexadecimal or
null; `expect`: list of paths), `references`, `sources` (list of `url`, `checked`), `sql`, `dialect` (of `sql`),
`dialects` (list of `name`, `title`, `status`: whether the tests execute the statement in it).

Each page has its keys for identification, then those of its sections; with `--section` only these.

Module page: `kind` ("module"), `module`, `name`, `edition`, `depth`, `counts` (`top`, `first`, `all`), `note`,
`description` (`edition`, `source`, `text`, `blocks`, `section`, `url`, `missing`, `problems`), `attributes` (list of
`tag`, `keyword`, `name`, `vr`, `type`, `retired`, `inside`, `items`: the same again), `iods` (list of `iod`, `name`,
`ie`, `usage`).

IOD page: `kind` ("iod"), `iod`, `name`, `edition`, `description` (`edition`, `source`, `text`, `blocks`, `section`,
`url`, `missing`, `problems`), `modules` (list of `module`, `name`, `ie`, `usage`), `sop_classes` (list of `uid`,
`name`, `retired`).

Pages of UIDs: `kind` ("sop_class", "transfer_syntax" or "uid"), `uid`, `keyword`, `name`, `type`, `retired`, `note`,
`edition`; a SOP class also `iod` (`iod`, `name`, `edition`, or null) and `modules` (list of `module`, `name`, `ie`,
`usage`); a transfer syntax also `encoding` (`vr`, `byte_order`, `pixels`, `encapsulated`, `loss`, `codec`, `deflated`,
`note`, `reference`); what is sent also `oie_listener` (`accepts`, `source`: `url`, `dated`, `taken`).

VR page: `kind` ("vr"), `vr`, `name`, `edition`, `rule` (`vr`, `name`, `kind`, `holds`, `length`, `unit`, `fixed`,
`characters`, `padding`, `values`, `trap`, `reference`), `attributes` (`current`, `retired`,
`edition`, `choices`: list of `vr`, `why`; `examples`: list of `tag`, `keyword`, `name`).

Private creator: `kind` ("private"), `creator`, `sources`, `elements` (list of `tag`, `vr`, `vm`, `name`),
`mirth` and `pydicom` (`tag` of the element that the code is for, `code`, `notes`).

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

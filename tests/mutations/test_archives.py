"""Every kind of damage across files is found in an archive that is clean but for it, beside all the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.auditing.test_clean_archive import Archive, copies, cts, mrs, papers, people, projections, treatments
from tests.mutations.archives import ARCHIVE, ArchiveMutation, Case, make, write

import tagwise
from tagwise.findings import Severity

if TYPE_CHECKING:
    from tagwise.auditing import AuditResult
    from tagwise.findings import Finding

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")  # pydicom's, about values that are wrong on purpose


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> tuple[AuditResult, dict[str, set[str]]]:
    """The clean archive with the studies of all mutations beside it, and what the findings of each may name."""
    archive = Archive(tmp_path_factory.mktemp("archive"))
    root = archive.folder
    for maker in (cts, mrs, projections, treatments, papers, people, copies):
        maker(archive)
    names = {}
    for number, mutation in enumerate(ARCHIVE):
        folder = root / f"case {number}"
        folder.mkdir()
        case: Case = make(archive, folder, number)
        before = case.names()
        mutation.damage(case)
        write(case, folder)
        names[mutation.name] = before | case.names()
    return tagwise.audit(root), names


def _told(finding: Finding) -> set[str]:
    """What a finding is about: its subject, or for a device its example."""
    return {*finding.subject.values(), *map(str, finding.evidence.values())}


@pytest.mark.parametrize("mutation", ARCHIVE, ids=str)
def test_damage_across_files_is_found(
    audited: tuple[AuditResult, dict[str, set[str]]], mutation: ArchiveMutation
) -> None:
    """The check that must find it names one of its objects, and nothing else of high severity does without a reason."""
    result, names = audited
    mine = [one for one in result.findings if not names[mutation.name].isdisjoint(_told(one))]
    assert mutation.check in {one.check for one in mine}
    high = {one.check for one in mine if one.severity is Severity.HIGH}
    assert high - {mutation.check} - mutation.brings == set()


def test_the_rest_of_the_archive_stays_clean(audited: tuple[AuditResult, dict[str, set[str]]]) -> None:
    """Damage in one study accuses no other."""
    result, names = audited
    touched = set().union(*names.values())
    elsewhere = [
        one.check for one in result.findings if one.severity.reaches(Severity.MEDIUM) and touched.isdisjoint(_told(one))
    ]
    assert elsewhere == []
    assert result.crashed == ()

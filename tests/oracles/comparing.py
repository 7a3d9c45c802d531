"""Compares tagwise with dciodvfy on damaged objects: each error of dciodvfy that the damage brought is looked for."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pydicom.datadict import keyword_for_tag
from tests.oracles import dciodvfy

import tagwise
from tagwise.standard import modules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydicom.dataset import Dataset
    from tests.oracles.mutations import Mutant

Places = set[tuple[str, str]]
"""What tagwise reports: the check, and the path of the attribute without the numbers of items."""


class Alone(NamedTuple):
    """An error that dciodvfy alone reports, by its kind, its attribute, and what was done to the object."""

    kind: str
    attribute: str
    does: str


class Compared(NamedTuple):
    """The new errors of dciodvfy: found at the same attribute, found at the damaged attribute, and the rest."""

    name: str
    same: int
    cause: int
    alone: Counter[Alone]

    @property
    def errors(self) -> int:
        """All new errors of dciodvfy."""
        return self.same + self.cause + self.alone.total()


def without_numbers(path: str) -> str:
    """A path without the numbers of items."""
    return re.sub(r"\[\d+\]", "", path)


def ours(path: Path) -> Places:
    """What tagwise reports in a file; a module that is missing stands for each of its attributes."""
    slugs = {name: slug for slug, name in modules.names().items()}
    found: Places = set()
    for finding in tagwise.check(path).findings:
        found.add((finding.check, without_numbers(finding.place.attribute) if finding.place else ""))
        told = re.match(r"the module (.*?) is ", finding.message)
        if finding.check == "iod/module-missing" and told:
            found |= {(finding.check, item.keyword) for item in modules.items(slugs[told[1]])}
    return found


def says(places: Places, path: str) -> bool:
    """Whether tagwise reports something at this attribute; a functional group is reported once for all its places."""
    last = path.rpartition(".")[2]
    return any(at == path or (check == "iod/functional-group-missing" and at == last) for check, at in places)


def compare(name: str, dataset: Dataset, mutants: Iterable[Mutant]) -> Compared:
    """Compare both on each damaged object: only what the sound one did not have counts."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder) / "base.dcm"
        dataset.save_as(base)
        before = {(error.path, error.kind) for error in dciodvfy.errors(base)}, ours(base)
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(partial(_one, Path(folder), before), enumerate(mutants)))
    counts = sum((count for count, _ in found), Counter[str]())
    return Compared(name, counts["same"], counts["cause"], sum((alone for _, alone in found), Counter[Alone]()))


def _one(
    folder: Path, before: tuple[set[tuple[str, str]], Places], numbered: tuple[int, Mutant]
) -> tuple[Counter[str], Counter[Alone]]:
    number, mutant = numbered
    path = folder / f"{number}.dcm"
    mutant.dataset.save_as(path)
    errors = {error for error in dciodvfy.errors(path) if (error.path, error.kind) not in before[0]}
    places = ours(path) - before[1]
    path.unlink()
    way, tag = mutant.place
    damaged = ".".join(keyword_for_tag(one) for one in (*way, tag))
    counts: Counter[str] = Counter()
    alone: Counter[Alone] = Counter()
    for error in errors:
        if says(places, without_numbers(error.path)):
            counts["same"] += 1
        elif says(places, damaged):
            counts["cause"] += 1
        else:
            alone[Alone(error.kind, error.attribute, mutant.does)] += 1
    return counts, alone

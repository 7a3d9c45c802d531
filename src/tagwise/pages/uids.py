"""The pages of UIDs: SOP classes with their IOD, transfer syntaxes with their encoding, and all others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagwise.pages.naming import only
from tagwise.standard import iods, modules, transfer_syntaxes, uids

if TYPE_CHECKING:
    from tagwise.pages.naming import Kind
    from tagwise.standard.modules import Usage
    from tagwise.standard.transfer_syntaxes import Encoding
    from tagwise.standard.uids import Uid


@dataclass(frozen=True, slots=True)
class UidPage:
    """A registered UID that is neither a SOP class nor a transfer syntax: a frame of reference, a coding scheme."""

    uid: Uid

    @property
    def words(self) -> str:
        """What finds this page and no other."""
        return f"uid:{self.uid.uid}"


@dataclass(frozen=True, slots=True)
class SopClassPage:
    """A SOP class. `iod` is "" where none is known: the SOP class stores nothing, or is retired."""

    uid: Uid
    iod: str
    iod_name: str
    modules: tuple[Usage, ...]
    modules_edition: str

    @property
    def words(self) -> str:
        """What finds this page and no other."""
        return f"sop-class:{self.uid.uid}"


@dataclass(frozen=True, slots=True)
class TransferSyntaxPage:
    """A transfer syntax and how it encodes."""

    uid: Uid
    encoding: Encoding

    @property
    def words(self) -> str:
        """What finds this page and no other."""
        return f"transfer-syntax:{self.uid.uid}"


def uid(name: str, *, kind: Kind = "uid") -> UidPage | SopClassPage | TransferSyntaxPage:
    """The page of the UID with this number, keyword or name.

    >>> uid("CT Image Storage").iod, uid("1.2.840.10008.1.2.4.50").encoding.loss
    ('ct-image', 'lossy')

    Args:
        name: In any case; spaces and punctuation do not matter in names.
        kind: Only `sop-class`, only `transfer-syntax`, or `uid` for any.

    Raises:
        AmbiguousName: Several UIDs have this name; `.choices` has the words for each.
        UnknownName: There is no such UID; `.nearest` lists close ones.
        StandardDataError: The tables of the standard are damaged.
    """
    found = uids.by_uid()[only(kind, name)]
    if found.kind == "Transfer Syntax":
        return TransferSyntaxPage(found, transfer_syntaxes.by_uid()[found.uid])
    if "SOP Class" not in found.kind:
        return UidPage(found)
    iod = modules.iod_of_sop_class().get(found.uid, "")
    return SopClassPage(
        uid=found,
        iod=iod,
        iod_name=modules.iod_names()[iod] if iod else "",
        modules=iods.modules_of(iod) if iod else (),
        modules_edition=modules.edition(),
    )

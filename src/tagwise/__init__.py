"""tagwise: the DICOM integration reference that runs.

Look up any attribute of the standard, scan an archive into an index, audit it, and open the page of every finding.
Importing this package is cheap; each function imports what it needs when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from tagwise.auditing import AuditResult, audit
    from tagwise.findings import Basis, Confidence, Device, Finding, Level, Place, Severity
    from tagwise.pages import (
        AttributePage,
        CheckPage,
        Hit,
        IodPage,
        ModulePage,
        PrivatePage,
        SopClassPage,
        TransferSyntaxPage,
        UidPage,
        VrPage,
        attribute,
        check_page,
        iod,
        list_checks,
        module,
        private_creator,
        search,
        show,
        uid,
        vr,
    )
    from tagwise.scanning.run import ScanSummary, scan
    from tagwise.standard.text.library import Text, forget_standard, import_standard, standard_texts
    from tagwise.standard.text.records import Definition
    from tagwise.validation import CheckResult, check
    from tagwise.validation.fixing import Change, FixResult, fix
    from tagwise.validation.targets import Preflight, preflight
    from tagwise.web.app import create_app

_HOME = {
    "AttributePage": "tagwise.pages",
    "AuditResult": "tagwise.auditing",
    "Basis": "tagwise.findings",
    "Change": "tagwise.validation.fixing",
    "CheckPage": "tagwise.pages",
    "CheckResult": "tagwise.validation",
    "Confidence": "tagwise.findings",
    "Definition": "tagwise.standard.text.records",
    "Device": "tagwise.findings",
    "Finding": "tagwise.findings",
    "FixResult": "tagwise.validation.fixing",
    "Hit": "tagwise.pages",
    "IodPage": "tagwise.pages",
    "Level": "tagwise.findings",
    "ModulePage": "tagwise.pages",
    "Place": "tagwise.findings",
    "Preflight": "tagwise.validation.targets",
    "PrivatePage": "tagwise.pages",
    "ScanSummary": "tagwise.scanning.run",
    "Severity": "tagwise.findings",
    "SopClassPage": "tagwise.pages",
    "Text": "tagwise.standard.text.library",
    "TransferSyntaxPage": "tagwise.pages",
    "UidPage": "tagwise.pages",
    "VrPage": "tagwise.pages",
    "attribute": "tagwise.pages",
    "audit": "tagwise.auditing",
    "check": "tagwise.validation",
    "check_page": "tagwise.pages",
    "standard_texts": "tagwise.standard.text.library",
    "forget_standard": "tagwise.standard.text.library",
    "fix": "tagwise.validation.fixing",
    "import_standard": "tagwise.standard.text.library",
    "create_app": "tagwise.web.app",
    "iod": "tagwise.pages",
    "list_checks": "tagwise.pages",
    "module": "tagwise.pages",
    "preflight": "tagwise.validation.targets",
    "private_creator": "tagwise.pages",
    "scan": "tagwise.scanning.run",
    "search": "tagwise.pages",
    "show": "tagwise.pages",
    "uid": "tagwise.pages",
    "vr": "tagwise.pages",
}

__all__ = [
    "AttributePage",
    "AuditResult",
    "Basis",
    "Change",
    "CheckPage",
    "CheckResult",
    "Confidence",
    "Definition",
    "Device",
    "Finding",
    "FixResult",
    "Hit",
    "IodPage",
    "Level",
    "ModulePage",
    "Place",
    "Preflight",
    "PrivatePage",
    "ScanSummary",
    "Severity",
    "SopClassPage",
    "Text",
    "TransferSyntaxPage",
    "UidPage",
    "VrPage",
    "__version__",
    "attribute",
    "audit",
    "check",
    "check_page",
    "create_app",
    "fix",
    "forget_standard",
    "import_standard",
    "iod",
    "list_checks",
    "module",
    "preflight",
    "private_creator",
    "scan",
    "search",
    "show",
    "standard_texts",
    "uid",
    "vr",
]


def __getattr__(name: str) -> object:
    """Import a public name from its room on first use (PEP 562).

    Raises:
        AttributeError: There is no such public name.
    """
    from importlib import import_module

    if name not in _HOME:
        raise AttributeError(f"module 'tagwise' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value

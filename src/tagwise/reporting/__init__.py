"""Findings for other programs: SARIF, JUnit XML and GitHub annotations, the same for one object and for an archive.

Each writer takes findings as they come and keeps none of them, so that the size of a report is not bound by memory.
"""

from __future__ import annotations

"""Findings for other programs: SARIF, JUnit XML and GitHub annotations, the same for one object and for an archive.

The writers of these take findings as they come and keep none of them, so that the size of a report is not bound by
memory. What the HTML reports of both share is here, too: style, script, parts of templates, bars of charts.
"""

from __future__ import annotations

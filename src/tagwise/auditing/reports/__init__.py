"""What people and programs get to read of an audit: `terminal`, `json_report` and `html`.

The reports only read an `AuditResult` and the registry of checks; none of them queries, scans or reads an object.
"""

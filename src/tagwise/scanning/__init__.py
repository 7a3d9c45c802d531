"""Objects in, rows out: finds files, reads headers in several processes, keeps one row per object in the index.

This module imports nothing, so that a reading process loads neither DuckDB nor Arrow. `run.scan` is the way in.
"""

"""Checks on the files in which objects are kept."""

"""Checks on dates and times."""

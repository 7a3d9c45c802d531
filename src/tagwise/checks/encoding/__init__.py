"""Checks on how objects are written."""

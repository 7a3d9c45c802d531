"""Checks on UIDs and who uses them."""

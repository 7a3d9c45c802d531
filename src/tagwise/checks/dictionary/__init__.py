"""Checks on attributes: whether they are those of the dictionary, and written as it says (PS3.6)."""

"""Checks on single values: whether they follow the rules of their VR (PS3.5 6.2)."""

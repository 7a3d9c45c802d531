"""Checks on objects that refer to other objects."""

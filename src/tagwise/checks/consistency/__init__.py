"""Checks on attributes that must agree."""

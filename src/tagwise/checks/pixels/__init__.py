"""Checks on what the header says about pixel values."""

"""Checks on how equipment names itself."""

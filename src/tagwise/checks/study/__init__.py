"""Checks on studies and the orders they belong to."""

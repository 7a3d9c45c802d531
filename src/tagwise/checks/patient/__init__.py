"""Checks on who the patient is."""

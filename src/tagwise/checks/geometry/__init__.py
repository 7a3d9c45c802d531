"""Checks on where images lie in the patient, and how large their pixels are."""

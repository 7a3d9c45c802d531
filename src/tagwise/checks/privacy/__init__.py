"""Checks on objects that say they are de-identified."""

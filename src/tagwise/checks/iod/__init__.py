"""Checks of one object against the IOD of its SOP class: modules, attributes, conditions, codes (PS3.3)."""

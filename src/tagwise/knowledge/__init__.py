"""What practice adds to the standard, each fact with its source and date.

Nothing here imports pydicom or anything else that takes long: a page looks up a few lines of text.
"""

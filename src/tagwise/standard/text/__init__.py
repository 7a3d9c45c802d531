"""The text of the standard: definitions, read at run time from a package or from DocBook files that the user has.

No sentence of the standard is in this repository. `library` says which text is read, `package` and `docbook` are where
texts come from, `store` keeps them compiled in the user's cache.
"""

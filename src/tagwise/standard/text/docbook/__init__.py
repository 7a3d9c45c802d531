"""Reading the DocBook files of NEMA: a first pass for numbers and titles, a second one for what is kept.

Files are streamed: a part of 20 MB never stands in memory as a tree. Document types and entities are refused.
"""

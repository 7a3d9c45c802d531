"""Files that hold objects in another way than one file each: archives, compressed files, metadata as JSON and XML.

A scan first takes them for files that are no DICOM, and their first bytes say what they are. Then each is read, member
by member, and nothing is ever written to disk. docs/containers.md says what users see.
"""

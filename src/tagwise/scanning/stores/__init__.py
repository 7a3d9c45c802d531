"""Objects in stores (S3, Azure Blob Storage, Google Cloud Storage): listed in pages, read by ranges, never whole.

This module imports nothing, so that a scan of folders loads no client of a store. It is `obstore`, an extra.
"""

SCHEMES = ("s3", "az", "gs")
_STARTS = tuple(f"{scheme}://" for scheme in SCHEMES)


def in_store(path: str) -> bool:
    """Whether a path is the address of an object, or of a prefix, in a store.

    >>> in_store("s3://archive/2024/IM1"), in_store("/archive/s3/IM1")
    (True, False)
    """
    return path.startswith(_STARTS)

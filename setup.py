"""The one part of the build that pyproject.toml cannot say: the native reader, left out where it cannot be compiled."""

from __future__ import annotations

import sys
from pathlib import Path

from setuptools import Extension, setup

NATIVE = Path("src/tagwise/scanning/native")
PLAIN = ["-O2", "-Wall", "-Wextra"] if sys.platform != "win32" else []

setup(
    ext_modules=[
        Extension(
            "tagwise.scanning._kernel",
            sorted(map(str, NATIVE.glob("*.c"))),
            depends=sorted(map(str, NATIVE.glob("*.h"))),
            extra_compile_args=PLAIN,
            py_limited_api=True,
            optional=True,
        )
    ],
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)

"""What the C library keeps of memory that nobody uses any more: by default a heap a thread, which seldom shrinks."""

from __future__ import annotations

import ctypes
import platform
from functools import cache

M_ARENA_MAX = -8
"""https://www.gnu.org/software/libc/manual/html_node/Malloc-Tunable-Parameters.html and ``malloc.h``."""
ARENAS = 2


def share_heaps() -> None:
    """Let all threads share two heaps; nothing where the C library is not GNU's."""
    if library := _glibc():
        library.mallopt(M_ARENA_MAX, ARENAS)


def give_back() -> None:
    """Give unused memory back to the system, as one does between two stages of a job."""
    if library := _glibc():
        library.malloc_trim(0)


@cache
def _glibc() -> ctypes.CDLL | None:
    return ctypes.CDLL("libc.so.6") if platform.libc_ver()[0] == "glibc" else None

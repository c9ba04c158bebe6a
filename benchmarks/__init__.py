"""Speed and memory on this machine: ``make bench``. Figures vary with the machine; nothing here is a test."""

import geoplantnet_plugin.engine  # noqa: F401  # before NumPy: it says on how many threads products of matrices run

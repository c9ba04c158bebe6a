"""The engine: area → grid → cube → scores → assemblage → indicators → coverage → assessment.

It runs in its own Python environment and never imports QGIS. The command line, the QGIS plugin and a
service all start it in the same way: a job goes in, events come out.
"""

import os

os.environ.setdefault("GDAL_CACHEMAX", "64")
"""Megabytes of decoded tiles that GDAL keeps: its own default is a share of the machine's memory."""
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
"""Threads of one of NumPy's products of matrices: blocks are worked on beside each other, and small products cut among
threads take several times the processor time."""

"""Speed and memory on this machine: ``make bench``. Figures vary with the machine; nothing here is a test."""

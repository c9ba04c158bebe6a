"""A package, so that a library's own `tests` (pygeoapi installs one) does not stand before it."""

"""Predictors derived from an elevation model: its surface, the sun on it, and climate by lapse rate.

`surface`, `sun` and `climate` hold small pure functions on numpy arrays; `derive` runs them over a raster
file in windows. Formulas, units and sources are in the functions' docstrings and in ``docs/terrain.md``.

Conventions: rows run north to south; a cell is square with side `cell` in metres; elevations are metres;
NaN is *no data* and spreads to every value that needs it.
"""

HORIZON = 5000.0
"""Metres up to which mountains shade the sun, where nobody says otherwise."""

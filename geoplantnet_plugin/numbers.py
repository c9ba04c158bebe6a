"""Numbers as the language of the plugin writes them: French has a space between thousands and a decimal comma."""

from __future__ import annotations

from functools import lru_cache

from qgis.PyQt.QtCore import QLocale

from .i18n import written_language


def count_text(count: int) -> str:
    """Return a whole number with its thousands apart."""
    return locale().toString(int(count))


def decimal_text(value: float, decimals: int) -> str:
    """Return a number with so many decimals."""
    return locale().toString(float(value), "f", decimals)


def short_text(value: float, digits: int = 4) -> str:
    """Return a number with so many digits that count."""
    return locale().toString(float(value), "g", digits)


def length_text(metres: float) -> str:
    """Return a length in m, from a kilometre on in km.

    >>> length_text(50), length_text(10_000)
    ('50 m', '10 km')
    """
    return f"{short_text(metres)} m" if metres < 1000 else f"{short_text(metres / 1000)} km"


def locale() -> QLocale:
    """Return the locale of the plugin's language."""
    return _locale(written_language())


@lru_cache
def _locale(language: str) -> QLocale:
    return QLocale(language)

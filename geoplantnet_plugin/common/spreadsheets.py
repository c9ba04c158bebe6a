"""Text for spreadsheets."""

from __future__ import annotations

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")


def escape_formula(text: str) -> str:
    """Return `text` such that no spreadsheet runs it as a formula (OWASP, CSV injection); numbers stay as they are."""
    if not text.startswith(RISKY):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text

"""Common names of taxa: the languages that tables have a column of, and which name a reader is shown."""

from __future__ import annotations

from collections.abc import Mapping

NAME_LANGUAGES = ("de", "en", "es", "fr", "it", "nl")
NAME_COLUMNS = tuple(f"common_{language}" for language in NAME_LANGUAGES)
"""Columns of tables of taxa, and the kinds of lists whose values are common names."""


def common_name(names: Mapping[str, str], language: str) -> str:
    """Return the name in `language`, else English, else another language's; a blank where there is none.

    `names` are values by `NAME_COLUMNS`. A name in another language than `language` says so: ``Weiß-Tanne [de]``.
    """
    for column in (f"common_{language}", "common_en", *NAME_COLUMNS):
        if name := names.get(column):
            return name if column == f"common_{language}" else f"{name} [{column[-2:]}]"
    return ""

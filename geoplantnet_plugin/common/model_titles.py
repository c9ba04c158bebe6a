"""Titles of the models that ship, in the languages of the catalogue; a card says its title in English alone."""

from __future__ import annotations

from .messages import catalogue, render

CODES = ("model_iberian_flora", "model_netherlands_lmf", "model_western_swiss_alps")


def model_title(title: str, language: str) -> str:
    """Return the title of a model in `language`; that of any other model stays as its card has it."""
    english = catalogue("en")
    code = next((code for code in CODES if english.get(code) == title), None)
    return render(code, {}, language) if code else title

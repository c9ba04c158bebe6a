"""Titles of the models that ship, in the languages of the catalogue; a card says its title in English alone."""

from __future__ import annotations

from .messages import Message, catalogue, in_language

CODES = ("model_iberian_flora", "model_netherlands_lmf", "model_western_swiss_alps")


def model_title(title: str, language: str) -> str:
    """Return the title of a model in `language`; that of any other model stays as its card has it."""
    return in_language(title_message(title), language)


def title_message(title: str) -> Message | str:
    """Return the message that says the title of a model that ships, the title itself of any other."""
    english = catalogue("en")
    return next((Message(code) for code in CODES if english.get(code) == title), title)

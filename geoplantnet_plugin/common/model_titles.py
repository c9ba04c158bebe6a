"""What the cards of the models that ship say, in the languages of the catalogue; a card says it in English alone."""

from __future__ import annotations

import re

from .messages import Message, catalogue, in_language, render

TITLES = ("model_iberian_flora", "model_netherlands_lmf", "model_western_swiss_alps")
WORDS = ("model_about_iberian_flora", "model_about_netherlands_lmf", "model_about_western_swiss_alps",
         "model_metric_auc", "model_metric_auc_all", "model_metric_auc_explored", "model_method_extra_trees",
         "model_method_forest", "model_method_maxent")
"""Descriptions, measures and other methods."""
ASSIGNMENTS = re.compile(r"(?P<method>.+) \(assignments (?P<numbers>[\d, ]+)\)")
"""A method that was tried on some assignments of blocks to folds."""


def model_title(title: str, language: str) -> str:
    """Return the title of a model in `language`; that of any other model stays as its card has it."""
    return in_language(title_message(title), language)


def title_message(title: str) -> Message | str:
    """Return the message that says the title of a model that ships, the title itself of any other."""
    return _message(title, TITLES)


def model_words(text: str, language: str) -> str:
    """Return what a card says in `language`, as it is where it is not one that ships."""
    if found := ASSIGNMENTS.fullmatch(text):
        params = {"method": model_words(found["method"], language), "numbers": found["numbers"]}
        return render("model_assignments", params, language)
    return in_language(_message(text, WORDS), language)


def _message(text: str, codes: tuple[str, ...]) -> Message | str:
    english = catalogue("en")
    return next((Message(code) for code in codes if english.get(code) == text), text)

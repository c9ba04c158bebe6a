"""A model's card for people: what it predicts, from what, how well, and where it does not hold."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from ..bridge.models import Card, CardUnreadable, read_card
from ..i18n import tr
from ..numbers import length_text

WIDTH, HEIGHT = 640, 620


class CardDialog(QDialog):
    """Shows a card, or that of a model by its name or path; needs no engine."""

    def __init__(self, card: str | Card, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Model card"))
        self.text = QTextBrowser()
        self.text.setOpenExternalLinks(True)
        self.text.setAccessibleName(tr("Model card"))
        try:
            self.text.setHtml(card_html(read_card(card) if isinstance(card, str) else card))
        except CardUnreadable as error:
            self.text.setPlainText(str(error))
        except (KeyError, TypeError, ValueError, AttributeError):
            self.text.setPlainText(tr("This card is not of a form that this version can show."))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addWidget(buttons)
        self.resize(WIDTH, HEIGHT)


def card_html(card: Card) -> str:
    """Return a card as HTML; everything that comes from the card is escaped."""
    values = card.values
    warning = tr("Simulated: trained on made-up data; it says nothing of real plants.")
    simulated = f"<p><b>{warning}</b></p>"
    return "".join([
        f"<h2>{_text(values['title'])}</h2>", simulated if values["simulated"] else "",
        f"<p>{_text(values['description'])}</p>", _facts(card),
        _section(tr("How good it is"), _evaluation(values.get("evaluation") or ())),
        _section(tr("Where it does not hold"), _list(_limits(values))),
        _section(tr("Predictors"), _predictors(values["inputs"])),
        _section(tr("Trained on"), _training(values.get("training") or ())),
    ])


def _facts(card: Card) -> str:
    values = card.values
    facts = [(tr("Version"), values["version"]), (tr("Species"), card.taxa or tr("unknown")),
             (tr("Score scale"), values["scale"]), (tr("Set rule"), values["default_rule"]),
             (tr("Detail"), tr("{size}: a finer map is smoother, not more detailed").format(
                 size=length_text(float(values["resolution"])))),
             (tr("Licence"), values["licence"]), (tr("Attribution"), values.get("attribution") or "–")]
    return _table([], facts)


def _evaluation(entries: Iterable[dict[str, Any]]) -> str:
    rows = []
    for entry in entries:
        blocks = tr(", blocks of {side:g} km").format(side=entry["block_km"]) if entry.get("block_km") else ""
        beside = "; ".join(f"{name} {value:g}" for name, value in (entry.get("baselines") or {}).items())
        rows.append((f"{entry['protocol']}{blocks}", entry["metric"], f"{entry['value']:g}", beside or "–"))
    return _table([tr("Test"), tr("Measure"), tr("Model"), tr("Others on the same folds")], rows) if rows else _p(
        tr("The card does not say how good the model is: treat its scores as a guess."))


def _limits(values: dict[str, Any]) -> list[str]:
    domain = tr("Cells outside the conditions of the training data are counted and marked.") if values.get("domain") \
        else tr("The card does not say for which conditions the model holds.")
    return [*map(str, values.get("limits") or ()), domain]


def _predictors(inputs: Iterable[dict[str, Any]]) -> str:
    rows = []
    for entry in inputs:
        for predictor in entry["predictors"]:
            low, high = predictor.get("range") or (None, None)
            known = "–" if low is None else f"{float(low):g} … {float(high):g}"
            rows.append((predictor["name"], predictor["title"], predictor["unit"] or "–", known))
    return _table([tr("Name"), tr("Meaning"), tr("Unit"), tr("Range in training")], rows)


def _training(entries: Iterable[dict[str, Any]]) -> str:
    return "".join(_table([], [(key, value) for key, value in entry.items()]) for entry in entries) or _p(
        tr("not stated in the card"))


def _section(title: str, content: str) -> str:
    return f"<h3>{title}</h3>{content}"


def _table(titles: list[str], rows: Iterable[Iterable[Any]]) -> str:
    head = f"<tr>{''.join(f'<th align=left>{title}</th>' for title in titles)}</tr>" if titles else ""
    cells = "".join(f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table cellpadding=3>{head}{cells}</table>"


def _list(entries: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{_text(entry)}</li>' for entry in entries)}</ul>"


def _p(text: str) -> str:
    return f"<p>{text}</p>"


def _text(value: Any) -> str:
    return escape(str(value))

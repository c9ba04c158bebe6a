"""Numbers, names and rules as a report writes them."""

from __future__ import annotations

from datetime import date
from typing import Any

from geoplantnet_plugin.common.messages import DECIMAL_MARKS, in_language, render
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.assessment.verdicts.list_results import list_dated, list_title
from geoplantnet_plugin.engine.taxa.table import ListInfo, Taxon


class Texts:
    """Renders the catalogue's ``report_…`` sentences in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, code: str, **params: Any) -> str:
        """Return the sentence ``report_{code}``."""
        shown = {key: self.number(value) if isinstance(value, float) else value for key, value in params.items()}
        return render(f"report_{code}", shown, self.language)

    def number(self, value: float, decimals: int = 1) -> str:
        """Return a number with the language's decimal mark."""
        text = f"{value:.{decimals}f}"
        return text.replace(".", DECIMAL_MARKS.get(self.language, "."))

    def day(self, date: date) -> str:
        """Return a date as it is written in the language."""
        return date.strftime("%d/%m/%Y" if self.language == "fr" else "%d %B %Y")

    def quoted(self, words: str) -> str:
        """Return words of a model card, which are English, marked as a quotation in another language."""
        return words if self.language == "en" else self("quoted", words=words)

    def score(self, value: float) -> str:
        """Return a score with three decimals."""
        return self.number(value, 3)

    def list_title(self, info: ListInfo) -> str:
        """Return a list's title, in the report's language for lists shipped with the plugin."""
        return in_language(list_title(info), self.language)

    def list_dated(self, info: ListInfo) -> str:
        """Return a list's title with the date as of which it speaks."""
        return list_dated(info).text(self.language)

    def common(self, taxon: Taxon) -> str:
        """Return the taxon's common name in the report's language."""
        return taxon.common_name(self.language)


def domain_sentence(folder: AssessmentFolder, text: Texts) -> str:
    """Return how much of the area lies outside the model's domain, or that nobody knows."""
    if not (folder.document.get("model") or {}).get("domain"):
        return text("sure_no_domain")
    coverage = folder.document["coverage"]
    return text("sure_domain", share=100 * float(coverage["outside_domain_share"]),
                edge=100 * float(coverage["edge_domain_share"]))

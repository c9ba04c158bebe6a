"""Numbers, names and rules as a report writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from geoplantnet_plugin.common.messages import catalogue, render
from geoplantnet_plugin.engine.assessment.report.folder import AssessmentFolder
from geoplantnet_plugin.engine.indicators import INDICATORS
from geoplantnet_plugin.engine.indicators.habitat import REFERENCE
from geoplantnet_plugin.engine.taxa.table import ListInfo, Taxon

MOST_NAMES = 12


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
        return text.replace(".", ",") if self.language == "fr" else text

    def day(self, date: date) -> str:
        """Return a date as it is written in the language."""
        return date.strftime("%d/%m/%Y" if self.language == "fr" else "%d %B %Y")

    def quoted(self, words: str) -> str:
        """Return words of a model card, which are English, marked as a quotation in another language."""
        return words if self.language == "en" else self("quoted", words=words)

    def score(self, value: float) -> str:
        """Return a score with three decimals."""
        return self.number(value, 3)

    def names(self, taxa: Sequence[Taxon]) -> str:
        """Return names in a row, the first `MOST_NAMES` of them."""
        shown = ", ".join(taxon.accepted_name for taxon in taxa[:MOST_NAMES])
        more = len(taxa) - MOST_NAMES
        return f"{shown} {self('and_more', count=more)}" if more > 0 else shown

    def list_title(self, info: ListInfo) -> str:
        """Return a list's title, in the report's language for lists shipped with the plugin."""
        code = f"list_{info.id}"
        return render(code, {}, self.language) if code in catalogue("en") else info.title

    def common(self, taxon: Taxon) -> str:
        """Return the taxon's common name in the report's language."""
        return taxon.common_fr if self.language == "fr" else taxon.common_en


def rule_sentence(folder: AssessmentFolder, language: str) -> str:
    """Return the set rule's sentence in `language`; the manifest has the English one."""
    rule = folder.document["set_rule"]
    params: Mapping[str, Any] = rule["params"]
    code = "rule_lambda_taxon" if params.get("lambda") == "per taxon" else f"rule_{rule['id']}"
    if language == "en" or code not in catalogue(language):
        return str(rule["text"])
    numbers = {**params, "percent": 100 * params.get("level", 0)}
    return render(code, {name: f"{value:.3g}".replace(".", ",") if isinstance(value, float) else value
                         for name, value in numbers.items()}, language)


def domain_sentence(folder: AssessmentFolder, text: Texts) -> str:
    """Return how much of the area lies outside the model's domain, or that nobody knows."""
    if not (folder.document.get("model") or {}).get("domain"):
        return text("sure_no_domain")
    coverage = folder.document["coverage"]
    return text("sure_domain", share=100 * float(coverage["outside_domain_share"]),
                edge=100 * float(coverage["edge_domain_share"]))


def layer_title(folder: AssessmentFolder, id: str, language: str) -> str:
    """Return an indicator's title in `language`."""
    return _words(folder, id, "title", language)


def layer_definition(folder: AssessmentFolder, id: str, language: str) -> str:
    """Return an indicator's definition in `language`."""
    return _words(folder, id, "definition", language)


def layer_unit(folder: AssessmentFolder, id: str, language: str) -> str:
    """Return an indicator's unit in `language`."""
    if id in INDICATORS:
        return INDICATORS[id].unit(language)
    return render("unit_class" if folder.layers[id].get("kind") == "class" else "unit_taxa", {}, language)


def _words(folder: AssessmentFolder, id: str, what: str, language: str) -> str:
    """Return title or definition: of the registry, or of a habitat table or a user's list, which the manifest names."""
    if id in INDICATORS:
        indicator = INDICATORS[id]
        return indicator.title(language) if what == "title" else indicator.definition(language)
    reference = str(folder.layers[id].get("reference") or id)
    if id == "habitat":
        return render(f"indicator_habitat_{what}", {"table": reference.removeprefix(REFERENCE)}, language)
    return render(f"indicator_list_{what}", {"list": reference}, language)

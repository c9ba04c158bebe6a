"""Cards and lists of models for people. What a card's author wrote stays as it is; the rest is in their language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from geoplantnet_plugin.common.messages import catalogue, render
from geoplantnet_plugin.engine.base.columns import aligned
from geoplantnet_plugin.engine.models.card import Card, Evaluation, ModelInput, Predictor
from geoplantnet_plugin.engine.models.domain import knows_domain
from geoplantnet_plugin.engine.models.graph import input_shape
from geoplantnet_plugin.engine.models.package import Listed, ModelPackage
from geoplantnet_plugin.engine.models.page import Page, Part

SHOWN_PREDICTORS = 30


def table(models: Sequence[Listed]) -> str:
    """Return the models as a table."""
    rows = [("NAME", "VERSION", "", "TITLE")]
    rows += [(entry.name, entry.card.version if entry.card else "?", "bundled" if entry.bundled else "own",
              entry.card.title if entry.card else f"cannot be used: {entry.problem}") for entry in models]
    return "\n".join(aligned(rows))


def card_page(package: ModelPackage, language: str) -> Page:
    """Return a card for people: what the model is, needs and gives, how good it is and where it may be used."""
    card, words = package.card, Words(language)
    parts = [Part("", [*([words("simulated")] if card.simulated else []), card.description, *words.author()], (),
                  list(_facts(package, words))),
             *(_input(entry, words) for entry in card.inputs), *_evidence(card, words),
             Part(words("trained"), () if card.training else [words("unstated")], (),
                  [(words.key(key), str(value)) for entry in card.training for key, value in entry.items()])]
    if card.limits:
        parts.append(Part(words("limits"), card.limits))
    return Page(f"{card.title} ({card.name} {card.version})", parts, language)


class Words:
    """The catalogue's ``card_…`` texts and numbers in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, code: str, **params: Any) -> str:
        """Return the text ``card_{code}``."""
        shown = {key: self.number(value) if isinstance(value, float) else value for key, value in params.items()}
        return render(f"card_{code}", shown, self.language)

    def number(self, value: float, form: str = "g") -> str:
        """Return a number with the language's decimal mark."""
        text = format(value, form)
        return text.replace(".", ",") if self.language == "fr" else text

    def span(self, pair: Sequence[float] | None, form: str = "g") -> str:
        """Return a range or an interval; blank where there is none."""
        return self("span", low=self.number(pair[0], form), high=self.number(pair[1], form)) if pair else ""

    def key(self, name: str) -> str:
        """Return the name of a fact of the training data, as the card has it where the catalogue lacks it."""
        return self(f"fact_{name}") if f"card_fact_{name}" in catalogue("en") else name

    def author(self) -> list[str]:
        """Return the note that the author's words are not translated, where they are likely to look foreign."""
        return [] if self.language == "en" else [self("author")]


def _facts(package: ModelPackage, words: Words) -> Iterator[tuple[str, str]]:
    card = package.card
    yield words("taxa"), str(len(package.taxa))
    yield words("scores"), words(f"scale_{card.scale.value}")
    if card.support and card.effort:
        yield words("means"), words("means_recorded", side=words.number(card.support.side / 1000, "g"),
                                    level=words.number(card.effort.level, ".0f"), measure=card.effort.measure)
    yield words("rule"), card.default_rule
    yield words("resolution"), words("resolution_text", metres=card.resolution)
    yield words("licence"), card.licence
    if card.attribution:
        yield words("credit"), card.attribution
    yield words("folder"), words("bundled", folder=package.folder) if package.bundled else str(package.folder)
    yield "SHA-256", package.digest
    if card.quantization:
        yield words("precision"), _quantization(card.quantization, words)


def _quantization(stated: dict[str, Any], words: Words) -> str:
    told = words("quantized", method=stated["method"], cells=stated["measured_cells"],
                 mean=words.number(stated["score_mean_difference"], ".2g"),
                 most=words.number(stated["score_max_difference"], ".2g"))
    if "top_kept" not in stated:
        return told
    return f"{told} {words('kept', share=words.number(100 * stated['top_kept'], '.1f'), top=stated['top'])}"


def _input(entry: ModelInput, words: Words) -> Part:
    size = entry.size or (0, 0)
    shape = " × ".join(str(axis) for axis in input_shape(entry))
    kind = words(f"kind_{entry.kind}", shape=shape, pixel=float(entry.pixel or entry.resolution),
                 height=float(size[0] * (entry.pixel or entry.resolution)), steps=len(entry.time),
                 width=float(size[1] * (entry.pixel or entry.resolution)))
    lines = [kind, words("native", metres=entry.resolution), *([entry.encoding] if entry.encoding else [])]
    rows = [(predictor.name, predictor.title, _range(predictor, words), predictor.unit or "–")
            for predictor in entry.predictors[:SHOWN_PREDICTORS]]
    if (more := len(entry.predictors) - SHOWN_PREDICTORS) > 0:
        lines.append(words("more", shown=SHOWN_PREDICTORS, more=more))
    return Part(words("input", name=entry.name), lines,
                [words("predictor"), words("meaning"), words("range"), words("unit")], rows)


def _range(predictor: Predictor, words: Words) -> str:
    if predictor.categories:
        return words("categories", count=len(predictor.categories))
    return words.span(predictor.range) or words("unknown")


def _evidence(card: Card, words: Words) -> Iterator[Part]:
    if not card.evaluation:
        yield Part(words("evaluation"), [words("unstated")])
    for entry in card.evaluation:
        yield _evaluation(entry, words)
    yield Part(words("sure"), [words("domain_known" if knows_domain(card) else "domain_unknown"),
                               *_calibration(card.calibration or {}, words)])
    if card.conformal and (sets := _conformal(card.conformal, words)):
        yield sets


def _evaluation(entry: Evaluation, words: Words) -> Part:
    blocks = words("blocks", kilometres=entry.block_km) if entry.block_km else words("no_blocks")
    interval = f" ({words.span(entry.interval, '.4g')})" if entry.interval else ""
    rows = [(words("this_model"), words.number(entry.value, ".4g") + interval),
            *((name, words.number(value, ".4g")) for name, value in entry.baselines.items())]
    better = [name for name, value in entry.baselines.items() if value >= entry.value]
    verdict = [words("missed", names=better)] if better else []
    lines = [words("protocol", protocol=entry.protocol, folds=entry.folds, blocks=blocks), *verdict]
    return Part(words("evaluation"), lines, [entry.metric, words("value")], rows)


def _calibration(stated: dict[str, Any], words: Words) -> Iterator[str]:
    ece, predicted, observed = (
        _stated(stated, key, words) for key in ("ece", "mean_predicted_richness", "mean_observed_richness"))
    if ece:
        yield words("ece", ece=ece)
    if predicted and observed:
        yield words("richness", predicted=predicted, observed=observed)


def _conformal(stated: dict[str, Any], words: Words) -> Part | None:
    levels = stated.get("levels")
    rows = [_level(level, words) for level in levels if isinstance(level, dict)] if isinstance(levels, list) else []
    header = [words(f"set_{name}") for name in ("level", "coverage", "worst", "size", "richness", "use")]
    return Part(words("sets"), [words("event", event=stated.get("event", "–"))], header, rows) if rows else None


def _level(level: dict[str, Any], words: Words) -> tuple[str, ...]:
    interval = level.get("interval")
    ends = dict(enumerate(interval)) if isinstance(interval, list) else {}
    low, high = (_stated(ends, end, words, 100) for end in (0, 1))
    told = [_stated(level, key, words, 100) or "–" for key in ("level", "coverage", "worst_block")]
    if low and high:
        told[1] += f" ({words('span', low=low, high=high)})"
    sizes = [_stated(level, key, words) or "–" for key in ("mean_size", "mean_richness")]
    use = words("too_wide" if level["too_wide"] else "mappable") if "too_wide" in level else "–"
    return (*told, *sizes, use)


def _stated(stated: dict[Any, Any], key: object, words: Words, percent: int = 0) -> str:
    """Return a number that the card states, times `percent` and with a % sign where that is given; blank without one.

    The schema leaves open what calibration and conformal sets hold.
    """
    value = stated.get(key)
    if not isinstance(value, (int, float)):
        return ""
    return f"{words.number(percent * value, '.1f')} %" if percent else words.number(value)

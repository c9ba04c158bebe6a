"""What a check of area and predictors comes to, in a sentence."""

from __future__ import annotations

from ..bridge.fit import SiteFit
from ..i18n import tr


def checking_text(fit: SiteFit | None, problem: str) -> str:
    """Return what a check has found or what went wrong with it; that it is under way where there is neither."""
    if problem:
        return f"⚠ {problem}"
    return summary(fit) if fit else tr("Checking area and predictors …")


def summary(fit: SiteFit) -> str:
    """Return which model was taken, where none was named, and how its predictors stand."""
    if not fit.model:
        return ""
    lines = [tr("Taken: {model}, which {offer}.").format(model=offer.title, offer=offer.text)
             for offer in fit.offers if fit.chosen and offer.name == fit.model]
    return "\n".join([*lines, _predictors(fit)])


def _predictors(fit: SiteFit) -> str:
    counts = {state: sum(light.state == state for light in fit.lights) for state in ("green", "yellow", "red")}
    if away := elsewhere_text(fit):
        return away
    if counts["red"]:
        return tr("{red} of {all} predictors have no usable band.").format(red=counts["red"], all=len(fit.lights))
    if counts["yellow"]:
        return tr("All {all} predictors are bound; {yellow} need a look.").format(
            all=len(fit.lights), yellow=counts["yellow"])
    if not fit.pool:
        return tr("All {all} predictors are bound.").format(all=len(fit.lights))
    return tr("All {all} predictors are bound. The site is smaller than the square of {side:g} km that a chance speaks "
              "of: it gets the survey list of one such square around it, and no map.").format(
        all=len(fit.lights), side=fit.resolution / 1000)


def objection(fit: SiteFit) -> str:
    """Return what has to be done before a run, blank where nothing has."""
    if not fit.model:
        return tr("Choose a model first; the warning above says what each of them knows.")
    if fit.is_ready:
        return ""
    return elsewhere_text(fit) or tr("Some predictors have no usable band yet: choose a band for those marked red, or "
                                     "tick the rasters that hold them.")


def elsewhere_text(fit: SiteFit) -> str:
    """Return that the area lies outside the rasters, which no other band mends; blank where it does not."""
    away = sum(light.is_elsewhere for light in fit.lights)
    return tr("The area lies outside the rasters of {away} of {all} predictors: choose rasters that cover it, or "
              "another area.").format(away=away, all=len(fit.lights)) if away else ""

"""Use the engine from Python: assess an area with a model, then read what came of it.

From a checkout, after `make setup`, on the embedded simulated valley:

    .venv/bin/python examples/species_of_a_site.py resources/demo/area.geojson western-swiss-alps \\
        resources/demo/predictors.tif build/example
"""

from __future__ import annotations

import sys
from pathlib import Path

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import AssessJob, ModelOptions
from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.assessment.reading import open_folder
from geoplantnet_plugin.engine.base.reporters import TerminalReporter


def species_of(area: str, model: str, predictors: tuple[str, ...], out: Path) -> list[str]:
    """Return a line on the site and one for each of its ten most widespread species.

    Raises:
        EngineError: the area, the model or the predictors cannot be used; its text says what to do.
    """
    job = AssessJob(area, out.absolute(), ModelOptions(model, predictors), indicators=("richness", "shannon"))
    assess(job, TerminalReporter())
    folder = open_folder(out)
    richness = folder.statistics("richness")
    title = folder.title("richness", "en")
    head = f"{title}: {richness.low:g} to {richness.high:g}, {richness.mean:.1f} on average" if richness else title
    return [head, *(f"{row.taxon.accepted_name}: in {row.share:.1f} % of the cells, mean score {row.mean:.3f} "
                    f"({folder.document['score_source']['scale']})" for row in folder.coverage[:10])]


if __name__ == "__main__":
    site, name, *rasters, target = sys.argv[1:]
    try:
        print("\n".join(species_of(site, name, tuple(rasters), Path(target))))
    except EngineError as error:
        sys.exit(str(error))

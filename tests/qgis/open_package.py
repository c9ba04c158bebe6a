"""Opens a field package as a person without the plugin does, fills it through QGIS's own forms, and tells what it saw.

Run by tests and benchmarks in a process of its own: PACKAGE FOLDER [OBSERVATIONS RELEVES THROUGH_FORMS].
Writes one JSON object to standard output.
"""

import json
import sys
import time
from pathlib import Path

from qgis.core import QgsApplication, QgsExpression, QgsGeometry, QgsProject, QgsVectorLayerTools, QgsVectorLayerUtils
from qgis.gui import (
    QgsAdvancedDigitizingDockWidget,
    QgsAttributeEditorContext,
    QgsAttributeForm,
    QgsFilterLineEdit,
    QgsGui,
    QgsMapCanvas,
    QgsMessageBar,
)

sys.path.insert(0, str(Path(__file__).parent))
from qfield_rules import broken_rules


class Tools(QgsVectorLayerTools):
    """Forms with relations need some: these are never asked."""


class Tablet:
    """One open package."""

    def __init__(self, folder: Path) -> None:
        self.project = QgsProject.instance()
        self.opened = self.project.read(str(next(folder.glob("*.qgz"))))
        self.folder = folder
        self.layers = {layer.source().partition("layername=")[2]: layer for layer in self.project.mapLayers().values()
                       if "layername=" in layer.source()}
        self.labels = {feature["id"]: feature["label"] for feature in self.layers["taxa"].getFeatures()}
        self._canvas = QgsMapCanvas()
        self._digitising = QgsAdvancedDigitizingDockWidget(self._canvas)
        self._bar, self._tools = QgsMessageBar(), Tools()

    def form(self, layer, feature):
        """Return the form of a new feature."""
        context = QgsAttributeEditorContext()
        context.setVectorLayerTools(self._tools)
        context.setMapCanvas(self._canvas)
        context.setCadDockWidget(self._digitising)
        context.setMainMessageBar(self._bar)
        form = QgsAttributeForm(layer, feature, context)
        form.setMode(QgsAttributeEditorContext.Mode.AddFeatureMode)
        return form

    def add(self, name, place, through_form, **values):
        """Add a row as the form does: defaults, values, constraints; return its key, or the reasons against it."""
        layer = self.layers[name]
        geometry = place if place is not None else QgsGeometry()
        given = {layer.fields().indexFromName(field): value for field, value in values.items()}
        feature = QgsVectorLayerUtils.createFeature(layer, geometry, {} if through_form else given,
                                                    layer.createExpressionContext())
        if through_form:
            form = self.form(layer, feature)
            for field, value in values.items():
                if field == "taxon_id":
                    species_line(form).setText(self.labels[value])
                else:
                    form.changeAttribute(field, value)
            QgsApplication.processEvents()
            form.save()
            form.deleteLater()
            return feature[1]
        against = [reason for index in range(layer.fields().count())
                   for reason in QgsVectorLayerUtils.validateAttribute(layer, feature, index)[1]]
        if not against:
            layer.addFeature(feature)
        return against or feature[1]


def species_line(form):
    """Return where a species is typed; newer QGIS heeds only what is typed there, not `changeAttribute`."""
    return next(line for line in form.findChildren(QgsFilterLineEdit, "taxon_id") if line.completer())


def bad_expressions(tablet):
    """Return the defaults, constraints and filters that do not evaluate."""
    bad = []
    for name, layer in tablet.layers.items():
        for index, field in enumerate(layer.fields()):
            texts = [layer.defaultValueDefinition(index).expression(), layer.constraintExpression(index),
                     layer.editorWidgetSetup(index).config().get("FilterExpression", "")]
            for text in filter(None, texts):
                expression = QgsExpression(text)
                source = tablet.layers["taxa"] if text == texts[2] else layer  # a filter is of the list it filters
                context = source.createExpressionContext()
                if expression.hasParserError() or not expression.prepare(context):
                    why = expression.parserErrorString() or expression.evalErrorString()
                    bad.append(f"{name}.{field.name()}: {why}")
    return bad


def choices(tablet, place, all_species):
    """Return the species that the form offers at a place, and the seconds from the click to the list."""
    layer = tablet.layers["observations"]
    feature = QgsVectorLayerUtils.createFeature(layer, place, {}, layer.createExpressionContext())
    form = tablet.form(layer, feature)
    started = time.perf_counter()
    form.changeAttribute("all_species", all_species)
    QgsApplication.processEvents()
    taken = time.perf_counter() - started
    box = species_line(form)
    model = box.completer().model()
    names = [model.data(model.index(row, 0), 0) for row in range(model.rowCount())]
    started = time.perf_counter()
    box.completer().setCompletionPrefix(names[-1][:3].lower())
    found = box.completer().completionCount()
    searched = time.perf_counter() - started
    form.deleteLater()
    return {"names": [name for name in names if name], "listed": taken, "searched": searched, "found": found}


def fill(tablet, observations, releves, through_forms):
    """Fill the package: every seventh observation is an absence, each relevé has two species and a photo."""
    places = [(feature["point_id"], feature.geometry()) for feature in tablet.layers["plan"].getFeatures()]
    taxa = [feature["id"] for feature in tablet.layers["taxa"].getFeatures()]
    for name in ("observations", "releves", "releve_species", "photos", "plan"):
        tablet.layers[name].startEditing()
    refused = [tablet.add("observations", places[0][1], False)]
    for number in range(observations):
        tablet.add("observations", places[number % len(places)][1], number < through_forms, observer="Ann",
                   all_species=True, taxon_id=taxa[number % len(taxa)],
                   status="absent" if number % 7 == 6 else "present")
    for number in range(releves):
        key = tablet.add("releves", places[number % len(places)][1], number < through_forms, observer="Ann",
                         complete=True, minutes=30)
        for taxon in (taxa[number % len(taxa)], taxa[(number + 1) % len(taxa)]):
            tablet.add("releve_species", None, False, releve_id=key, taxon_id=taxon, cover="2")
        path = f"DCIM/{key[:8]}.jpg"
        (tablet.folder / path).write_bytes(key.encode())
        tablet.add("photos", None, False, record_id=key, path=path)
    errors = [error for name in ("observations", "releves", "releve_species", "photos", "plan")
              if not tablet.layers[name].commitChanges() for error in tablet.layers[name].commitErrors()]
    return {"refused": refused, "errors": errors, "again": choices(tablet, places[0][1], False)["names"],
            "rows": {name: sum(1 for _ in layer.getFeatures()) for name, layer in tablet.layers.items()}}


def main():
    folder, *counts = sys.argv[1:]
    observations, releves, through_forms = (int(count) for count in counts or (0, 0, 0))
    tablet = Tablet(Path(folder))
    place = next(tablet.layers["plan"].getFeatures())
    seen = {
        "opened": tablet.opened, "broken": broken_rules(tablet.project, Path(folder)),
        "invalid": [layer.name() for layer in tablet.project.mapLayers().values() if not layer.isValid()],
        "expressions": bad_expressions(tablet), "expected": place["expected"],
        "relations": [relation.isValid() for relation in tablet.project.relationManager().relations().values()],
        "here": choices(tablet, place.geometry(), False), "everywhere": choices(tablet, place.geometry(), True)}
    if observations:
        seen["filled"] = fill(tablet, observations, releves, through_forms)
    tablet.project.clear()
    print(json.dumps(seen, default=str))


if __name__ == "__main__":
    application = QgsApplication([], True)
    application.initQgis()
    QgsGui.editorWidgetRegistry().initEditors()
    main()
    sys.stdout.flush()
    import os

    os._exit(0)  # QGIS's own clean-up at the end of a process without a window may crash

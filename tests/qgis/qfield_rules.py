"""What QField asks of a project, as far as it is written down: https://docs.qfield.org and the checks of QFieldSync.

QField itself cannot be run here, so that a package that keeps these rules was checked against them, not opened in it.
"""

from pathlib import Path

from qgis.core import Qgis, QgsMapLayer, QgsVectorLayer

WIDGETS = {"ExternalResource", "CheckBox", "DateTime", "Range", "RelationReference", "TextEdit", "ValueMap",
           "ValueRelation", "UuidGenerator", "Hidden", ""}
PROVIDERS = {"ogr", "gdal"}
MOST_LAYERS = 40
FORBIDDEN = set('<>:"|?*\\')


def broken_rules(project, folder: Path) -> list[str]:
    """Return the rules that a package breaks, each with what breaks it."""
    layers = list(project.mapLayers().values())
    broken = [f"layers: {len(layers)}"] if len(layers) > MOST_LAYERS else []
    if project.filePathStorage() != Qgis.FilePathType.Relative:
        broken.append("paths are absolute")
    if project.presetHomePath():
        broken.append(f"home: {project.presetHomePath()}")
    broken += _files(project, folder)
    for layer in layers:
        broken += [f"{layer.name()}: {what}" for what in _layer(layer, folder)]
    return broken


def _files(project, folder):
    name = Path(project.fileName())
    for path in folder.rglob("*"):
        part = str(path.relative_to(folder))
        if not part.isascii() or FORBIDDEN & set(part):
            yield f"file name: {part}"
        if path.is_file() and path != name and path.stem == name.stem:
            yield f"same base name as the project: {part}"


def _layer(layer: QgsMapLayer, folder: Path):
    if not layer.isValid():
        yield "not valid"
    if layer.providerType() not in PROVIDERS:
        yield f"provider {layer.providerType()}"
    source = Path(layer.source().split("|")[0])
    if folder not in source.parents:
        yield f"lies outside: {source}"
    if not layer.customProperty("QFieldSync/action") or not layer.customProperty("QFieldSync/cloud_action"):
        yield "no action for QFieldSync"
    if isinstance(layer, QgsVectorLayer):
        yield from _fields(layer)


def _fields(layer: QgsVectorLayer):
    for index, field in enumerate(layer.fields()):
        setup = layer.editorWidgetSetup(index)
        if setup.type() not in WIDGETS:
            yield f"{field.name()}: widget {setup.type()}"
        if setup.type() == "ExternalResource":
            if setup.config().get("RelativeStorage") != 1:
                yield f"{field.name()}: photos not relative to the project"
            if "DCIM/" not in layer.customProperty("QFieldSync/attachment_naming", ""):
                yield f"{field.name()}: photos outside DCIM"
    if not layer.readOnly():
        keys = [layer.fields()[index].name() for index in layer.primaryKeyAttributes()]
        if keys != ["fid"]:
            yield f"primary key {keys}"

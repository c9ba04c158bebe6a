"""Hands the layers of an assessment to Processing, which adds them to the project when the algorithm is done."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from qgis.core import (
    QgsLayerTreeGroup,
    QgsLayerTreeLayer,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
    QgsProject,
)

from ..layers.build import PlacedLayer, assessment_layers
from ..layers.coverage import read_coverage
from ..layers.manifest import Assessment
from ..layers.tree import add_node, subgroup

GROUP_PROPERTY = "geoplantnet/assessment"
"""Marks the group of an assessment in the layer tree with the assessment's folder and moment of loading."""


def load_on_completion(assessment: Assessment, context: QgsProcessingContext, project: QgsProject) -> list[QgsMapLayer]:
    """Let Processing add the layers of `assessment` to `project`, in a group of their own."""
    placed = assessment_layers(assessment)
    read_coverage(assessment)  # the panel shows it next, and then has it at hand
    loading = _Loading(assessment, placed)
    for entry in placed:
        context.temporaryLayerStore().addMapLayer(entry.layer)
        details = QgsProcessingContext.LayerDetails(entry.layer.name(), project, "")
        details.forceName = True
        details.setPostProcessor(_Place.create(loading, entry))
        context.addLayerToLoadOnCompletion(entry.layer.id(), details)
    return [entry.layer for entry in placed]


class _Loading:
    """One loading of an assessment: its group in the tree, and the order of what is in it.

    Processing adds layers in the order of their ids, so each is inserted where it belongs.
    """

    def __init__(self, assessment: Assessment, placed: list[PlacedLayer]) -> None:
        self._title = assessment.display_title
        self._mark = f"{assessment.folder}|{placed[0].layer.id() if placed else ''}"
        self._rank: dict[str, int] = {}
        for position, entry in enumerate(placed):
            self._rank.setdefault(entry.group, position)
            self._rank[entry.layer.id()] = position

    def place(self, project: QgsProject, entry: PlacedLayer) -> None:
        """Move the node of a layer that Processing has added to its place."""
        root = project.layerTreeRoot()
        added = root.findLayer(entry.layer.id())
        parent = self._group(root)
        if entry.group:
            parent = subgroup(parent, entry.group, self._index(parent, entry.group))
        add_node(parent, entry, self._index(parent, entry.layer.id()))
        if added:  # only now: a layer whose last node goes is taken out of the project
            added.parent().removeChildNode(added)

    def _group(self, root: QgsLayerTreeGroup) -> QgsLayerTreeGroup:
        marked = (child for child in root.findGroups() if child.customProperty(GROUP_PROPERTY) == self._mark)
        group = next(marked, None)
        if group is None:
            group = root.insertGroup(0, self._title)
            group.setCustomProperty(GROUP_PROPERTY, self._mark)
        return group

    def _index(self, parent: QgsLayerTreeGroup, key: str) -> int:
        """Return the index in `parent` at which the layer or sub-group `key` belongs."""
        keys = (child.layerId() if isinstance(child, QgsLayerTreeLayer) else child.name()
                for child in parent.children())
        return sum(self._rank.get(other, 0) < self._rank[key] for other in keys)


class _Place(QgsProcessingLayerPostProcessorInterface):
    """Moves one loaded layer to its place."""

    kept: ClassVar[list[_Place]] = []

    def __init__(self, loading: _Loading, entry: PlacedLayer) -> None:
        super().__init__()
        self._loading = loading
        self._entry = replace(entry, layer=None)  # the layer belongs to Processing, which may never add it
        self.done = False

    @classmethod
    def create(cls, loading: _Loading, entry: PlacedLayer) -> _Place:
        """Return a post-processor that is kept here until it has run: Processing keeps no reference to it.

        Those that have run go when the next one is made; none may go while QGIS is still calling it.
        """
        made = cls(loading, entry)
        cls.kept[:] = [other for other in cls.kept if not other.done] + [made]
        return made

    def postProcessLayer(self, layer: QgsMapLayer, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> None:
        """Put `layer` in the group of its assessment."""
        self._loading.place(context.project() or QgsProject.instance(), replace(self._entry, layer=layer))
        self.done = True

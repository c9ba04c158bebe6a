"""Photos of a species from GBIF, each with its author and its licence."""

from __future__ import annotations

import tempfile
from typing import Any

from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices, QPixmap
from qgis.PyQt.QtWidgets import QCheckBox, QGridLayout, QLabel, QPushButton

from ..bridge.profile import Photo, read_photos
from ..i18n import tr
from .gbif_part import GbifPart
from .plain_label import plain_label

PHOTOS = "geoplantnet:speciesphotos"
LINES = 8
"""Height of a photo in lines of text."""


class PhotosPart(GbifPart):
    """Small copies, kept while the species is shown."""

    def __init__(self) -> None:
        button, choice = QPushButton(tr("Photos")), QCheckBox(tr("Pl@ntNet's alone"))
        button.setToolTip(tr("Small copies from GBIF's own image server, each with its author and licence"))
        choice.setToolTip(tr("Photos of the observations that Pl@ntNet shares with GBIF, checked by its community"))
        super().__init__(button, choice)
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self.grid = QGridLayout()
        self.grid.setColumnStretch(1, 1)
        self.content.addLayout(self.grid)
        button.clicked.connect(self._start)

    def shut_down(self) -> None:
        """Ask no more, and delete what was fetched."""
        super().shut_down()
        self._clear()
        if self._folder:
            self._folder.cleanup()
            self._folder = None

    def _start(self) -> None:
        self._clear()
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="geoplantnet-")
        self._ask(PHOTOS, {"OUTPUT": self._folder.name, "PLANTNET": self.choice.isChecked()}, "PHOTOS", self._show)

    def _show(self, answer: dict[str, Any]) -> None:
        found = read_photos(answer)
        self._tell(answer["attribution"] if found else tr(
            "GBIF has no such photo of this species whose author and licence are stated."))
        for row, photo in enumerate(found):
            self._add(row, photo)

    def _add(self, row: int, photo: Photo) -> None:
        picture = QLabel()
        high = LINES * self.fontMetrics().height()
        picture.setPixmap(QPixmap(photo.file).scaled(high, high, Qt.AspectRatioMode.KeepAspectRatio,
                                                     Qt.TransformationMode.SmoothTransformation))
        picture.setAccessibleName(tr("Photo by {author}").format(author=photo.author))
        said = plain_label("\n".join(filter(None, (f"© {photo.author}", photo.licence, photo.place))))
        said.setWordWrap(True)
        page = QPushButton(tr("Record"))
        page.setToolTip(tr("Opens {address} in the browser").format(address=photo.page))
        page.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(photo.page)))
        for column, widget in enumerate((picture, said, page)):
            self.grid.addWidget(widget, row, column)

    def _clear(self) -> None:
        while self.grid.count():
            widget = self.grid.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

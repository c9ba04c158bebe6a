"""The part of a species card that asks the net: photos from GBIF, after a tick and a click."""

from __future__ import annotations

import json
import tempfile
from typing import Any

from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices, QPixmap
from qgis.PyQt.QtWidgets import QCheckBox, QGridLayout, QGroupBox, QLabel, QPushButton, QVBoxLayout

from ..bridge.profile import Photo, read_photos
from ..i18n import tr
from .plain_label import plain_label
from .run import Run

PHOTOS = "geoplantnet:speciesphotos"
LINES = 8
"""Height of a photo in lines of text."""


class PhotosBox(QGroupBox):
    """Nothing is asked before the tick and the click; each photo names its author and its licence."""

    def __init__(self) -> None:
        super().__init__(tr("Photos"))
        self._name = self._gbif_id = ""
        self._run: Run | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self.agree = QCheckBox(tr("GBIF may be asked"))
        self.agree.setToolTip(tr("What leaves this computer is the name or the GBIF key of the species"))
        self.button = QPushButton(tr("Photos from GBIF"))
        self.button.setToolTip(tr("Small copies from GBIF's own image server, each with its author and licence"))
        self.button.setEnabled(False)
        self.message = plain_label()
        self.message.setWordWrap(True)
        self.grid = QGridLayout()
        self.grid.setColumnStretch(1, 1)
        layout = QVBoxLayout(self)
        for widget in (self.agree, self.button, self.message):
            layout.addWidget(widget)
        layout.addLayout(self.grid)
        self.agree.toggled.connect(self._allow)
        self.button.clicked.connect(self._start)

    def use(self, name: str, gbif_id: str) -> None:
        """Show photos of another species when asked to."""
        self.shut_down()
        self._name, self._gbif_id = name, gbif_id
        self.message.setText(tr("None is fetched before you tick and click; what leaves this computer is the name of "
                                "the species, to api.gbif.org."))
        self._allow()

    def shut_down(self) -> None:
        """Ask no more, and delete what was fetched."""
        if self._run:
            self._run.cancel()
        self._clear()
        if self._folder:
            self._folder.cleanup()
            self._folder = None

    def _allow(self, *_: object) -> None:
        self.button.setEnabled(self.agree.isChecked() and self._run is None)

    def _start(self) -> None:
        asked = self._name
        self._clear()
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="geoplantnet-")
        self._run = Run(PHOTOS, {"NAME": self._name, "GBIF_ID": self._gbif_id, "OUTPUT": self._folder.name}, self)
        self._run.finished.connect(lambda results: self._conclude(results, asked))
        self._run.failed.connect(self._failed)
        self.message.setText(tr("Asking GBIF …"))
        self._allow()
        self._run.start()

    def _conclude(self, results: dict[str, Any], asked: str) -> None:
        self._run = None
        self._allow()
        if not results or asked != self._name:
            return
        answer = json.loads(results["PHOTOS"])
        found = read_photos(answer)
        self.message.setText(answer["attribution"] if found else tr(
            "GBIF has no photo of this species whose author and licence are stated."))
        for row, photo in enumerate(found):
            self._add(row, photo)

    def _failed(self, reason: str) -> None:
        self._run = None
        self._allow()
        self.message.setText(f"⚠ {reason}")

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

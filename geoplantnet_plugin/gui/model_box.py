"""Step 2, *From what*: the model and the rasters that hold its predictors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QFileDialog, QGroupBox, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout

from ..bridge.fit import SiteFit
from ..bridge.models import model_at, package_at
from ..bridge.plans import write_plan
from ..i18n import tr
from .card_dialog import CardDialog
from .get_box import GetBox
from .lights_box import LightsBox
from .model_combo import ModelCombo
from .plain_label import plain_label
from .quality_row import QualityRow
from .raster_list import RasterList


class ModelBox(QGroupBox):
    """The models at hand, the rasters of the project beside those that are added here, the predictors' lights.

    `site` gives the parameters that say where.
    """

    changed = pyqtSignal()
    """Another model, other rasters or another band."""

    def __init__(self, site: Callable[[], dict[str, Any]]) -> None:
        super().__init__(tr("2  From what"))
        self.model = ModelCombo()
        self.own_model = QToolButton()
        self.own_model.setText("…")
        self.own_model.setToolTip(tr("Choose a model package of your own (zip or card.json)"))
        self.own_model.setAccessibleName(tr("Choose a model package of your own"))
        self.card_button = QToolButton()
        self.card_button.setText(tr("Card"))
        self.card_button.setToolTip(tr("What the model predicts, from what, how well, and where it does not hold"))
        self.description = plain_label()
        self.description.setWordWrap(True)
        self.quality = QualityRow()
        self.predictors = RasterList()
        self.add_files = QPushButton(tr("Add files …"))
        self.add_files.setToolTip(tr("Add rasters that are not in the project"))
        self.add_folder = QPushButton(tr("Add folder …"))
        self.add_folder.setToolTip(tr("Add all rasters of a folder"))
        self.lights = LightsBox()
        self.get = GetBox(site)
        self.checking = plain_label()
        self.checking.setWordWrap(True)
        self._arrange()
        self.model.currentIndexChanged.connect(self._show_model)
        self.model.currentIndexChanged.connect(self.lights.forget)
        self.model.currentIndexChanged.connect(self.changed)
        self.own_model.clicked.connect(self._choose_model)
        self.card_button.clicked.connect(self.show_card)
        self.predictors.itemChanged.connect(self.changed)
        self.lights.changed.connect(self.changed)
        self.lights.chosen.connect(self.get.show_light)
        self.get.got.connect(self.predictors.add)
        self.add_files.clicked.connect(self._choose_files)
        self.add_folder.clicked.connect(self._choose_folder)
        self._show_model()

    def shut_down(self) -> None:
        """Let go of the project, fetch no more."""
        self.get.shut_down()
        self.predictors.shut_down()

    def model_name(self) -> str:
        """Return the name or path of the chosen model, blank where the one that fits is taken."""
        return self.model.chosen.name

    @property
    def default_rule(self) -> str:
        """What the blank set rule means."""
        return tr("The model's own rule")

    def prepare(self) -> str:
        """Return a blank: nothing comes before a run."""
        return ""

    def choose_model(self, name: str) -> None:
        """Choose a model by name or path."""
        self.model.choose(name)

    def show_fit(self, fit: SiteFit | None) -> None:
        """Show the lights of a check and, where it told, which models know the area."""
        self.lights.show_fit(fit)
        self.get.show_fit(fit)
        if fit and fit.offers:
            self.model.show_offers(fit.offers)
        self._tell_quality(fit.model if fit else "")

    def show_card(self) -> None:
        """Open the card of the chosen model."""
        self._dialog = CardDialog(self.model_name(), self)
        self._dialog.show()

    def parameters(self) -> dict[str, Any]:
        """Return the algorithm's parameters as chosen here."""
        rasters, folder = self.predictors.rasters_and_folder()
        return {"MODEL": self.model_name(), "PREDICTORS": rasters, "PREDICTOR_FOLDER": folder,
                "PLAN": write_plan(self.lights.choices())}

    def can_check(self) -> bool:
        """Whether there is what the model cannot do without: rasters, where it needs any."""
        return not self.model.chosen.needs_rasters or bool(self.predictors.ticked())

    def _arrange(self) -> None:
        models = QHBoxLayout()
        models.addWidget(self.model, 1)
        models.addWidget(self.own_model)
        models.addWidget(self.card_button)
        buttons = QHBoxLayout()
        buttons.addWidget(self.add_files)
        buttons.addWidget(self.add_folder)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.addLayout(models)
        layout.addWidget(self.description)
        layout.addWidget(self.quality)
        layout.addWidget(QLabel(tr("Predictors: tick the rasters that hold them")))
        layout.addWidget(self.predictors)
        layout.addLayout(buttons)
        layout.addWidget(self.checking)
        layout.addWidget(self.lights)
        layout.addWidget(self.get)

    def _show_model(self) -> None:
        model = self.model.chosen
        self.card_button.setEnabled(bool(model.name))
        self.description.setText(model.description)
        self._tell_quality("")

    def _tell_quality(self, fitting: str) -> None:
        """Tell how good the chosen model is, or the one that was found to fit."""
        self.quality.show_model(self.model.named(self.model_name() or fitting))

    def _choose_model(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, tr("Model package"), "",
                                              tr("Model packages (*.zip card.json)"))
        if path:
            self.model.add(model_at(package_at(path)))
            self.model.setCurrentIndex(self.model.count() - 1)

    def _choose_files(self) -> None:
        for path in QFileDialog.getOpenFileNames(self, tr("Predictor rasters"))[0]:
            self.predictors.add(path)

    def _choose_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(self, tr("Folder of predictor rasters"))
        if path:
            self.predictors.add(path)

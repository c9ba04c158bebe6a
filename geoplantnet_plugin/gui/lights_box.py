"""The predictors of a model with a traffic light each, and the way to give one another band."""

from __future__ import annotations

from pathlib import Path

from qgis.PyQt.QtCore import QPoint, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QIcon, QPainter, QPixmap, QPolygon
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..bridge.fit import Light, OfferedBand, SiteFit
from ..bridge.plans import Choice
from ..i18n import tr
from .plain_label import plain_label

COLORS = {"green": "#2e8b57", "yellow": "#e0a100", "red": "#c62828"}
ICON_SIZE = 14
SHOWN_ROWS = 6


class LightsBox(QWidget):
    """`changed` when a person has chosen a band; `choices` are all that were chosen for the model shown."""

    changed = pyqtSignal()
    chosen = pyqtSignal(object)
    """The light of the predictor that is chosen, None without one."""

    def __init__(self) -> None:
        super().__init__()
        self._fit: SiteFit | None = None
        self._choices: dict[str, Choice] = {}
        self.table = QTreeWidget()
        self.table.setHeaderLabels([tr("Predictor"), tr("Taken from")])
        self.table.setRootIsDecorated(False)
        self.table.setUniformRowHeights(True)
        self.table.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
        self.table.setAccessibleName(tr("Predictors and the bands they are taken from"))
        self.note = plain_label()
        self.note.setWordWrap(True)
        self.band = QComboBox()
        self.band.setAccessibleName(tr("Band for the chosen predictor"))
        self.band.setToolTip(tr("Take another band for the predictor chosen above"))
        self.band.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.accept = QCheckBox(tr("Take its values as they are"))
        self.accept.setToolTip(tr("The values are far from those the model was trained on. Tick this only if you know "
                                  "that unit and scale are right."))
        self._arrange()
        self.table.currentItemChanged.connect(self._show_current)
        self.band.activated.connect(self._choose)
        self.accept.clicked.connect(self._choose)
        self.setVisible(False)

    def choices(self) -> list[Choice]:
        """Return the bands that were chosen by hand."""
        return list(self._choices.values())

    def forget(self) -> None:
        """Forget what was chosen: another model has other predictors."""
        self._choices = {}
        self.show_fit(None)

    def show_fit(self, fit: SiteFit | None) -> None:
        """Show the lights of a check, nothing without one; the chosen predictor stays chosen."""
        current = self.table.currentItem()
        name = current.data(0, Qt.ItemDataRole.UserRole).predictor if current else ""
        self._fit = fit
        self.table.clear()
        for light in fit.lights if fit else ():
            item = _item(light)
            self.table.addTopLevelItem(item)
            if light.predictor == name:
                self.table.setCurrentItem(item)
        self.setVisible(bool(fit and fit.lights))
        if self.table.currentItem() is None:
            worst = next((self.table.topLevelItem(row) for row in range(self.table.topLevelItemCount())
                          if fit and fit.lights[row].state != "green"), self.table.topLevelItem(0))
            self.table.setCurrentItem(worst)
        self.table.resizeColumnToContents(0)
        self._fit_height()
        self._show_current()

    def _arrange(self) -> None:
        fix = QHBoxLayout()
        fix.addWidget(self.band, 1)
        fix.addWidget(self.accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table)
        layout.addWidget(self.note)
        layout.addLayout(fix)

    def _fit_height(self) -> None:
        rows = min(max(self.table.topLevelItemCount(), 1), SHOWN_ROWS)
        height = max(self.table.sizeHintForRow(0), self.table.fontMetrics().height())
        self.table.setFixedHeight(self.table.header().sizeHint().height() + rows * height + 2 * self.table.frameWidth())

    def _light(self) -> Light | None:
        item = self.table.currentItem()
        return item.data(0, Qt.ItemDataRole.UserRole) if item else None

    def _show_current(self, *_: object) -> None:
        light = self._light()
        self.note.setText(light.text if light else "")
        self.chosen.emit(light)
        can_choose = light is not None and light.steps == 1
        self.band.setVisible(can_choose)
        chosen = self._choices.get(light.predictor) if light else None
        self.accept.setVisible(can_choose and bool(light.is_doubted or (chosen and chosen.accepted)))
        self.accept.setChecked(bool(chosen and chosen.accepted))
        self.band.clear()
        if not can_choose:
            return
        self.band.addItem(tr("Band for {predictor}: by its name").format(predictor=light.predictor), None)
        for band in self._fit.bands:
            self.band.addItem(band.label, band)
            if chosen and (band.source, band.band) == (chosen.source, chosen.band):
                self.band.setCurrentIndex(self.band.count() - 1)

    def _choose(self, *_: object) -> None:
        light = self._light()
        band: OfferedBand | None = self.band.currentData()
        if band is None and self.accept.isChecked():
            band = OfferedBand(light.source, light.band, light.name)
        if band is None:
            self._choices.pop(light.predictor, None)
        else:
            self._choices[light.predictor] = Choice(light.predictor, band.source, band.band, self.accept.isChecked())
        self.changed.emit()


def _item(light: Light) -> QTreeWidgetItem:
    item = QTreeWidgetItem([light.predictor, _taken_from(light)])
    item.setIcon(0, _icon(light.state))
    item.setData(0, Qt.ItemDataRole.UserRole, light)
    unit = f" ({light.unit})" if light.unit else ""
    item.setToolTip(0, f"{light.title}{unit}")
    item.setToolTip(1, light.text)
    states = {"green": tr("bound"), "yellow": tr("worth a look"), "red": tr("not usable")}
    item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{light.predictor}: {states[light.state]}")
    return item


def _taken_from(light: Light) -> str:
    if not light.source:
        return tr("no band")
    if light.base:
        return tr("from the base cube")
    return f"{light.name or light.band} – {Path(light.source).name}"


def _icon(state: str) -> QIcon:
    """A disc, a triangle or a square: told apart without colours too."""
    pixmap = QPixmap(2 * ICON_SIZE, 2 * ICON_SIZE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(COLORS[state]))
    painter.setPen(Qt.PenStyle.NoPen)
    side = 2 * ICON_SIZE
    if state == "green":
        painter.drawEllipse(3, 3, side - 6, side - 6)
    elif state == "yellow":
        painter.drawPolygon(QPolygon([QPoint(side // 2, 2), QPoint(side - 2, side - 4), QPoint(2, side - 4)]))
    else:
        painter.drawRect(4, 4, side - 8, side - 8)
    painter.end()
    return QIcon(pixmap)

"""Your jobs on a service: how they are, what they made, and an end to those that are not wanted any more."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..bridge.settings import PluginSettings
from ..i18n import tr
from .plain_label import plain_label
from .progress_line import ProgressLine
from .run import Run

LIST, FETCH, CANCEL = "geoplantnet:servicejobs", "geoplantnet:fetchservicejob", "geoplantnet:cancelservicejob"
ENTRY = Qt.ItemDataRole.UserRole


class ServiceJobsDialog(QDialog):
    """`service` are the parameters that say which service; `fetched` tells the folder of a job that was fetched."""

    fetched = pyqtSignal(str)

    def __init__(self, service: dict[str, Any], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Your jobs on {service}").format(service=service["SERVICE"]))
        self._service = service
        self._run: Run | None = None
        self.jobs = QListWidget()
        self.jobs.setAccessibleName(tr("Jobs"))
        self.folder = QgsFileWidget()
        self.folder.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.folder.setToolTip(tr("Where what the job made is written: a new folder, or one with a part of it"))
        self.progress = ProgressLine(tr("Progress of the question"))
        self.message = plain_label()
        self.message.setWordWrap(True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        role = QDialogButtonBox.ButtonRole.ActionRole
        self.look_button = self.buttons.addButton(tr("Look again"), role)
        self.fetch_button = self.buttons.addButton(tr("Fetch"), role)
        self.fetch_button.setToolTip(tr("Downloads what the job made and opens it"))
        self.cancel_button = self.buttons.addButton(tr("Cancel job"), role)
        self.cancel_button.setToolTip(tr("Stops the job, or deletes what it made on the service"))
        self._arrange()
        self.jobs.currentItemChanged.connect(self._chosen)
        self.look_button.clicked.connect(self.look)
        self.fetch_button.clicked.connect(self.fetch)
        self.cancel_button.clicked.connect(self.cancel)
        self.buttons.rejected.connect(self.reject)
        self.look()

    def look(self) -> None:
        """Ask for the jobs."""
        self._start(LIST, {}, self._show_jobs)

    def fetch(self) -> None:
        """Download what the chosen job made."""
        self._start(FETCH, {"JOB": self._job()["jobID"], "OUTPUT": self.folder.filePath()}, self._tell_fetched)

    def cancel(self) -> None:
        """Stop the chosen job."""
        self._start(CANCEL, {"JOB": self._job()["jobID"]}, lambda results: self.look())

    def done(self, result: int) -> None:
        """Ask no more when the dialog closes."""
        if self._run:
            self._run.cancel()
        super().done(result)

    def _start(self, algorithm: str, parameters: dict[str, Any], found: Callable[[dict[str, Any]], None]) -> None:
        if self._run is not None:
            return
        self.message.clear()
        self._run = Run(algorithm, {**self._service, **parameters}, self, remembered=algorithm != LIST)
        self.progress.follow(self._run, tr("Asking"))
        self._run.finished.connect(lambda results: self._end("") or found(results))
        self._run.failed.connect(lambda reason: self._end(f"⚠ {reason}"))
        self._allow()
        self._run.start()

    def _end(self, text: str) -> None:
        self._run = None
        self.progress.clear()
        self.message.setText(text)
        self._allow()

    def _show_jobs(self, results: dict[str, Any]) -> None:
        self.jobs.clear()
        for job in json.loads(results.get("JOBS", "[]")):
            if job.get("processID", "assess") == "assess":
                item = QListWidgetItem(f"{str(job.get('created', ''))[:16].replace('T', ' ')}  "
                                       f"{_state(job['status'])}  {job.get('title') or ''}  "
                                       f"{job.get('message') or ''}", self.jobs)
                item.setData(ENTRY, job)
        self.message.setText("" if self.jobs.count() else tr("You have no jobs there."))
        self.jobs.setCurrentRow(0)
        self._allow()

    def _tell_fetched(self, results: dict[str, Any]) -> None:
        if results:
            self.fetched.emit(results["OUTPUT"])
            self.accept()

    def _job(self) -> dict[str, Any] | None:
        item = self.jobs.currentItem()
        return item.data(ENTRY) if item else None

    def _chosen(self, *_: object) -> None:
        job = self._job()
        if job:
            last = PluginSettings.load().last_output
            parent = Path(last).parent if last else Path.home() / "GeoPlantNet"
            self.folder.setFilePath(str(parent / f"{str(job.get('created', ''))[:10]}-{job['jobID'][:8]}"))
        self._allow()

    def _allow(self) -> None:
        job = self._job() if self._run is None else None
        self.look_button.setEnabled(self._run is None)
        self.fetch_button.setEnabled(bool(job) and job["status"] == "successful")
        self.cancel_button.setEnabled(bool(job) and job["status"] != "dismissed")

    def _arrange(self) -> None:
        form = QFormLayout()
        form.addRow(tr("Assessment folder"), self.folder)
        layout = QVBoxLayout(self)
        layout.addWidget(self.jobs)
        layout.addLayout(form)
        for part in (self.progress, self.message, self.buttons):
            layout.addWidget(part)
        self.resize(640, 420)


def _state(status: str) -> str:
    states = {"accepted": tr("waits"), "running": tr("runs"), "successful": tr("finished"), "failed": tr("failed"),
              "dismissed": tr("cancelled")}
    return states.get(status, status)

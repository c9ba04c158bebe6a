"""The Processing provider ``geoplantnet``."""

from __future__ import annotations

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from ..common.resources import ICON
from .archive_field import ArchiveField
from .ask_service import AskService
from .assess import Assess
from .check_fit import CheckFit
from .compare_assessments import CompareAssessments
from .compare_sites import CompareSites
from .cube import BuildCube, PlanCube
from .estimate_published import EstimatePublished
from .fetch_predictors import FetchPredictors
from .field_project import FieldProject
from .flora_species import FloraSpecies
from .import_taxa import ImportTaxa
from .load_assessment import LoadAssessment
from .map_area import MapArea
from .models import CheckModel, ImportModel, ModelInfo, RemoveModel
from .name_part import NamePart
from .near_floras import NearFloras
from .pack_field import PackField
from .quick_list import QuickList
from .read_field import ReadField
from .report import Report
from .service_jobs import CancelServiceJob, FetchServiceJob, ServiceJobs
from .set_up_engine import SetUpEngine
from .species import SpeciesMonths, SpeciesPhotos, SpeciesProfile

ALGORITHMS = (
    Assess,
    BuildCube,
    CheckFit,
    CheckModel,
    CompareAssessments,
    CompareSites,
    AskService,
    EstimatePublished,
    FetchPredictors,
    FloraSpecies,
    ImportTaxa,
    ImportModel,
    LoadAssessment,
    MapArea,
    ModelInfo,
    NamePart,
    NearFloras,
    FieldProject,
    PackField,
    PlanCube,
    QuickList,
    ArchiveField,
    ReadField,
    Report,
    RemoveModel,
    ServiceJobs,
    FetchServiceJob,
    CancelServiceJob,
    SetUpEngine,
    SpeciesMonths,
    SpeciesPhotos,
    SpeciesProfile,
)


class Provider(QgsProcessingProvider):
    """Offers the plugin's algorithms to the toolbox, the model designer and qgis_process."""

    def id(self) -> str:
        """Return the id, which never changes."""
        return "geoplantnet"

    def name(self) -> str:
        """Return the name people see."""
        return "GeoPl@ntNet"

    def icon(self) -> QIcon:
        """Return the plugin's icon."""
        return QIcon(str(ICON))

    def loadAlgorithms(self) -> None:
        """Add one of each."""
        for algorithm in ALGORITHMS:
            self.addAlgorithm(algorithm())

"""A person's table of plots: blank cells, absences and odd files must not shift or add anything."""

import json

import numpy as np
import pytest
import rasterio
from affine import Affine

from training.datasets.description import DescriptionError, read_description
from training.datasets.own import read_own

LONG = """sep=;
plot;x;y;taxon;individualCount
a;100,0;100,0;Arnica montana;1
;9000;9000;Salix alba;1
b;300,0;300,0;Salix alba;2
b;300,0;300,0;Poa alpina;0
c;500,0;500,0;;
c;500,0;500,0;Poa cf. alpina;1
d;700,0;700,0;Poa alpina;1
"""


def described(folder, plots, **changes):
    (folder / "plots.csv").write_text(plots, encoding="utf-8-sig")
    profile = {"driver": "GTiff", "width": 10, "height": 10, "count": 1, "dtype": "float32", "crs": "EPSG:3035",
               "transform": Affine(100, 0, 0, 0, -100, 1000)}
    with rasterio.open(folder / "warmth.tif", "w", **profile) as file:
        file.write(np.tile(np.arange(10, dtype="float32"), (10, 1)), 1)
    document = {"name": "own", "plots": "plots.csv", "rasters": ["warmth.tif"], "resolution": 100, "block_km": 1,
                "crs": "EPSG:3035", "taxon": "taxon", "plot": "plot", "fewest": 1, "point": ["warmth"], **changes}
    (folder / "own.json").write_text(json.dumps(document), encoding="utf-8")
    return read_description(folder / "own.json")


def test_a_blank_plot_id_shifts_no_coordinates(tmp_path):
    told = []
    plots = read_own(described(tmp_path, LONG), told.append)
    assert plots.taxa == ("Arnica montana", "Poa alpina", "Salix alba")
    np.testing.assert_array_equal(plots.xy, [[100, 100], [300, 300], [500, 500], [700, 700]])
    np.testing.assert_array_equal(plots.present, [[1, 0, 0], [0, 0, 1], [0, 0, 0], [0, 1, 0]])
    assert any("1 rows of plots.csv have no plot" in text for text in told)
    assert any("2 rows say that a taxon is absent or doubtful" in text for text in told)


def test_a_plot_in_two_places_is_refused(tmp_path):
    with pytest.raises(DescriptionError, match="Rows of one plot have different coordinates: b"):
        read_own(described(tmp_path, LONG.replace("b;300,0;300,0;Poa", "b;300,0;400,0;Poa")), list)


def test_wide_tables_with_decimal_commas(tmp_path):
    wide = "Relevés 2020\n\nid;x;y;Arnica montana;Salix alba\n1;150,5;150;1;0\n2;350,5;350;0;1\n"
    plots = read_own(described(tmp_path, wide, taxon="", plot="", species=["Arnica montana", "Salix alba"]), list)
    np.testing.assert_array_equal(plots.xy, [[150.5, 150], [350.5, 350]])
    np.testing.assert_array_equal(plots.present, np.eye(2))
    with pytest.raises(DescriptionError, match="0 and 1 only"):
        read_own(described(tmp_path, wide.replace(";0;1\n", ";0;\n"), taxon="", plot="",
                           species=["Arnica montana", "Salix alba"]), list)

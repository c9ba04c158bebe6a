"""What the measure of agreement says of derived predictors whose difference is known."""

import numpy as np
import pytest
import rasterio

from geoplantnet_plugin.common.resources import RESOURCES
from geoplantnet_plugin.engine.cube.recipes import DERIVED
from training.recipe_agreement import FEWEST, agreement, agreements

TRAINING = RESOURCES / "cube" / "vaud-alps" / "predictors.tif"


@pytest.fixture
def derived(tmp_path):
    """The training raster itself: degree-days 100 higher, slopes turned over, position cut to next to nothing."""
    with rasterio.open(TRAINING) as source:
        bands, profile = dict(zip(source.descriptions, source.read(), strict=True)), source.profile
    bands["ddeg0"] += 100
    bands["slope25"] = 90 - bands["slope25"]
    bands["topos25"][:, 60:] = bands["topos25"][60:] = np.nan
    bands["topos25"][np.isfinite(bands["topos25"]).cumsum().reshape(bands["topos25"].shape) >= FEWEST] = np.nan
    for name, values in bands.items():
        with rasterio.open(tmp_path / DERIVED.format(name), "w", **{**profile, "count": 1}) as raster:
            raster.write(values, 1)
    return tmp_path


def test_bias_order_and_scarcity_are_told(derived):
    pytest.importorskip("scipy")
    found = {one.predictor: one for one in agreements("western-swiss-alps", derived)}
    assert set(found) == {"ddeg0", "mind68", "srad68", "slope25", "topos25"}
    assert (found["ddeg0"].correlation, found["ddeg0"].bias) == pytest.approx((1, 100)) and found["ddeg0"].cells > 9000
    assert (found["mind68"].correlation, found["mind68"].rms) == pytest.approx((1, 0))
    assert found["slope25"].correlation == pytest.approx(-1)
    assert found["topos25"].correlation is None and "too few" in found["topos25"].text()
    assert "rank correlation 1.000, bias +100" in found["ddeg0"].text()
    assert agreement("srad68", TRAINING, 3, derived / "derived_srad68.tif").bias == pytest.approx(0)

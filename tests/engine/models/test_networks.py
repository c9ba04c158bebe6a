"""Imported networks beside the PyTorch modules they come from, on random weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest

from training.workshop.importers.checkpoint import read_weights
from training.workshop.importers.networks import INPUTS, geoplant_mme, malpolon_mme

torch = pytest.importorskip("torch", reason="PyTorch (extra “train”) is not installed")
nn = torch.nn


class ResNet6(nn.Module):
    """The encoder of GeoPlant's baselines (plantnet/GeoPlant, baselines/MME), its classifier taken away."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        widths = [channels, 64, 128, 256, 512]
        for number in range(1, 5):
            setattr(self, f"conv{number}", nn.Conv2d(widths[number - 1], widths[number], 3, 1, 1))
            setattr(self, f"bn{number}", nn.BatchNorm2d(widths[number]))

    def forward(self, x: Any) -> Any:
        for number in range(1, 5):
            x = torch.relu(getattr(self, f"bn{number}")(getattr(self, f"conv{number}")(x)))
            if number in (2, 4):
                x = nn.functional.max_pool2d(x, 2)
        return nn.functional.avg_pool2d(x, x.size()[2:]).flatten(1)


class GeoPlantMme(nn.Module):
    def __init__(self, classes: int) -> None:
        super().__init__()
        self.landsat_model, self.bioclim_model, self.sentinel_model = ResNet6(6), ResNet6(4), ResNet6(4)
        self.fc1 = nn.Linear(3 * 512, classes)

    def forward(self, x: Any, y: Any, z: Any) -> Any:
        return self.fc1(torch.cat((self.landsat_model(x), self.bioclim_model(y), self.sentinel_model(z)), 1))


def with_random_statistics(module: Any, seed: int = 1) -> Any:
    """Return the module in evaluation mode, its batch norms as if trained."""
    torch.manual_seed(seed)
    for part in module.modules():
        if isinstance(part, nn.BatchNorm2d):
            part.running_mean.normal_(0, 0.2)
            part.running_var.uniform_(0.5, 2)
            part.weight.data.uniform_(0.5, 1.5)
            part.bias.data.normal_(0, 0.2)
    return module.eval()


def inputs(cells: int) -> dict[str, np.ndarray]:
    """Values of the size that the networks see in use: raw cubes, normalized patches."""
    rng = np.random.default_rng(cells)
    landsat, bioclim, sentinel = ((cells, *shape) for shape in INPUTS.values())
    return {"landsat": rng.uniform(0, 120, landsat).astype(np.float32),
            "bioclim": rng.uniform(300, 3000, bioclim).astype(np.float32),
            "sentinel": rng.uniform(-1, 1, sentinel).astype(np.float32)}


def logits(model: Any, values: dict[str, np.ndarray]) -> np.ndarray:
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(["logits"], values)[0]


@pytest.fixture(scope="module")
def geoplant(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any, Path]:
    torch.manual_seed(0)
    module = with_random_statistics(GeoPlantMme(11_255))
    file = tmp_path_factory.mktemp("geoplant") / "mme.pth"
    torch.save(module.state_dict(), file)
    return module, geoplant_mme(read_weights(file)), file


def test_geoplant_mme_has_the_published_number_of_parameters(geoplant: tuple[Any, Any, Path]) -> None:
    assert sum(parameter.numel() for parameter in geoplant[0].parameters()) == 21_960_503


@pytest.mark.parametrize("cells", [1, 3, 8])
def test_geoplant_mme_gives_pytorchs_logits(geoplant: tuple[Any, Any, Path], cells: int) -> None:
    module, model, _ = geoplant
    values = inputs(cells)
    values["bioclim"] /= 1000  # keeps the random network's logits at the size of a trained one's
    values["landsat"] /= 100
    with torch.no_grad():
        expected = module(*(torch.from_numpy(array) for array in values.values())).numpy()
    found = logits(model, values)
    assert found.shape == (cells, 11_255) and expected.std() > 0.1
    assert np.abs(found - expected).max() <= 1e-4


class MalpolonMme(nn.Module):
    """plantnet/malpolon, glc2024_multimodal_ensemble_model.py, from torchvision's parts."""

    def __init__(self, models: Any, classes: int) -> None:
        super().__init__()
        for name, (channels, *size) in (("landsat", INPUTS["landsat"]), ("bioclim", INPUTS["bioclim"])):
            encoder = models.resnet18(weights=None)
            encoder.conv1 = nn.Conv2d(channels, 64, 3, 1, 1, bias=False)
            encoder.maxpool = nn.Identity()
            setattr(self, f"{name}_model", encoder)
            setattr(self, f"{name}_norm", nn.LayerNorm([channels, *size]))
        self.sentinel_model = models.swin_t(weights=None)
        self.sentinel_model.features[0][0] = nn.Conv2d(4, 96, 4, 4)
        self.sentinel_model.head = nn.Identity()
        self.ln1, self.ln2 = nn.LayerNorm(1000), nn.LayerNorm(1000)
        self.fc1, self.fc2 = nn.Linear(2768, 4096), nn.Linear(4096, classes)

    def forward(self, x: Any, y: Any, z: Any) -> Any:
        x = self.ln1(self.landsat_model(self.landsat_norm(x)))
        y = self.ln2(self.bioclim_model(self.bioclim_norm(y)))
        return self.fc2(self.fc1(torch.cat((x, y, self.sentinel_model(z)), 1)))


@pytest.fixture(scope="module")
def malpolon(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """The module with random weights, its biases and norms too, and what is imported from its Lightning checkpoint."""
    models = pytest.importorskip("torchvision.models", reason="torchvision is not installed")
    torch.manual_seed(0)
    module = with_random_statistics(MalpolonMme(models, 11_255))
    for name, parameter in module.named_parameters():
        if "norm" in name or "relative_position" in name or name.endswith("bias"):
            parameter.data += torch.randn_like(parameter) * 0.1
    file = tmp_path_factory.mktemp("malpolon") / "last.ckpt"
    state = {f"model.{name}": values for name, values in module.state_dict().items()}
    torch.save({"epoch": 1, "state_dict": {**state, "loss.pos_weight": torch.ones(3)}, "callbacks": {}}, file)
    return module, malpolon_mme(read_weights(file))


def test_malpolon_mme_has_the_published_number_of_parameters(malpolon: tuple[Any, Any]) -> None:
    assert sum(parameter.numel() for parameter in malpolon[0].parameters()) == 108_347_249


@pytest.mark.parametrize("cells", [1, 3, 8])
def test_malpolon_mme_gives_pytorchs_logits(malpolon: tuple[Any, Any], cells: int) -> None:
    module, model = malpolon
    values = inputs(cells)
    with torch.no_grad():
        expected = module(*(torch.from_numpy(array) for array in values.values())).numpy()
    found = logits(model, values)
    assert expected.std() > 0.1
    assert np.abs(found - expected).max() <= 1e-4

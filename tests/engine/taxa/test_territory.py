"""Where lists are in force."""

import pytest

from geoplantnet_plugin.engine.territory import in_force


@pytest.mark.parametrize("territory, country, answer", [
    ("EU", "FR", True), ("EU", "fr", True), ("EU", "CH", False), ("EU", "CH-VD", False), ("EU", "GB", False),
    ("EU", None, None), ("EU", "", None), ("", None, True), ("", "CH", True), ("BE", "BE", True),
    ("BE", "BE-WAL", True), ("BE", "FR", False), ("CH-VD", "CH-VD", True), ("CH-VD", "CH-GE", False),
    ("CH-VD", "CH", None)])
def test_in_force(territory, country, answer):
    assert in_force(territory, country) is answer

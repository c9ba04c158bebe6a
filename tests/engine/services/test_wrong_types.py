"""Every field of every job and request refuses what is of another type: nothing is turned into something."""

from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import get_args, get_origin, get_type_hints

import pytest

from geoplantnet_plugin.common import jobs as requests
from geoplantnet_plugin.common.convert import from_document
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.commands.table import jobs
from geoplantnet_plugin.engine.sources.table import option_kinds

WRONG = {str: [1, True, ["a"], {"a": 1}], bool: ["no", "yes", 0, 1, [True]], int: ["5", 1.5, True, [1]],
         float: ["fifty", True, [1.0], float("nan"), float("inf"), 10**400], Path: [1, True, ["a"], ""]}
GOOD = {str: "a", bool: True, int: 5, float: 1.5, Path: "a"}


def plain(hint):
    """The type of a field, and whether it is a list of such."""
    parts = [part for part in get_args(hint) if part is not type(None)]
    if get_origin(hint) is tuple:
        return get_args(hint)[0], True
    if parts and hint not in WRONG:
        return plain(parts[0])
    return hint, False


def kinds():
    found = [entry for entry in vars(requests).values() if isinstance(entry, type) and is_dataclass(entry)]
    found += [command.request for command in jobs().values()] + list(option_kinds().values())
    # those with a score source are read with its options
    return sorted({kind for kind in found if not issubclass(kind, requests.AssessJob)}, key=lambda kind: kind.__name__)


def cases():
    for kind in kinds():
        hints = get_type_hints(kind)
        for field in fields(kind):
            yield pytest.param(kind, field.name, *plain(hints[field.name]), id=f"{kind.__name__}.{field.name}")


def needed(kind):
    hints = get_type_hints(kind)
    document = {}
    for field in fields(kind):
        if field.default is MISSING and field.default_factory is MISSING:
            entry, is_list = plain(hints[field.name])
            document[field.name] = [GOOD[entry]] if is_list else GOOD[entry]
    return document


@pytest.mark.parametrize("kind, name, hint, is_list", list(cases()))
def test_a_field_of_another_type_is_refused(kind, name, hint, is_list):
    values = [[wrong] for wrong in WRONG[hint] if not isinstance(wrong, list)] + ["a.tif", 1, {}] if is_list \
        else WRONG[hint]
    for value in values:
        with pytest.raises(EngineError) as raised:
            from_document(kind, {**needed(kind), name: value})
        assert raised.value.code == "job_invalid" and name in str(raised.value)


def test_every_job_is_among_them():
    assert len(jobs()) >= 20 and len(list(cases())) >= 60


@pytest.mark.parametrize("change", [{"resolution": "fifty"}, {"predictors": "a.tif"}, {"accept_terms": "no"},
                                    {"source": []}, {"memory": "2GB"}, {"out": ""}, {"indicators": "all"},
                                    {"memory": True}])
def test_an_assessment_of_wrong_types_is_refused(change):
    source = {"source": "geoplantnet"} if "accept_terms" in change else {}
    with pytest.raises(EngineError):
        requests.assess_job({"area": "a", "out": "b", **source, **change}, option_kinds())

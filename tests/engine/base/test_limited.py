"""Work with limits: what is hostile ends in a sentence, and a person is heard meanwhile."""

import os
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from geoplantnet_plugin.common.errors import Cancelled, EngineError
from geoplantnet_plugin.engine.base.events import SILENT, Reporter
from geoplantnet_plugin.engine.base.limited import STATM, at_most, limited


def refuse(name):
    raise EngineError("model_not_found", model=name, known=[])


def fill():
    return len(bytearray(1 << 36))


def nowhere():
    return Path("/nowhere/at all").read_bytes()


def crash():
    os._exit(9)


def test_answers_and_errors_come_back():
    assert limited(sorted, [3, 1, 2], reporter=SILENT) == [1, 2, 3]
    with pytest.raises(EngineError) as raised:
        limited(refuse, "x", reporter=SILENT)
    assert (raised.value.code, raised.value.params["model"]) == ("model_not_found", "x")


def test_what_the_system_refuses_comes_back_as_such():
    with pytest.raises(FileNotFoundError, match="at all"):
        limited(nowhere, reporter=SILENT)


@pytest.mark.parametrize("work, code", [(fill, "limit_memory"), (crash, "limit_crashed")])
def test_too_much_memory_and_a_crash(work, code):
    with pytest.raises(EngineError) as raised:
        limited(work, reporter=SILENT)
    assert raised.value.code == code


def test_too_much_time():
    with pytest.raises(EngineError) as raised:
        limited(time.sleep, 1000, reporter=SILENT, seconds=0.5)
    assert raised.value.code == "limit_time"


class Impatient(Reporter):
    def __init__(self):
        self.asked = threading.Event()

    def cancelled(self):
        return self.asked.is_set()


def test_a_cancel_is_heard():
    reporter = Impatient()
    threading.Timer(0.5, reporter.asked.set).start()
    with pytest.raises(Cancelled):
        limited(time.sleep, 1000, reporter=reporter)


@pytest.mark.skipif(not STATM.exists(), reason="only Linux bounds what a process has")
def test_memory_is_bounded_in_this_process_while_the_block_runs():
    """Also from another thread, and no longer than the last block."""
    def taken(outcome):
        with at_most(1 << 40):  # the first one's limit holds
            try:
                outcome.append(len(np.empty(1 << 31, np.uint8)))
            except MemoryError:
                outcome.append(0)

    outcome = []
    with at_most(1 << 28):
        assert len(np.empty(1 << 26, np.uint8)) == 1 << 26
        other = threading.Thread(target=taken, args=(outcome,))
        other.start()
        other.join()
        with pytest.raises(MemoryError):
            np.empty(1 << 31, np.uint8)
    assert outcome == [0]
    taken(outcome)
    assert outcome[-1] == 1 << 31

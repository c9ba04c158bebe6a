"""What the engine says when something is wrong: a code with parameters, translated by whoever shows it."""

from __future__ import annotations

from typing import Any

from .messages import render


class EngineError(Exception):
    """Bad input or a failed step, told in one sentence.

    `code` names a template of ``resources/messages``; `params` fill it. ``str(error)`` is the English text.
    """

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        return render(self.code, self.params)


class Cancelled(Exception):
    """The caller asked to stop; finished blocks are kept and the job can be resumed."""

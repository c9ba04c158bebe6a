"""What can go wrong between a client and a server, one name each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

STATUS = {"401": 401, "403": 403, "404": 404, "413": 413, "429": 429, "500": 500, "503": 503}

KINDS = (*STATUS, "truncated", "short-range", "wrong-crs", "html", "slow-loris", "slow-header", "redirect",
         "redirect-loop", "no-ranges", "huge", "garbage", "reset", "liar")
"""`liar` says that a file is twice as large as it is; `truncated` ends the body before its stated length;
`short-range` answers with fewer bytes than asked, properly stated; `slow-loris` and `slow-header` send a byte now and
then."""


@dataclass
class Fault:
    """A fault of the paths that match `pattern`, for the first `times` requests (None: for all).

    `value` is the Retry-After of 429 and 503 in seconds, or the address a redirect leads to.
    """

    pattern: str
    kind: str
    times: int | None = None
    value: str = ""
    seen: int = field(default=0, init=False)

    def strikes(self, path: str) -> bool:
        """Whether this request is hit."""
        if not re.search(self.pattern, path) or (self.times is not None and self.seen >= self.times):
            return False
        self.seen += 1
        return True

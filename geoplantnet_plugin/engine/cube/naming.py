"""What bands are called: in files that wrap the variable's name, and by people who write it differently."""

from __future__ import annotations

import re

_NAME_PATTERNS = (
    re.compile(r"^CHELSA_(?P<name>.+?)_(?P<month>\d{2})_(?P<year>\d{4})(?:_V\.?[\d.]+)?$", re.IGNORECASE),
    re.compile(r"^CHELSA_(?P<name>.+?)_\d{4}-\d{4}(?:_V\.?[\d.]+)?$", re.IGNORECASE),
    re.compile(r"^wc2\.\d_(?:30s|2\.5m|5m|10m)_(?P<name>.+)$", re.IGNORECASE),
    re.compile(r"(?:^|[_\-. ])(?P<name>bio_?\d{1,2})(?:$|[_\-. ])", re.IGNORECASE),
)
"""File names that wrap the variable's name: CHELSA V2.1 (a month of a year, a normal), WorldClim 2, and any
bioclimatic layer."""

_GENERIC = re.compile(r"^(?:band|layer|lyr)?[ _.#]*\d*$", re.IGNORECASE)
"""Band descriptions that say nothing: "Band 1", "layer", "lyr.1"."""


def band_names(description: str, stem: str, count: int) -> tuple[str, ...]:
    """Return the names of a band of a file with `count` bands, best first; none where nothing tells it.

    >>> band_names("", "CHELSA_bio10_1981-2010_V.2.1", 1)
    ('bio10', 'CHELSA_bio10_1981-2010_V.2.1')
    """
    told = [] if says_nothing(description) else [description]
    if count == 1:
        told.append(stem)
    return tuple(dict.fromkeys(name for text in told for name in (strip_name(text), text)))


def strip_name(name: str) -> str:
    """Return `name` without the wrappings of known data sets; a month of a year follows as ``_YEAR_MONTH``."""
    for pattern in _NAME_PATTERNS:
        match = pattern.search(name)
        if match:
            parts = match.groupdict()
            return "_".join(parts[key] for key in ("name", "year", "month") if key in parts)
    return name


def says_nothing(description: str) -> bool:
    """Return whether a band's description is a mere number, as programs write it."""
    return bool(_GENERIC.match(description))


def normalise(name: str) -> str:
    """Return a name without case, separators and leading zeros.

    >>> normalise("Bio_01") == normalise("bio1"), normalise("a_1_1") == normalise("a11")
    (True, False)
    """
    name = re.sub(r"(?<=\d)[\W_]+(?=\d)", "~", name.lower())
    name = re.sub(r"[^\w~]+|_", "", name)
    return re.sub(r"(?<!\d)0+(?=\d)", "", name)

"""The proxy of QGIS's settings, as the environment variables that a child process understands."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

from qgis.core import QgsSettings

HTTP_TYPES = ("HttpProxy", "HttpCachingProxy")
"""Proxies that speak HTTP. QGIS's *DefaultProxy* is the system's, which a child finds by itself."""
LOCAL = ("localhost", "127.0.0.1")


def proxy_environment() -> dict[str, str]:
    """Return ``HTTP_PROXY``, ``HTTPS_PROXY`` and ``NO_PROXY`` (in both spellings) for the proxy that QGIS uses.

    Empty where QGIS uses none, or one that is no HTTP proxy: what the environment says then holds. Credentials of an
    authentication configuration are not read here: that may ask for a password.
    """
    store = QgsSettings()
    if not store.value("proxy/proxyEnabled", False, type=bool):
        return {}
    host = str(store.value("proxy/proxyHost", "") or "").strip()
    if not host or str(store.value("proxy/proxyType", "") or "") not in HTTP_TYPES:
        return {}
    port = str(store.value("proxy/proxyPort", "") or "").strip()
    address = f"http://{_credentials(store)}{host}" + (f":{port}" if port and port != "0" else "")
    direct = [*LOCAL, *_hosts(store.value("proxy/noProxyUrls")), *_hosts(store.value("proxy/proxyExcludedUrls"))]
    values = {"http_proxy": address, "https_proxy": address, "no_proxy": ",".join(dict.fromkeys(direct))}
    return {**values, **{name.upper(): value for name, value in values.items()}}


def _credentials(store: QgsSettings) -> str:
    user, password = (str(store.value(f"proxy/{key}", "") or "") for key in ("proxyUser", "proxyPassword"))
    return f"{quote(user, safe='')}:{quote(password, safe='')}@" if user else ""


def _hosts(addresses: Any) -> list[str]:
    """The hosts of addresses that go without the proxy; QGIS keeps a list, or one text with ``|`` between."""
    entries = addresses.split("|") if isinstance(addresses, str) else list(addresses or ())
    hosts = (urlsplit(entry if "//" in entry else f"//{entry}").hostname for entry in map(str.strip, entries) if entry)
    return [host for host in hosts if host]

"""QGIS's proxy reaches the child process."""

import pytest
from qgis.core import QgsSettings

from geoplantnet_plugin.bridge.child import clean_environment
from geoplantnet_plugin.bridge.proxy import proxy_environment

NAMES = ("http_proxy", "https_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    yield
    QgsSettings().remove("proxy")


def use(**values):
    for key, value in {"proxyEnabled": True, "proxyType": "HttpProxy", "proxyHost": "proxy.example",
                       "proxyPort": "3128", **values}.items():
        QgsSettings().setValue(f"proxy/{key}", value)


def test_none_without_a_setting():
    assert proxy_environment() == {}


@pytest.mark.parametrize("values", [{"proxyEnabled": False}, {"proxyHost": ""}, {"proxyType": "DefaultProxy"},
                                    {"proxyType": "Socks5Proxy"}])
def test_none_where_qgis_uses_none(values):
    use(**values)
    assert proxy_environment() == {}


def test_address_and_exceptions():
    use(noProxyUrls=["http://intranet.example/maps", "files.example"], proxyExcludedUrls="https://a.example|b.example")
    values = proxy_environment()
    assert values["http_proxy"] == values["HTTPS_PROXY"] == "http://proxy.example:3128"
    assert values["no_proxy"].split(",") == ["localhost", "127.0.0.1", "intranet.example", "files.example",
                                             "a.example", "b.example"]


def test_credentials_are_quoted():
    use(proxyUser="some one", proxyPassword="p@ss/word:")
    assert proxy_environment()["https_proxy"] == "http://some%20one:p%40ss%2Fword%3A@proxy.example:3128"


def test_the_child_gets_it_before_the_environments_own(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://other.example")
    use()
    assert clean_environment()["HTTP_PROXY"] == "http://proxy.example:3128"
    QgsSettings().setValue("proxy/proxyEnabled", False)
    assert clean_environment()["HTTP_PROXY"] == "http://other.example"

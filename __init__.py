"""Entry point of the QGIS plugin."""


def classFactory(iface):
    """Return the plugin; `iface` is None under qgis_process."""
    from .geoplantnet_plugin.plugin import GeoPlantNetPlugin

    return GeoPlantNetPlugin(iface)

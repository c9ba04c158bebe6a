"""What both sides share, the engine and the plugin inside QGIS. Standard library only."""

"""Layers: an assessment folder becomes styled QGIS layers, a layer tree and a project."""

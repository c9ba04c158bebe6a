"""Indicators: one number or class a cell, computed from the assemblage and the taxa table."""

"""The assessment: one self-contained folder with rasters, tables, map and manifest."""

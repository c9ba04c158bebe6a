"""GeoPl@ntNet's published maps as a score source: catalogue, maps, resampling, ranking."""

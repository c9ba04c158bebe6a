"""An area too large for one assessment: meta-tiles, each an assessment of its own, and the mosaic of them."""

"""Score sources: anything that gives scores for cells."""

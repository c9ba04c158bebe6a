"""The format of a comparison of two assessments on disk: names of files and columns."""

TABLE, SUMMARY, DIFFERENCES = "comparison.csv", "comparison.json", "differences.tif"
JACCARD, SORENSEN = "jaccard.tif", "sorensen.tif"
NAME, MEAN_DIFFERENCE = "Name", "Mean difference"
"""Columns of the table that more than its writer reads."""

"""The site report: what an assessment means for a piece of land, in HTML and PDF."""

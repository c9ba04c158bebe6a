"""What to look for on a site: what was recorded around it, what a model expects, in the order of a survey."""

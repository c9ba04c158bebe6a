"""The cube: all predictors of a model over a block, read from the user's sources."""

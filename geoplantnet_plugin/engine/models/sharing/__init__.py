"""Nothing is computed twice: a model is split at its encoders, and what cells have in common is encoded once."""

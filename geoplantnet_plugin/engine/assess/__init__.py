"""How an assessment is planned and run."""

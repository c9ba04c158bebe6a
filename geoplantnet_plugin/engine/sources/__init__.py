"""What gives scores: local models and published maps, in one table."""

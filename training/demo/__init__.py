"""The embedded demo data: a simulated alpine valley. ``python -m training.demo`` writes it."""

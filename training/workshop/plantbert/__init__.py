"""EUNIS habitats of assemblages from a Pl@ntBERT checkpoint that a user has (Leblanc et al. 2025, Nature Plants)."""

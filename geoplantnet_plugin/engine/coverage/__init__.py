"""Coverage: how much of an area a taxon covers."""

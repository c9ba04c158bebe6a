"""Fieldwork: packages for a tablet, where to look, what came back, what it says, and how it is shared."""

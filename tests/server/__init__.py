"""A local HTTP server with a miniature of GeoPl@ntNet's catalogue and of the Pl@ntNet API, and all their faults.

Everything in it is invented: countries, species, scores. ``python -m tests.server`` runs it for people.
"""

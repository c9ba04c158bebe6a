"""The service: the assessments of the engine over OGC API – Processes, for an office or an agency."""

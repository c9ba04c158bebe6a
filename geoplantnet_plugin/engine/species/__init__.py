"""One species of a finished assessment, looked at closely: altitudes, responses, months, photos."""

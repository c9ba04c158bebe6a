"""Every face of the command line and of jobs."""

"""The bridge: finds or builds the engine's environment, runs the engine, turns its events into feedback."""

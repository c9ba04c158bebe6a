"""The window: it fills the parameters of Processing algorithms and shows their results."""

"""What keeps something from being shown, in words for the user."""


class LayerProblem(Exception):
    """The text says what is wrong and what to do."""

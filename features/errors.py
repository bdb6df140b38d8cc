"""What can go wrong in this room."""


class FeatureError(Exception):
    """Records, codes or settings that the features cannot work with; says what was found and what was expected."""

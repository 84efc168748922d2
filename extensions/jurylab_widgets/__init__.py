"""The widgets of JuryLab: the rubric in a notebook."""

from jurylab_widgets.rubric import RubricWidget

__all__ = ["RubricWidget"]

"""The widgets of JuryLab: the rubric in a notebook."""

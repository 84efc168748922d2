"""For test cells: what a figure shows, what a model predicts. Both are the sandbox's own (grading/execution/inside)."""

from grading.execution.inside.checks import described, predictions

__all__ = ["described", "predictions"]

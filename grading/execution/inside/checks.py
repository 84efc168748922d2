"""What a test cell may ask beyond plain values: what a figure shows, what a model predicts.

`from jurylab_checks import described, predictions`: the same words work in nbgrader's own validation, on the objects
themselves, and here, where a figure arrives as its description and a model as a name that can be asked.
"""

from __future__ import annotations

from typing import Any


class Described(dict[str, Any]):
    """A figure that has been described already."""


def described(figure: Any) -> dict[str, Any]:
    """What a Matplotlib figure (or one of its axes) shows, as lists and texts:

    {"title": str, "axes": [{"title", "xlabel", "ylabel": str, "legend", "ticks": [str], "lines": [{"label": str, "x", "y": [float]}],
    "bars": [float], "points": [[x, y]]}]}. Raises TypeError for anything else.
    """
    if isinstance(figure, Described):
        return figure
    figure = getattr(figure, "figure", None) or figure
    if not is_figure(figure):
        raise TypeError(f"une figure Matplotlib est attendue, pas « {type(figure).__name__} »")
    title = figure._suptitle.get_text() if figure._suptitle else ""
    return Described(title=title, axes=[_axes(one) for one in figure.axes])


def is_figure(value: Any) -> bool:
    return any(f"{kind.__module__}.{kind.__qualname__}" == "matplotlib.figure.Figure" for kind in type(value).__mro__)


def _axes(axes: Any) -> dict[str, Any]:
    legend = axes.get_legend()
    return {
        "title": str(axes.get_title()), "xlabel": str(axes.get_xlabel()), "ylabel": str(axes.get_ylabel()),
        "legend": [str(one.get_text()) for one in legend.get_texts()] if legend else [],
        "ticks": [str(one.get_text()) for one in axes.get_xticklabels()],
        "lines": [{"label": str(one.get_label()), "x": _numbers(one.get_xdata()), "y": _numbers(one.get_ydata())} for one in axes.lines],
        "bars": [float(one.get_height()) for box in axes.containers for one in box if hasattr(one, "get_height")],
        "points": [[float(x), float(y)] for one in axes.collections for x, y in one.get_offsets()],
    }  # fmt: skip


def _numbers(values: Any) -> list[float]:
    """Dates come as Matplotlib's own numbers of days."""
    import matplotlib.dates
    import numpy as np

    number_of: Any = matplotlib.dates.date2num
    array = np.asarray(values)
    return [float(one) for one in (number_of(array) if array.dtype.kind == "M" else array)]


class Model:
    """A model that stays in the student's process: it can be asked for predictions, and for nothing else."""

    __slots__ = ("_ask",)

    def __init__(self, ask: Any) -> None:
        self._ask = ask


def predictions(model: Any, data: Any) -> Any:
    """What a fitted model (anything with `predict`) gives for data. Raises what the model raises."""
    return model._ask(data) if isinstance(model, Model) else model.predict(data)


def is_model(value: Any) -> bool:
    return not isinstance(value, type) and callable(getattr(value, "predict", None))

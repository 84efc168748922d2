"""Values between a student's process and the tests: what travels arrives equal, the rest is refused with a sentence."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.execution.inside import plain

SIMPLE = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=20), st.binary(max_size=20),
    st.complex_numbers(allow_nan=False), st.fractions(), st.decimals(allow_nan=False, allow_infinity=False),
    st.dates(), st.datetimes(), st.timedeltas(),
)  # fmt: skip
HASHABLE = st.one_of(st.booleans(), st.integers(), st.text(max_size=8), st.dates())
VALUES = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.lists(inner, max_size=4).map(tuple), st.dictionaries(HASHABLE, inner, max_size=4),
        st.frozensets(HASHABLE, max_size=4), st.sets(HASHABLE, max_size=4),
    ),
    max_leaves=12,
)  # fmt: skip


def travelled(value: Any) -> Any:
    """What arrives, after the real way: a line of JSON."""
    return plain.decode(json.loads(json.dumps(plain.encode(value))))


@settings(max_examples=300)
@given(VALUES)
def test_what_travels_arrives_equal_and_of_the_same_type(value: Any) -> None:
    found = travelled(value)
    assert type(found) is type(value)
    assert found == value


@settings(max_examples=200)
@given(VALUES, st.integers(0, 10_000))
def test_a_forged_answer_gives_a_value_or_a_refusal(value: Any, place: int) -> None:
    """Any part of a message replaced by another part: never another error than RefusedError."""
    data = json.loads(json.dumps(plain.encode(value)))
    parts = list(walk(data))
    holder, key = parts[place % len(parts)]
    other, where = parts[(place * 7 + 3) % len(parts)]
    if holder is not None:
        holder[key] = json.loads(json.dumps(other[where])) if other is not None else {"t": "np.array", "v": 3}
    with contextlib.suppress(plain.RefusedError):
        plain.decode(data)


def walk(data: Any) -> Any:
    """Every place of a message: its holder and its key."""
    yield None, None
    stack = [data]
    while stack:
        one = stack.pop()
        keys: Any = one.keys() if isinstance(one, dict) else range(len(one)) if isinstance(one, list) else ()
        for key in list(keys):
            yield one, key
            stack.append(one[key])


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6).reshape(2, 3), np.array(3.5), np.array([], dtype="float32"), np.array(["é", "abc"]),
        np.array([True, False]), np.array(["2026-01-01", "NaT"], dtype="datetime64[D]"), np.array([1 + 2j]),
        np.array([1, "a", None], dtype=object), np.array([[1, "a"], [None, 2.5]], dtype=object),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    ],
)  # fmt: skip
def test_arrays(array: Any) -> None:
    found = travelled(array)
    assert (found.dtype, found.shape) == (array.dtype, array.shape)
    np.testing.assert_array_equal(found, array)


@pytest.mark.parametrize(
    "value", [np.float64(1.5), np.int8(-3), np.bool_(True), np.str_("é"), np.datetime64("2026-05-14"), np.float32(0.1)]
)
def test_scalars_of_numpy(value: Any) -> None:
    found = travelled(value)
    assert type(found) is type(value)
    assert found == value


def test_numbers_that_json_does_not_have() -> None:
    assert math.isnan(travelled(math.nan))
    assert travelled([math.inf, -math.inf]) == [math.inf, -math.inf]
    assert travelled(2**200) == 2**200
    assert str(travelled(-0.0)) == "-0.0"


INDEXES = [
    None, pd.Index(["a", "b", "c"], name="clé"), pd.date_range("2026-01-01", periods=3, name="jour"),
    pd.MultiIndex.from_tuples([("a", 1), ("a", 2), ("b", 1)], names=["lettre", None]), pd.RangeIndex(3), pd.Index([1.5, 2.5, 3.5]),
]  # fmt: skip
COLUMNS = [
    [1, 2, 3], [1.5, float("nan"), 3.0], ["a", None, "é"], pd.array([1, None, 3], dtype="Int64"),
    pd.array([True, None, False], dtype="boolean"), pd.DatetimeIndex(["2026-01-01", "NaT", "2026-03-01"]),
    pd.to_timedelta(["1h", "2h", "3h"]), [Decimal("1.5"), Decimal("2.5"), Decimal("3")], [[1], (2,), {"k": 3}],
]  # fmt: skip


@pytest.mark.parametrize("values", COLUMNS, ids=str)
@pytest.mark.parametrize("index", INDEXES, ids=str)
def test_columns(values: Any, index: Any) -> None:
    series = pd.Series(values, index=index, name="montant")
    pd.testing.assert_series_equal(travelled(series), series, check_freq=False)


@pytest.mark.parametrize("index", INDEXES, ids=str)
def test_tables(index: Any) -> None:
    frame = pd.DataFrame({"nom": ["a", "b", None], "montant": [1.5, 2.5, 3.5], "n": [1, 2, 3]}, index=index)
    pd.testing.assert_frame_equal(travelled(frame), frame, check_freq=False)
    doubled = pd.DataFrame([[1, 2], [3, 4]], columns=["x", "x"])
    pd.testing.assert_frame_equal(travelled(doubled), doubled)
    pd.testing.assert_frame_equal(travelled(frame.iloc[:0]), frame.iloc[:0], check_freq=False)


def test_stamps_of_pandas() -> None:
    values = [pd.Timestamp("2026-01-01 10:00", tz="Europe/Paris"), pd.Timedelta("3h"), pd.Period("2026-03", "M")]
    assert travelled(values) == values
    assert travelled(pd.NA) is pd.NA
    assert travelled(pd.NaT) is pd.NaT
    quarters = pd.Series(pd.period_range("2026Q1", periods=3, freq="Q"))
    assert travelled(quarters).tolist() == quarters.tolist()


class Liar(int):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = int.__hash__


class LyingFrame(pd.DataFrame):
    pass


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (Liar(3), "Liar"), (LyingFrame({"a": [1]}), "LyingFrame"), (object(), "object"), (io.StringIO("x"), "StringIO"),
        ([1, {"k": Liar(1)}], "Liar"), (Liar, "est une classe"), (io, "le module « io »"),
        (np.zeros(2, dtype=[("a", "i4")]), "structuré"), (range(3).__iter__(), "range_iterator"),
    ],
)  # fmt: skip
def test_what_cannot_travel_is_refused_with_a_sentence(value: Any, told: str) -> None:
    with pytest.raises(plain.RefusedError, match=told):
        plain.encode(value)


def test_a_module_and_a_function_travel_as_what_they_are() -> None:
    assert travelled(math) is math
    assert plain.encode(lambda: 3) == {"t": "function"}


def test_bounds_of_size_and_depth() -> None:
    deep: Any = []
    for __ in range(plain.DEPTH + 1):
        deep = [deep]
    for value in (deep, list(range(plain.VALUES + 1)), bytes(plain.BYTES + 1), np.zeros(plain.BYTES // 8 + 1)):
        with pytest.raises(plain.RefusedError):
            plain.encode(value)
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(plain.RefusedError):
        plain.encode(endless)


def promised(shape: tuple[int, ...], kind: str) -> dict[str, Any]:
    """An npy that promises more than it holds, or objects."""
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": kind, "fortran_order": False, "shape": shape})
    return {"t": "np.array", "v": plain._b64(file.getvalue())}


FORGED: list[Any] = [
    promised((10**12,), "<f8"), promised((3,), "|O"),
    {"t": "np.array", "v": "AAAA"}, {"t": "np.array", "v": {"shape": [9], "items": [1]}},
    {"t": "Fraction", "v": "1e999999999"}, {"t": "Fraction", "v": [1, 0]}, {"t": "int", "v": "f" * 20_000},
    {"t": "range", "v": [0, 1, 0]}, {"t": "module", "v": "os"}, {"t": "set", "v": [{"t": "list", "v": []}]},
    {"t": "inconnu"}, {"v": 1}, [1], {"t": "dict", "v": [[1]]}, {"t": "pd.DataFrame", "v": {"columns": [], "names": 3}},
    {"t": "pd.Series", "v": None}, {"t": ["list"], "v": []}, {"t": "function"},
]  # fmt: skip


@pytest.mark.parametrize("data", FORGED, ids=str)
def test_forged_data_is_refused(data: Any) -> None:
    with pytest.raises(plain.RefusedError):
        plain.decode(data)


def test_durations_keep_their_parts() -> None:
    one = dt.timedelta(days=-1, microseconds=5)
    assert travelled(one) == one
    assert travelled(Fraction(-7, 3)) == Fraction(-7, 3)

"""Values as plain data, between a student's process and the tests: JSON and npy, never pickle, exact types only.

`encode` runs beside the student's code and may say anything; `decode` believes nothing: it builds known types only,
within bounds of size and depth. What cannot travel becomes a refusal, a sentence that helps the student.
"""

from __future__ import annotations

import base64
import datetime as dt
import io
import math
import sys
import types
from decimal import Decimal
from fractions import Fraction
from typing import Any

DEPTH = 12
#: Largest number of values in one message, and of bytes in one array.
VALUES = 200_000
BYTES = 16_000_000
#: Modules that a test may use under the name that the student gave them.
MODULES = frozenset(
    ["math", "statistics", "datetime", "decimal", "fractions", "itertools", "functools", "collections", "re", "json",
     "random", "string", "numpy", "pandas"]
)  # fmt: skip


class RefusedError(Exception):
    """This value cannot travel; the text says why, in French, to the student."""


def encode(value: Any) -> Any:
    """JSON that stands for a value. Raises RefusedError."""
    return _Encoder().any(value, 0)


def decode(data: Any) -> Any:
    """The value that JSON stands for. Raises RefusedError for anything that `encode` would not have written."""
    return _Decoder().any(data, 0)


class _Counter:
    def __init__(self) -> None:
        self.left = VALUES

    def count(self, number: int, depth: int) -> None:
        self.left -= number
        if self.left < 0:
            raise RefusedError("cette valeur est trop grande pour être contrôlée")
        if depth > DEPTH:
            raise RefusedError("cette valeur est imbriquée trop profondément pour être contrôlée")


_SIMPLE = (bool, str)
_SEQUENCES: dict[Any, str] = {list: "list", tuple: "tuple", set: "set", frozenset: "frozenset"}


class _Encoder(_Counter):
    def any(self, value: Any, depth: int) -> Any:
        self.count(1, depth)
        kind = type(value)
        if value is None or kind in _SIMPLE:
            self.count(len(value) // 64 if kind is str else 0, depth)
            return value
        if kind is int:
            return value if abs(value) < 2**53 else {"t": "int", "v": hex(value)}
        if kind is float:
            return value if math.isfinite(value) else {"t": "float", "v": repr(value)}
        if kind in _SEQUENCES:
            return {"t": _SEQUENCES[kind], "v": [self.any(one, depth + 1) for one in value]}
        if kind is dict:
            return {"t": "dict", "v": [[self.any(k, depth + 1), self.any(v, depth + 1)] for k, v in value.items()]}
        return self._other(value, kind, depth)

    def _other(self, value: Any, kind: type, depth: int) -> Any:
        for names in (_STANDARD, _NUMPY if "numpy" in sys.modules else {}, _PANDAS if "pandas" in sys.modules else {}):
            for name, (test, write, __) in names.items():
                if test(value, kind):
                    return {"t": name, "v": write(self, value, depth)}
        if isinstance(value, types.ModuleType) and value.__name__ in MODULES:
            return {"t": "module", "v": value.__name__}
        if callable(value) and not isinstance(value, type):
            return {"t": "function"}
        raise RefusedError(_why(value, kind))


def _why(value: Any, kind: type) -> str:
    if isinstance(value, types.ModuleType):
        return f"le module « {value.__name__} » n'est pas contrôlé : donnez une valeur"
    if isinstance(value, type):
        return f"« {value.__name__} » est une classe : les contrôles demandent une valeur ou une fonction"
    name = f"{kind.__module__}.{kind.__qualname__}".removeprefix("__main__.").removeprefix("builtins.")
    return (f"une valeur de type « {name} » ne peut pas être contrôlée : donnez un nombre, un texte, une liste, un "
            "dictionnaire, un tableau NumPy, une Series ou un DataFrame")  # fmt: skip


class _Decoder(_Counter):
    def any(self, data: Any, depth: int) -> Any:
        self.count(1, depth)
        if data is None or isinstance(data, (bool, int, float, str)):
            return data
        if type(data) is not dict or type(data.get("t")) is not str:
            raise RefusedError("réponse illisible du notebook")
        name, value = data["t"], data.get("v")
        try:
            return self._tagged(name, value, depth)
        except RefusedError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a forged answer breaks is one refusal
            raise RefusedError(f"réponse illisible du notebook ({name} : {type(error).__name__})") from None

    def _tagged(self, name: str, value: Any, depth: int) -> Any:
        if name == "int":
            return int(_text(value, 10_000), 16)
        if name == "float":
            return float(_text(value, 10))
        for kind, word in _SEQUENCES.items():
            if name == word:
                return kind(self.any(one, depth + 1) for one in _list(value))
        if name == "dict":
            return {self.any(k, depth + 1): self.any(v, depth + 1) for k, v in _list(value)}
        if name == "module" and value in MODULES:
            return __import__(value)
        for names in (_STANDARD, _NUMPY, _PANDAS):
            if name in names:
                return names[name][2](self, value, depth)
        raise RefusedError("réponse illisible du notebook")


def _text(value: Any, longest: int) -> str:
    if type(value) is not str or len(value) > longest:
        raise RefusedError("réponse illisible du notebook")
    return value


def _list(value: Any) -> list[Any]:
    if type(value) is not list:
        raise RefusedError("réponse illisible du notebook")
    return value


def _is(*kinds: type) -> Any:
    return lambda value, kind: kind in kinds


_STANDARD: dict[str, Any] = {
    "bytes": (_is(bytes), lambda e, v, d: _b64(v), lambda d, v, n: _unb64(v)),
    "complex": (_is(complex), lambda e, v, d: [repr(v.real), repr(v.imag)],
                lambda d, v, n: complex(float(_text(v[0], 40)), float(_text(v[1], 40)))),
    "range": (_is(range), lambda e, v, d: [e.any(x, d) for x in (v.start, v.stop, v.step)],
              lambda d, v, n: range(*[int(d.any(x, n)) for x in _list(v)[:3]])),
    "Decimal": (_is(Decimal), lambda e, v, d: str(v), lambda d, v, n: Decimal(_text(v, 1000))),
    "Fraction": (_is(Fraction), lambda e, v, d: [e.any(v.numerator, d), e.any(v.denominator, d)],
                 lambda d, v, n: Fraction(*[int(d.any(x, n)) for x in _list(v)[:2]])),
    "datetime": (_is(dt.datetime), lambda e, v, d: v.isoformat(), lambda d, v, n: dt.datetime.fromisoformat(_text(v, 60))),
    "date": (_is(dt.date), lambda e, v, d: v.isoformat(), lambda d, v, n: dt.date.fromisoformat(_text(v, 20))),
    "timedelta": (_is(dt.timedelta), lambda e, v, d: [v.days, v.seconds, v.microseconds],
                  lambda d, v, n: dt.timedelta(*[int(x) for x in _list(v)[:3]])),
}  # fmt: skip


def _b64(content: bytes) -> str:
    if len(content) > BYTES:
        raise RefusedError("cette valeur est trop grande pour être contrôlée")
    return base64.b64encode(content).decode("ascii")


def _unb64(text: Any) -> bytes:
    return base64.b64decode(_text(text, BYTES * 4 // 3 + 8), validate=True)


# NumPy: numbers, dates and texts as npy without pickle; objects as a list of plain values.


def _array_out(encoder: _Encoder, array: Any, depth: int) -> Any:
    import numpy as np

    if array.dtype.kind in "OT":
        return {"shape": list(array.shape), "items": [encoder.any(one, depth + 1) for one in array.ravel().tolist()]}
    if array.dtype.kind == "V":
        raise RefusedError("un tableau NumPy structuré ne peut pas être contrôlé : donnez un DataFrame")
    if array.nbytes > BYTES:
        raise RefusedError("ce tableau est trop grand pour être contrôlé")
    file = io.BytesIO()
    np.lib.format.write_array(file, np.ascontiguousarray(array).reshape(array.shape), allow_pickle=False)
    return _b64(file.getvalue())


def _array_in(decoder: _Decoder, data: Any, depth: int) -> Any:
    import numpy as np

    if type(data) is dict:
        shape = tuple(int(one) for one in _list(data["shape"]))
        items = [decoder.any(one, depth + 1) for one in _list(data["items"])]
        array = np.empty(len(items), dtype=object)
        array[:] = items
        return array.reshape(shape)
    content = _unb64(data)
    _check_header(content)
    return np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)


def _check_header(content: bytes) -> None:
    """An npy header can promise more bytes than it holds: reading it would reserve them."""
    import numpy as np

    file = io.BytesIO(content)
    version = np.lib.format.read_magic(file)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, __, kind = read(file)
    if kind.hasobject or kind.kind == "V" or math.prod(shape) * kind.itemsize > len(content):
        raise RefusedError("réponse illisible du notebook (tableau)")


def _np(name: str) -> Any:
    return getattr(__import__("numpy"), name)


_NUMPY: dict[str, Any] = {
    "np.scalar": (lambda value, kind: kind.__module__ == "numpy" and isinstance(value, _np("generic")) and kind is value.dtype.type,
                  lambda e, v, d: _array_out(e, _np("asarray")(v), d),
                  lambda d, v, n: _array_in(d, v, n)[()]),
    "np.array": (lambda value, kind: kind is _np("ndarray"), _array_out, _array_in),
}  # fmt: skip


# pandas: an index, a column and a table are built of arrays and names.


def _pd(name: str) -> Any:
    return getattr(__import__("pandas"), name)


def _is_index(value: Any, kind: type) -> bool:
    return isinstance(value, _pd("Index")) and kind.__module__.startswith("pandas.")


def _values_out(encoder: _Encoder, series: Any, depth: int) -> Any:
    """The values of a column: npy where its type is NumPy's own, else plain values with the name of its type."""
    import numpy as np

    if isinstance(series.dtype, np.dtype) and series.dtype.kind != "O":
        return {"npy": _array_out(encoder, series.to_numpy(), depth)}
    name = str(series.dtype)
    values = [None if _missing(one) else _plain(one) for one in series.tolist()]
    return {"dtype": name, "items": [encoder.any(one, depth + 1) for one in values]}


def _missing(one: Any) -> bool:
    return one is _pd("NA") or one is _pd("NaT") or (type(one) is float and math.isnan(one))


def _plain(one: Any) -> Any:
    return str(one) if type(one) in (_pd("Period"), _pd("Interval")) else one


#: Types of column that are built again under their own name; any other comes as plain objects.
_DTYPES = ("str", "string", "boolean", "category", "object", "Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32",
           "UInt64", "Float32", "Float64")  # fmt: skip


def _values_in(decoder: _Decoder, data: Any, depth: int) -> Any:
    if "npy" in data:
        return _array_in(decoder, data["npy"], depth)
    items = [decoder.any(one, depth + 1) for one in _list(data["items"])]
    name = _text(data["dtype"], 100)
    if name.startswith("datetime64"):
        return _pd("to_datetime")(_pd("Series")(items, dtype=object), utc="UTC" in name)
    if name.startswith("period["):
        return _pd("PeriodIndex")(items, freq=name[7:-1])
    return _pd("Series")(items, dtype=name if name in _DTYPES else object)


def _index_out(encoder: _Encoder, index: Any, depth: int) -> Any:
    if type(index) is _pd("MultiIndex"):
        encoder.count(len(index) * index.nlevels, depth)
        levels = [_values_out(encoder, index.get_level_values(number), depth) for number in range(index.nlevels)]
        return {"levels": levels, "names": [encoder.any(one, depth + 1) for one in index.names]}
    return {"values": _values_out(encoder, index, depth), "name": encoder.any(index.name, depth + 1)}


def _index_in(decoder: _Decoder, data: Any, depth: int) -> Any:
    if "levels" in data:
        levels = [_values_in(decoder, one, depth) for one in _list(data["levels"])]
        names = [decoder.any(one, depth + 1) for one in _list(data["names"])]
        return _pd("MultiIndex").from_arrays(levels, names=names)
    return _pd("Index")(_values_in(decoder, data["values"], depth), name=decoder.any(data["name"], depth + 1))


def _series_out(encoder: _Encoder, series: Any, depth: int) -> Any:
    encoder.count(len(series), depth)
    return {"values": _values_out(encoder, series, depth), "index": _index_out(encoder, series.index, depth),
            "name": encoder.any(series.name, depth + 1)}  # fmt: skip


def _series_in(decoder: _Decoder, data: Any, depth: int) -> Any:
    values = _values_in(decoder, data["values"], depth)
    found = _pd("Series")(values.array if hasattr(values, "array") else values)
    found.index = _index_in(decoder, data["index"], depth)
    found.name = decoder.any(data["name"], depth + 1)
    return found


def _frame_out(encoder: _Encoder, frame: Any, depth: int) -> Any:
    encoder.count(len(frame) * len(frame.columns), depth)
    columns = [_values_out(encoder, frame.iloc[:, number], depth) for number in range(len(frame.columns))]
    return {"columns": columns, "names": _index_out(encoder, frame.columns, depth),
            "index": _index_out(encoder, frame.index, depth)}  # fmt: skip


def _frame_in(decoder: _Decoder, data: Any, depth: int) -> Any:
    columns = {number: _values_in(decoder, one, depth) for number, one in enumerate(_list(data["columns"]))}
    plain = {number: one.array if hasattr(one, "array") else one for number, one in columns.items()}
    index = _index_in(decoder, data["index"], depth)
    frame = _pd("DataFrame")(plain, index=range(len(index)))
    frame.index = index
    frame.columns = _index_in(decoder, data["names"], depth)
    return frame


_PANDAS: dict[str, Any] = {
    "pd.NA": (lambda value, kind: value is _pd("NA"), lambda e, v, d: None, lambda d, v, n: _pd("NA")),
    "pd.NaT": (lambda value, kind: value is _pd("NaT"), lambda e, v, d: None, lambda d, v, n: _pd("NaT")),
    "pd.Timestamp": (lambda value, kind: kind is _pd("Timestamp"), lambda e, v, d: v.isoformat(),
                     lambda d, v, n: _pd("Timestamp")(_text(v, 60))),
    "pd.Timedelta": (lambda value, kind: kind is _pd("Timedelta"), lambda e, v, d: v.isoformat(),
                     lambda d, v, n: _pd("Timedelta")(_text(v, 60))),
    "pd.Period": (lambda value, kind: kind is _pd("Period"), lambda e, v, d: [str(v), v.freqstr],
                  lambda d, v, n: _pd("Period")(_text(v[0], 60), freq=_text(v[1], 20))),
    "pd.Index": (_is_index, _index_out, _index_in),
    "pd.Series": (lambda value, kind: kind is _pd("Series"), _series_out, _series_in),
    "pd.DataFrame": (lambda value, kind: kind is _pd("DataFrame"), _frame_out, _frame_in),
}  # fmt: skip

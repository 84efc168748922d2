"""One JSON message per line over a pipe, bounded in size."""

from __future__ import annotations

import json
import os
from typing import Any, BinaryIO


class Lines:
    """Both directions of one end. `take` gives None at the end of the stream."""

    def __init__(self, reader: BinaryIO, writer: BinaryIO, longest: int) -> None:
        self._reader, self._writer, self._longest = reader, writer, longest

    @classmethod
    def of_this_process(cls, longest: int) -> Lines:
        """Takes standard input and output for messages: whatever prints later goes nowhere. Errors of our own are told."""
        reader, writer = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1):
            os.dup2(nothing, number)
        os.close(nothing)
        return cls(reader, writer, longest)

    def take(self) -> Any:
        line = self._reader.readline(self._longest + 1)
        if not line:
            return None
        if len(line) > self._longest:
            raise ValueError("message too long")
        return json.loads(line)

    def give(self, message: Any) -> None:
        self._writer.write(json.dumps(message).encode("ascii") + b"\n")
        self._writer.flush()

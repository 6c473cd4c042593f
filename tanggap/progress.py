"""How far a long command is, told on stderr once it takes longer than a second."""

import sys
import time
from collections.abc import Callable
from typing import TextIO

PATIENCE = 1.0  # seconds before the first word
TERMINAL, LOG = 0.2, 10.0  # seconds between two words on a terminal, and in a file


class Progress:
    """`words` holds `{n}`. On a terminal one line is written over; anywhere else it is a line now and then."""

    def __init__(
        self, words: str, stream: TextIO | None = None, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._words, self._stream, self._seconds = words, stream or sys.stderr, seconds
        self._over = self._stream.isatty()
        self._next = seconds() + PATIENCE
        self._told = False

    def at(self, n: int) -> None:
        if self._seconds() < self._next:
            return
        self._next = self._seconds() + (TERMINAL if self._over else LOG)
        self._told = True
        said = self._words.format(n=n)
        self._stream.write(f"\r{said}" if self._over else f"{said}\n")
        self._stream.flush()

    def done(self) -> None:
        if self._told and self._over:
            self._stream.write("\n")
            self._stream.flush()

"""A long command says how far it is, a short one keeps still."""

import io

from tanggap.backup_progress import Lines
from tanggap.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def told(stream: io.StringIO, seconds: list[float]) -> str:
    """What is written when `at` is called at these seconds."""
    clock = iter([0.0, *(moment for second in seconds for moment in (second, second))])
    progress = Progress("{n} surel", stream, lambda: next(clock))
    for number in range(len(seconds)):
        progress.at(number)
    progress.done()
    return stream.getvalue()


def test_what_is_done_within_a_second_says_nothing() -> None:
    assert told(io.StringIO(), [0.9]) == ""


def test_a_file_gets_a_line_now_and_then() -> None:
    assert told(io.StringIO(), [1.5]) == "0 surel\n"


def test_a_terminal_has_one_line_written_over() -> None:
    assert told(Terminal(), [1.5, 2.0]) == "\r0 surel\r1 surel\n"


def test_a_long_stage_of_a_backup_says_into_a_pipe_how_far_it_is() -> None:
    stream, now = io.StringIO(), [0.0]
    lines = Lines(stream, lambda: now[0])
    for at, stage, done in ((0.5, "database", 1), (5.0, "files", 10), (5.9, "files", 40), (6.5, "files", 50)):
        now[0] = at
        lines.told(stage, done, 200)

    assert stream.getvalue() == "Berkas: 25 %\n"

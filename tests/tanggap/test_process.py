"""A desk's process has a name, and one that ended on this machine is known to be gone."""

import subprocess
import sys

from tanggap import process


def test_a_process_that_ended_here_is_gone_and_one_that_lives_is_not() -> None:
    machine, mine, _ = process.name().split(":")
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()

    assert process.gone(f"{machine}:{ended.pid}:abcd")
    assert not process.gone(f"{machine}:1:abcd")
    assert process.gone(f"{machine}:{mine}:abcd")  # had our number before us
    assert not process.gone(f"elsewhere:{ended.pid}:abcd")
    assert not process.gone("no name at all")

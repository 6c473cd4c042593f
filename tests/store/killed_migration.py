"""Run migrations in forks of this process, each killed before one of its statements: `URL NUMBER...`; 0 kills none.

Prints how many statements the last fork began, and how each fork ended.
"""

import os
import signal
import sys
from typing import Any

from sqlalchemy import Engine, event

from store.migrate import migrate


def run(url: str, kill_at: int) -> int:
    """The exit of a process of its own; -9 when it was killed."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        begun = 0

        @event.listens_for(Engine, "before_cursor_execute")
        def count(*_: Any) -> None:
            nonlocal begun
            begun += 1
            if begun == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

        migrate(url)
        os.write(writer, str(begun).encode())
        os._exit(0)
    _, status = os.waitpid(child, 0)
    os.close(writer)
    counted = os.read(reader, 20)
    os.close(reader)
    return int(counted) if counted else -os.WTERMSIG(status)


if __name__ == "__main__":
    sys.stdout.write(" ".join(str(run(sys.argv[1], int(number))) for number in sys.argv[2:]))

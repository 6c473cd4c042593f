"""The name of this process among those that share a desk, and whether another one of this machine is gone."""

import os
import socket
from secrets import token_hex


def name() -> str:
    """ "machine:pid:token": the token tells apart two processes that were given the same number."""
    return f"{socket.gethostname()}:{os.getpid()}:{token_hex(4)}"


def gone(owner: str) -> bool:
    """Whether that process ran on this machine and does no longer: nobody need wait for its lease to run out."""
    machine, _, rest = owner.rpartition(":")[0].rpartition(":")
    if machine != socket.gethostname() or not rest.isdigit():
        return False
    if int(rest) == os.getpid():
        return True  # our own number, and not our own name: whoever had it before us
    try:
        os.kill(int(rest), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False

"""Import this before anything else of the house, for a quick start.

Nothing is collected while modules load, and structlog comes without rich, which costs a fifth of a second.
structlog would draw tracebacks with rich where that is installed. Ours are plain text, since a drawn one shows the
values of variables, and so people's words. The command line's own tables still find rich when they want it.
"""

import gc
import sys


def _plain_structlog() -> None:
    kept = sys.modules.get("rich")
    sys.modules["rich"] = None  # type: ignore[assignment]  # Python's own way to say that a module is not there
    try:
        import structlog.dev  # noqa: F401
    finally:
        del sys.modules["rich"]
        if kept is not None:
            sys.modules["rich"] = kept


def settled() -> None:
    """All is loaded: the collector works from here on, and never looks at what stands already."""
    gc.freeze()
    gc.enable()


gc.disable()
_plain_structlog()

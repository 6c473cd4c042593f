"""Backups that only the holder of a key can open: age's format, by pyrage (extra `backup`), as a stream."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from sop.errors import N_, DeskError

MARK = b"age-encryption.org/v1"


class NeedsSealing(DeskError):
    def __init__(self) -> None:
        super().__init__(N_('Pustaka penyandian belum terpasang. Jalankan: pip install "tanggap[backup]"'))


class NotARecipient(DeskError):
    def __init__(self) -> None:
        super().__init__(
            N_('Bukan kunci penerima; tulis yang berawalan "age1", dari: tanggap backup --new-key BERKAS')
        )


class NeedsKey(DeskError):
    def __init__(self, path: Path) -> None:
        super().__init__(
            N_("{path} tersandi. Sebutkan berkas kuncinya: tanggap restore {path} --key BERKAS"), path=path
        )


class WrongKey(DeskError):
    def __init__(self, path: Path) -> None:
        super().__init__(
            N_("Kunci itu bukan kunci {path}; pakai --key dengan berkas kunci yang lain."), path=path
        )


class NotAKey(DeskError):
    def __init__(self, path: Path) -> None:
        super().__init__(N_('{path} bukan berkas kunci; isinya berawalan "AGE-SECRET-KEY-1".'), path=path)


def is_sealed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MARK)) == MARK


def new_key(path: Path) -> str:
    """Write a new key, readable by its owner alone; the recipient it opens for. Raises FileExistsError."""
    identity = _library().x25519.Identity.generate()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"# public key: {identity.to_public()}\n{identity}\n")
    return str(identity.to_public())


def recipient(text: str) -> Any:
    """Raises NotARecipient, NeedsSealing."""
    library = _library()
    try:
        return library.x25519.Recipient.from_str(text.strip())
    except library.RecipientError:
        raise NotARecipient from None


def identity(path: Path) -> Any:
    """Raises NotAKey, OSError."""
    library = _library()
    try:
        text = path.read_text(encoding="ascii")
        key = next(line.strip() for line in text.splitlines() if line.startswith("AGE-SECRET-KEY-"))
        return library.x25519.Identity.from_str(key)
    except (StopIteration, UnicodeDecodeError, library.IdentityError):
        raise NotAKey(path) from None


def throwaway() -> Any:
    """A key of this run alone: with it a backup is read back, and then it is forgotten."""
    return _library().x25519.Identity.generate()


@contextmanager
def sealed(target: IO[bytes], recipients: Sequence[Any]) -> Iterator[IO[bytes]]:
    """What is written here reaches `target` encrypted."""
    library = _library()
    with _piped(lambda inner: library.encrypt_io(inner, target, recipients), reading=True) as ours:
        yield ours


@contextmanager
def opened(source: IO[bytes], key: Any, path: Path) -> Iterator[IO[bytes]]:
    """The plain bytes of `source`. Raises WrongKey, or EOFError at a cut or altered end."""
    library = _library()

    def decrypt(inner: IO[bytes]) -> None:
        try:
            library.decrypt_io(source, inner, [key])
        except library.DecryptError as error:
            if "No matching keys" in str(error):
                raise WrongKey(path) from None
            raise EOFError(str(error)) from None
        except OSError as error:
            if error.errno is not None:
                raise
            raise EOFError(
                str(error)
            ) from None  # a piece that does not fit its seal, or the end that is not there

    with _piped(decrypt, reading=False) as ours:
        yield ours


@contextmanager
def _piped(work: Callable[[IO[bytes]], None], *, reading: bool) -> Iterator[IO[bytes]]:
    """`work` runs on a thread with one end of a pipe, the caller has the other. What it raised is raised here."""
    out, into = os.pipe()
    ends: tuple[IO[bytes], IO[bytes]] = (os.fdopen(out, "rb"), os.fdopen(into, "wb"))
    theirs, ours = ends if reading else ends[::-1]
    trouble: list[BaseException] = []

    def run() -> None:
        try:
            work(theirs)
        except BaseException as error:
            trouble.append(error)
        finally:
            with suppress(OSError):
                theirs.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield ours
        ours.close()
    except BaseException as error:
        with suppress(OSError):
            ours.close()
        thread.join()
        cause = next((each for each in trouble if not isinstance(each, BrokenPipeError)), None)
        raise cause or error from None
    thread.join()
    if trouble and (reading or not isinstance(trouble[0], BrokenPipeError)):
        raise trouble[0]


def _library() -> Any:
    if find_spec("pyrage") is None:
        raise NeedsSealing
    return import_module("pyrage")

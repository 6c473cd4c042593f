"""Bytes of attachments: a folder beside the database, random names, for the desk's own user alone, fsynced before the act
that refers to them."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from sop.messages import File, TooLarge


class Files:
    """One folder of files, in 256 sub-folders by the first letters of their random names."""

    def __init__(self, root: Path) -> None:
        self.root = root

    async def keep(self, chunks: AsyncIterator[bytes], *, limit: int) -> File:
        """Store what comes, on disk when this answers. Raises TooLarge above `limit` bytes; then nothing is left."""
        name = token_hex(16)
        path = self.root / name[:2] / name
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        digest, size = sha256(), 0
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            try:
                async for chunk in chunks:
                    size += len(chunk)
                    if size > limit:
                        raise TooLarge(f"more than {limit} bytes")
                    digest.update(chunk)
                    await asyncio.to_thread(file.write, chunk)
                await asyncio.to_thread(_settle, file.fileno(), path.parent)
            except BaseException:
                with contextlib.suppress(OSError):
                    path.unlink()
                raise
        return File(path=f"{name[:2]}/{name}", size=size, sha256=digest.hexdigest())

    def drop(self, path: str) -> None:
        """Bytes that nothing refers to any more."""
        with contextlib.suppress(OSError):
            self._place(path).unlink()

    def erase(self, path: str) -> None:
        """As `drop`; raises OSError where the file stays."""
        with contextlib.suppress(FileNotFoundError):
            self._place(path).unlink()

    def path(self, file: File) -> Path:
        """Where the bytes lie. Only names that `keep` gave lead anywhere. Raises FileNotFoundError."""
        return self._place(file.path)

    def small(self, path: str) -> Path:
        """Where a small picture lies. Raises FileNotFoundError."""
        return self._place(path)

    def _place(self, path: str) -> Path:
        folder, _, name = path.partition("/")
        if not (name.startswith(folder) and name.isalnum()):
            raise FileNotFoundError(path)
        return self.root / folder / name


def _settle(handle: int, folder: Path) -> None:
    """The bytes and the folder's entry reach the disk."""
    os.fsync(handle)
    entry = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(entry)
    finally:
        os.close(entry)

"""What a request or a narration dropped lies nowhere for ever; what something refers to stays."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from desk import loose_files, publication_talk, publishing
from desk.erasing_night import Erasing
from desk.files import Files
from desk.loose_files import AGE
from sop.letter_request import MOST_FILES, TooManyFiles
from sop.messages import File
from store import narrations, snapshot
from store.db import Database
from tests.flows.publishing import Chain
from tests.offices import wib

AT = "02-18 09.00"


async def kept(files: Files, content: bytes, name: str = "surat.pdf") -> File:
    async def chunks() -> AsyncIterator[bytes]:
        yield content

    found = await files.keep(chunks(), limit=1000)
    return File(
        name=name, content_type="application/pdf", size=found.size, path=found.path, sha256=found.sha256
    )


async def on_disk(db: Database, files: Files) -> set[str]:
    """The places of the folder after what was let go has left it."""
    await Erasing(db, files, lambda: wib(AT), "Asia/Jakarta").sweep()
    return {f"{each.parent.name}/{each.name}" for each in files.root.glob("*/*")}


async def drafted(chain: Chain, key: str, *sent: File) -> None:
    actor = await chain.officer("lestari", AT)
    await chain.db.write(publication_talk.begin, actor, "", sent, zone="Asia/Jakarta", key=key, now=wib(AT))


@pytest.fixture
async def chain(db: Database) -> Chain:
    made = Chain(db)
    await made.office("02-18 08.00")
    return made


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


async def test_a_draft_that_is_thrown_away_takes_its_files_with_it(chain: Chain, files: Files) -> None:
    letter = await kept(files, b"surat")
    await drafted(chain, "1", letter)
    assert await on_disk(chain.db, files) == {letter.path}
    assert letter.path in {place for place, _ in await chain.db.read(lambda v: list(snapshot.kept_files(v)))}

    await chain.db.write(publication_talk.drop, await chain.officer("lestari", AT))

    assert await on_disk(chain.db, files) == set()


async def test_a_letter_that_comes_twice_lies_there_once(chain: Chain, files: Files) -> None:
    first, same, redelivered = [await kept(files, b"surat") for _ in range(3)]
    await drafted(chain, "1", first)
    await drafted(chain, "2", same)
    await drafted(chain, "1", redelivered)

    assert await on_disk(chain.db, files) == {first.path}


async def test_what_a_refusal_left_behind_goes_after_a_while_and_what_was_sent_stays(
    chain: Chain, files: Files
) -> None:
    many = [await kept(files, bytes([number])) for number in range(MOST_FILES + 1)]
    await chain.db.write(loose_files.came, many, wib(AT))
    await drafted(chain, "1", *many[:1])
    with pytest.raises(TooManyFiles):
        await drafted(chain, "2", *many[1:])
    await chain.db.write(loose_files.let_go_of_old, wib(AT) + AGE)
    assert len(await on_disk(chain.db, files)) == len(many)

    await chain.db.write(loose_files.let_go_of_old, wib(AT) + AGE + timedelta(seconds=1))

    assert await on_disk(chain.db, files) == {many[0].path}


async def test_a_file_that_is_taken_out_leaves_the_disk_and_no_row_asks_for_it(
    chain: Chain, files: Files
) -> None:
    letter, other = await kept(files, b"surat"), await kept(files, b"lampiran")
    asked = await chain.ask(AT, letters=(letter, other))
    first = (await chain.db.read(narrations.enclosures, asked.id))[0]
    actor = await chain.officer("lestari", AT)

    await chain.db.write(publishing.take_out, chain.number, actor, first.id, now=wib(AT))

    assert await on_disk(chain.db, files) == {other.path}
    assert [place for place, _ in await chain.db.read(lambda v: list(snapshot.kept_files(v)))] == [other.path]

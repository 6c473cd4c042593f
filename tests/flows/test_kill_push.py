"""P14 end to end: a desk that is killed while it announces leaves nobody out unseen and announces to nobody twice."""

from pathlib import Path

from bench.soak_push import soak


async def test_a_desk_killed_while_it_announces_goes_on_where_it_was(tmp_path: Path) -> None:
    verdict = await soak(tmp_path, kills=1, subscribers=400, seed=7)

    assert verdict.kept, str(verdict)
    assert verdict.arrived + verdict.unknown >= 400

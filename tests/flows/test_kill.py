"""P1 to P4: a desk that is killed under load has lost, doubled and disordered nothing that it acknowledged."""

from pathlib import Path

from bench.soak import soak


async def test_a_desk_that_is_killed_under_load_keeps_every_promise(tmp_path: Path) -> None:
    verdict = await soak(tmp_path, kills=2, posters=8, seed=7)

    assert verdict.reports >= 8 and verdict.notes >= 2
    assert (verdict.lost, verdict.doubled, verdict.disordered) == (0, 0, 0), str(verdict)
    assert verdict.kept, str(verdict)

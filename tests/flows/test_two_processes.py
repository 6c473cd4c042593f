"""Two processes of one desk on PostgreSQL: a message may come by either, one of them leads, and its death loses nothing."""

from pathlib import Path

from bench.soak_two import soak


async def test_of_two_processes_either_may_be_killed_and_nothing_is_lost_doubled_or_swept_twice(
    postgresql_url: str, tmp_path: Path
) -> None:
    outcome = await soak(tmp_path, postgresql_url, posters=8, steps=6, seed=3, kills=3)

    assert outcome.led >= 1 and outcome.verdict.reports >= 8
    assert (outcome.unswept, outcome.twice, outcome.stuck) == (0, 0, 0), str(outcome)
    assert outcome.kept, str(outcome)

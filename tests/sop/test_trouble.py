"""What the operator must hear of, from what is so now."""

from datetime import timedelta

import pytest

from sop.trouble import Backups, Bounds, Facts, Space, troubles
from tests.samples import MINUTE, NOW

BOUNDS = Bounds()
GOOD = Facts(
    outbox={"telegram": (NOW - 14 * MINUTE, 3)},
    space=Space(free=10, total=100),
    backups=Backups(nightly=True, tried=True, good_at=NOW - timedelta(hours=35)),
)


def kinds(facts: Facts) -> list[str]:
    return [each.kind for each in troubles(facts, BOUNDS, NOW)]


def test_a_desk_within_its_bounds_has_no_trouble() -> None:
    assert kinds(GOOD) == []
    assert kinds(Facts()) == []


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        (Facts(outbox={"telegram": (NOW - 15 * MINUTE, 1)}), "outbox.telegram"),
        (Facts(refused=frozenset({"mail"})), "secret.mail"),
        (Facts(space=Space(free=9, total=100)), "disk"),
        (Facts(backups=Backups(tried=True, good_at=NOW - timedelta(hours=36))), "backup"),
        (Facts(backups=Backups(nightly=True, tried=True, failed=True, reason="penuh")), "backup"),
        (Facts(down=("sweep",)), "loop.sweep"),
        (Facts(parked=1), "parked"),
    ],
)
def test_each_trouble_is_named(facts: Facts, kind: str) -> None:
    assert kinds(facts) == [kind]


def test_a_desk_that_never_asked_for_backups_hears_nothing_of_them() -> None:
    assert kinds(Facts(backups=Backups())) == []

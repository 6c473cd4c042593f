"""How fast a bot may speak: no window of the provider, wherever it begins, sees more than it allows."""

from sop.pace import Allowance


def booked(allowance: Allowance, chats: list[str], now: float = 0.0, *, group: bool = False) -> list[float]:
    moments = [allowance.book(chat, now, group=group) for chat in chats]
    return [at for at in moments if at is not None]


def most_in(moments: list[float], window: float) -> int:
    return max(sum(start <= at < start + window for at in moments) for start in moments)


def test_one_chat_hears_one_message_a_second_in_order() -> None:
    moments = booked(Allowance(), ["8001"] * 10)

    assert moments == sorted(moments) and moments[0] == 0.0
    assert most_in(moments, 1.0) == 1


def test_a_group_hears_twenty_messages_a_minute() -> None:
    moments = booked(Allowance(), ["-100"] * 70, group=True)

    assert most_in(moments, 60.0) == 20


def test_all_chats_together_hear_thirty_messages_a_second() -> None:
    moments = booked(Allowance(), [str(n) for n in range(200)])

    assert 28 <= most_in(moments, 1.0) <= 30


def test_what_would_leave_too_late_is_not_booked() -> None:
    allowance = Allowance()
    booked(allowance, ["-100"] * 20, group=True)
    before = allowance.book("8001", 30.0)

    assert allowance.book("-100", 30.0, group=True, within=5.0) is None
    assert allowance.book("8001", 40.0) == 40.0 and before == 30.0


def test_a_chat_that_asked_for_patience_waits_and_the_others_do_not() -> None:
    allowance = Allowance()
    allowance.hold("8001", 17.0)

    assert allowance.book("8001", 1.0) == 17.0
    assert allowance.book("8002", 2.0) == 2.0


def test_idle_chats_are_forgotten_without_harm() -> None:
    allowance = Allowance(in_all=10_000.0)
    booked(allowance, [str(n) for n in range(6000)])

    assert allowance.book("1", 1000.0) == 1000.0

"""The intake talk as scripts: when the person says that, the desk says this. Seconds from the start, person, desk."""

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sop.conversation import QUIET
from sop.dialog import ANSWERS
from sop.dialog_reading import Word, identity_in, read
from sop.dialog_state import Choose, Join, Need, Open, Reopen, Resume, Say, Stop, Suggest, TagCategory
from sop.dialog_words import Facts, buttons, label_of, words
from sop.office import Category
from sop.ticket import Status
from tests.sop.dialog_stage import OFFICE, START, Stage, after, told

HOUR = 3600
Talk = tuple[tuple[float, str, str], ...]
TALKS: dict[str, Talk] = {
    "a report whose words name its category gets its number and no question": (
        (0, "KRS saya terkunci", "received"),
        (90, "Mohon dibantu", ""),
    ),
    "without a keyword the category is offered once, and may be ignored": (
        (0, "Saya perlu bantuan petugas", "received ask(category)"),
        (90, "Sejak kemarin tidak bisa dibuka", ""),
        (180, "Halo?", ""),
    ),
    "a number chooses from the menu": (
        (0, "Saya perlu bantuan petugas", "received ask(category)"),
        (20, "1", "complete"),
    ),
    "a pressed category asks at once for what it needs": (
        (0, "Tolong diperbaiki", "received ask(category)"),
        (5, "[kat:lampu]", "ask(photo,location)"),
        (30, "[foto]", ""),
        (50, "[lokasi]", "complete in 10s"),
    ),
    "what came with the first words is not asked again": (
        (0, "[foto] Tolong diperbaiki, -7.79560, 110.36949", "received ask(category)"),
        (70, "[kat:lampu]", "complete"),
    ),
    "a keyword in later words decides the category": (
        (0, "Selamat pagi", "received ask(category)"),
        (70, "KRS saya terkunci", ""),
        (140, "1", ""),
    ),
    "a keyword in later words asks for what that category needs": (
        (0, "Selamat pagi", "received ask(category)"),
        (70, "Lampu jalan mati", "ask(photo,location)"),
        (140, "[foto] [lokasi]", "complete"),
    ),
    "identity is asked where the category needs it, and read from the answer": (
        (0, "Sandi saya lupa", "received ask(identity)"),
        (70, "Dewi Lestari 221040037", "complete"),
    ),
    "who said who they are is not asked": ((0, "Sandi saya lupa, NIM 221040037", "received"),),
    "identity may be left out": (
        (0, "Sandi saya lupa", "received ask(identity)"),
        (10, "lewati", "passed"),
    ),
    "a demanded photo is insisted on once": (
        (0, "Lampu jalan mati", "received ask(photo,location)"),
        (10, "lewati", "insist(photo,location)"),
        (20, "skip", ""),
        (80, "[foto] depan kantor pos", "complete"),
    ),
    "an address in words is a location once it was asked for": (
        (0, "[foto] Lampu mati", "received ask(location)"),
        (80, "di Jl. Magelang nomor 5", "complete"),
    ),
    "a category chosen first asks for nothing twice": (
        (0, "/start", "greeting"),
        (5, "[baru:lampu]", "chosen(photo,location)"),
        (20, "[foto] Padam semua [lokasi]", "received"),
    ),
    "a category chosen by its number before any words": (
        (0, "/start", "greeting"),
        (5, "2", "chosen(identity)"),
        (20, "Tidak bisa masuk", "received ask(identity)"),
    ),
    "commands are understood with typing errors": (
        (0, "statsu", "status"),
        (10, "bantaun", "help"),
        (20, "Behenti", "stopped"),
    ),
    "another matter begins another ticket, and its number comes a minute after the last word": (
        (0, "KRS saya terkunci", "received"),
        (10, "laporan baru", "new"),
        (20, "KRS teman saya juga", "received in 40s"),
    ),
    "of several open tickets the person is asked which, once": (
        (0, "KRS saya terkunci", "received"),
        (100, "laporan baru\nKRS teman saya", "received"),
        (100 + HOUR, "Bagaimana kabarnya", "which"),
        (200 + HOUR, "Mohon kabarnya", ""),
        (300 + HOUR, "2", "placed"),
        (400 + HOUR, "Terima kasih atas bantuannya, sudah bisa", ""),
    ),
    "a number in the text names the ticket": (
        (0, "KRS saya terkunci", "received"),
        (100, "laporan baru\nKRS teman saya", "received"),
        (100 + HOUR, "#1001 masih terkunci", ""),
    ),
    "a command before the words begins another matter with them": (
        (0, "KRS saya terkunci", "received"),
        (100, "/lapor Lampu mati [foto] [lokasi]", "received"),
    ),
    "thanks are not asked about": (
        (0, "KRS saya terkunci", "received"),
        (100, "laporan baru\nKRS teman saya", "received"),
        (100 + HOUR, "terima kasih", ""),
    ),
    "who stopped and writes again is answered again": (
        (0, "KRS saya terkunci", "received"),
        (10, "berhenti", "stopped"),
        (100, "status", "status"),
    ),
}


@pytest.mark.parametrize("talk", TALKS.values(), ids=TALKS.keys())
def test_the_talk_goes(talk: Talk) -> None:
    stage = Stage()

    said = [
        (seconds, line, told(stage.person(line, after(seconds)), after(seconds))) for seconds, line, _ in talk
    ]

    assert tuple(said) == talk


def test_the_chosen_category_files_the_ticket_and_a_second_choice_takes_its_place() -> None:
    stage = Stage()
    stage.person("Mohon bantuan", START)

    first = stage.person("[kat:akun]", after(5))
    second = stage.person("[kat:akademik]", after(9))

    assert TagCategory(2) in first.effects
    assert TagCategory(1, instead=2) in second.effects
    assert stage.tickets[1001].categories == (1,)


def test_what_an_officer_decided_is_not_filed_anew() -> None:
    stage = Stage()
    stage.person("Mohon bantuan", START)
    stage.decide(1001)

    turn = stage.person("[kat:akun]", after(5))

    assert turn.say == (Say.SETTLED,)
    assert not any(isinstance(each, TagCategory) for each in turn.effects)


def test_words_whose_ticket_was_asked_move_to_the_one_that_is_named() -> None:
    stage = Stage()
    stage.person("KRS saya terkunci", START)
    stage.person("laporan baru\nKRS teman saya", after(100))
    stage.person("Bagaimana kabarnya", after(100 + HOUR))
    assert stage.words[-1] == (1002, "Bagaimana kabarnya")

    stage.person("[tiket:1001]", after(160 + HOUR))

    assert stage.words[-1] == (1001, "Bagaimana kabarnya")
    assert stage.current == 1001


def test_a_reply_to_our_message_chooses_its_ticket() -> None:
    stage = Stage()
    stage.person("KRS saya terkunci", START)
    stage.person("laporan baru\nKRS teman saya", after(100))

    turn = stage.person("Masih terkunci", after(110), reply=1001)

    assert turn.effects == (Choose(1001), Join(1001))


def test_a_closed_ticket_is_offered_to_be_opened_again_and_a_yes_opens_it() -> None:
    stage = Stage()
    stage.person("KRS saya terkunci", START)
    stage.close(1001, after(HOUR))

    offer = stage.person("Masih terkunci", after(2 * HOUR))
    yes = stage.person("[buka:1001]", after(2 * HOUR + 5))

    assert offer.say == (Say.OFFER,)
    assert (yes.say, yes.kept) == ((Say.REOPENED,), Reopen(1001))
    assert stage.tickets[1001].status is Status.OPEN


def test_a_number_typed_too_late_stays_a_word_of_the_person() -> None:
    stage = Stage()
    stage.person("Mohon bantuan", START)
    stage.decide(1001)

    turn = stage.person("2", after(5))

    assert (turn.kept, turn.say) == (Join(1001), (Say.SETTLED,))


def test_a_yes_that_nothing_was_offered_for_is_a_word_like_any_other() -> None:
    stage = Stage()
    stage.person("KRS saya terkunci", START)

    assert stage.person("ya", after(90)).effects == (Join(1001),)


def test_a_machine_is_kept_and_never_answered() -> None:
    stage = Stage()

    first = stage.person("Saya sedang cuti", START, auto=True)
    command = stage.person("status", after(100), auto=True)

    assert isinstance(first.kept, Open)
    assert isinstance(command.kept, Join)
    assert stage.said == []


def test_an_emoji_under_a_message_opens_no_ticket() -> None:
    stage = Stage()

    assert stage.person("👍", START, sign=True).effects == ()
    assert stage.said == []


def test_what_the_provider_stopped_is_not_confirmed_by_us() -> None:
    stage = Stage()

    turn = stage.person("STOP", START, provider="STOP")

    assert (turn.effects, turn.say) == ((Stop(),), ())


def test_writing_again_lifts_a_stop() -> None:
    stage = Stage()
    stage.person("berhenti", START)
    assert stage.stopped

    turn = stage.person("KRS saya terkunci", after(100))

    assert turn.effects[0] == Resume()
    assert not stage.stopped


def test_an_edit_brings_what_was_missing_and_is_no_second_message() -> None:
    stage = Stage()
    stage.person("Selamat pagi", START)

    turn = stage.person("Selamat pagi, KRS saya terkunci", after(70), again=True)

    assert (turn.kept, turn.effects) == (None, (Suggest(1),))


def test_mail_is_never_asked_which() -> None:
    stage = Stage(threads=True)
    stage.person("KRS saya terkunci", START)
    stage.person("laporan baru\nKRS teman saya", after(100))

    assert stage.person("Bagaimana kabarnya", after(100 + HOUR)).say == ()


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("/start@layanan_bot", Word.START),
        ("/start abc-123", Word.START),
        ("Status.", Word.STATUS),
        ("status #1042", Word.STATUS),
        ("cek 1042", Word.STATUS),
        ("/lapor", Word.NEW),
        ("UNSUBSCRIBE", Word.STOP),
        ("statsu", Word.STATUS),
        ("smart", Word.PLAIN),
        ("nilai", Word.PLAIN),
        ("bantu saya", Word.PLAIN),
        ("status pembayaran saya belum berubah", Word.PLAIN),
        ("berhenti kuliah bagaimana caranya", Word.PLAIN),
    ],
)
def test_a_line_is_a_command(line: str, word: Word) -> None:
    assert read(line) is word


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("Dewi Lestari 221040037", ["221040037"]),
        ("dewi lestari", ["Dewi Lestari"]),
        ("221040", ["221040"]),
        ("kapan selesai", []),
        ("mohon dibantu", []),
    ],
)
def test_an_answer_says_who_somebody_is(line: str, values: list[str]) -> None:
    assert [each.value for each in identity_in(line)][-1:] == values


def test_the_buttons_stand_in_the_order_of_their_numbers_and_fit_the_provider() -> None:
    stage = Stage()
    turn = stage.person("Mohon bantuan", START)

    rows = buttons(turn.state.options, stage.scene(stage.hear(""), 0), "id")

    flat = [button for row in rows for button in row]
    assert [button.data for button in flat] == ["kat:akademik", "kat:akun", "kat:lampu", "lewati"]
    assert [button.label for button in flat] == ["Akademik", "Akun", "Lampu jalan", "Lewati"]


def test_a_long_code_still_fits_a_button() -> None:
    long = Category(id=7, code="k" * 80, name="Panjang")
    stage = Stage(type(OFFICE)(categories={7: long}))

    turn = stage.person("Mohon bantuan", START)

    assert turn.state.options[0] == "kat:#7"
    assert label_of("kat:#7", stage.scene(stage.hear(""), 0), "id") == "Panjang"
    assert stage.person("[kat:#7]", after(5)).say == (Say.COMPLETE,)


def test_the_words_name_what_is_missing() -> None:
    facts = Facts(number="1042", promise="", needs=(Need.IDENTITY, Need.PHOTO, Need.LOCATION))

    text = words((Say.RECEIVED, Say.ASK), facts, "id")

    assert text == (
        "Laporan Anda kami terima dengan nomor #1042.\n\nMohon lengkapi dengan nama lengkap dan NIM/NIP/NIK Anda, "
        "foto keadaannya dan lokasinya (bagikan titik lokasi atau tuliskan alamatnya)."
    )


LINES = st.sampled_from(
    [
        "KRS saya terkunci", "Lampu mati", "Sandi saya lupa", "Mohon bantuan", "/start", "status", "bantuan", "berhenti",
        "laporan baru", "laporan baru\nLampu mati lagi", "1", "2", "4", "lewati", "ya", "buka lagi", "#1001 bagaimana",
        "terima kasih", "[foto]", "[lokasi]", "[foto] [lokasi] Lampu mati", "Dewi 221040037", "di Jl. Magelang 5",
        "[kat:akun]", "[kat:lampu]", "[kat:hilang]", "[baru:lampu]", "[baru]", "[lewati]", "[tiket:1001]", "[tiket:1002]",
        "[buka:1001]", "#", "???",
    ]
)  # fmt: skip
STEPS = st.lists(
    st.tuples(
        LINES, st.sampled_from([0, 1, 20, 59, 61, 4000]), st.sampled_from(["", "", "", "auto", "close"])
    ),
    max_size=40,
)


@settings(max_examples=300, deadline=None)
@given(STEPS)
@example([("KRS saya terkunci", 0, "")] + [("laporan baru\nLampu mati lagi", 0, "")] * 4)
def test_whatever_is_said_the_desk_neither_nags_nor_loses_a_word(steps: list[tuple[str, int, str]]) -> None:
    """Never twice in a row the same question, one automatic word a minute, none to machines, every word in a ticket."""
    stage, seconds = Stage(), 0.0
    asked: tuple[Need, ...] = ()
    for line, pause, more in steps:
        seconds += pause
        now, before = after(seconds), len(stage.words)
        if more == "close" and stage.current:
            stage.close(stage.current, now)
        turn = stage.person(line, now, **({"auto": True} if more == "auto" else {}))
        if more == "auto":
            assert turn.say == ()
        heard = stage.hear(line)
        command = not heard.files and (heard.button or read(heard.text) is not Word.PLAIN)
        if more == "auto" or not command:
            chose = turn.answer and turn.kept is None
            assert len(stage.words) - before == (0 if chose else 1), turn
        if Say.ASK in turn.say:
            assert turn.needs != asked or isinstance(turn.kept, Open) or turn.answer
            asked = turn.needs
    automatic = [each.at for each in stage.said if not each.turn.answer]
    assert all(later - earlier >= QUIET for earlier, later in pairwise(automatic))
    answers = [each.at for each in stage.said if each.turn.answer]
    assert all(later - earlier >= QUIET for earlier, later in zip(answers, answers[ANSWERS:], strict=False))

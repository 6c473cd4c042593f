"""A marked sentence is collected wherever it stands, also within an f-string, where the library does not always look."""

from io import BytesIO

from tanggap.words import bot_strings, strings

SOURCE = b"""
def card(name: str) -> str:
    "/tutup NOMOR - menutup tiket"
    return f"{name}: {_('tanpa nama')}, {translate('lewat tenggat', name)}" + _("biasa")
"""


def test_what_is_marked_within_an_f_string_is_collected() -> None:
    found = {said for _, _, said, _ in strings(BytesIO(SOURCE), {}, (), {})}

    assert found == {"tanpa nama", "lewat tenggat", "biasa"}


def test_a_bots_help_line_is_collected_beside_them() -> None:
    found = {said for _, _, said, _ in bot_strings(BytesIO(SOURCE), {}, (), {})}

    assert found == {"tanpa nama", "lewat tenggat", "biasa", "/tutup NOMOR - menutup tiket"}

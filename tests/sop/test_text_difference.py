"""Two versions of a template stand beside each other word by word."""

from sop.text_difference import Stretch, difference


def test_what_went_stands_before_what_came() -> None:
    assert difference("Sandi baru aktif", "Sandi Anda aktif") == (
        Stretch("Sandi "),
        Stretch("baru", "gone"),
        Stretch("Anda", "new"),
        Stretch(" aktif"),
    )


def test_the_same_has_no_difference() -> None:
    assert difference("a\nb", "a\nb") == (Stretch("a\nb"),)
    assert difference("", "") == ()


def test_both_versions_can_be_read_out_of_it() -> None:
    before, after = "Yth. {{ nama }},\n\nsatu dua", "Halo {{ nama }},\n\ndua tiga\n"
    found = difference(before, after)

    assert "".join(each.text for each in found if each.how != "new") == before
    assert "".join(each.text for each in found if each.how != "gone") == after


def test_a_change_within_a_line_is_found_there() -> None:
    before, after = "Yth. mahasiswa,\n\nlibur 12 Mei.\n", "Yth. mahasiswa,\n\nlibur 13 Mei.\nTerima kasih.\n"

    assert [each.text for each in difference(before, after) if each.how == "gone"] == ["12"]


def test_what_shares_too_little_counts_as_written_anew() -> None:
    """Whatever is compared, the work stays small."""
    before, after = "a b " * 2500, "c d " * 2500

    assert [each.how for each in difference(before, after)] == ["gone", "new", ""]
    assert difference("\n" * 20_000, "\n" * 15_000)

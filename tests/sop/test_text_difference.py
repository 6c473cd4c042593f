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

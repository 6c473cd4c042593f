"""The small charts of the state page."""

from datetime import timedelta
from xml.etree import ElementTree

from sop.chart import binned, chart
from tests.samples import MINUTE, NOW

SPAN = timedelta(hours=1)


def test_points_fall_into_equal_parts_and_what_is_older_into_none() -> None:
    points = [(NOW - 90 * MINUTE, 9.0), (NOW - 60 * MINUTE, 1.0), (NOW - 31 * MINUTE, 2.0), (NOW, 4.0)]

    assert binned(points, NOW, SPAN, 2, sum) == [3.0, 4.0]
    assert binned([(NOW, None)], NOW, SPAN, 2, max) == [None, None]


def test_a_bar_above_the_limit_is_drawn_as_late_and_the_words_are_escaped() -> None:
    drawn = chart([1.0, None, 3.0], title="<b>", top="3", left="08.00", right="09.00", limit=2.0)

    bars = [each.get("class") for each in ElementTree.fromstring(drawn) if each.tag == "rect"]
    assert bars == ["f1", "fl"]
    assert "style=" not in drawn and "<b>" not in drawn


def test_a_day_without_a_measure_is_an_empty_chart() -> None:
    assert "rect" not in chart([None, 0.0], title="Pesan", top="", left="a", right="b")

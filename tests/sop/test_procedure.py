"""The shipped procedures as values: worst cases, the paper's table, the diagram, the schema, what a revision changes."""

import re
from datetime import date
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace

from sop.diagram import diagram
from sop.paper import as_text, paper
from sop.procedure import Kind, Procedure, Role, lane_of, speaker_lane
from sop.procedure_difference import difference
from sop.procedure_file import read, shipped
from sop.procedure_schema import schema
from sop.procedure_worst import worst_case

EIGHT = {
    "uc3-fakultas",
    "uc3-lembaga",
    "uc3-kantor-pusat",
    "mipa-care",
    "itb-care-center",
    "jss-upik",
    "jss-upik-admin-pusat",
    "humas-telegram",
}


def procedure(name: str) -> Procedure:
    return read(shipped()[name])


def test_eight_procedures_are_shipped_under_their_own_names() -> None:
    assert shipped().keys() == EIGHT
    assert {procedure(name).id for name in EIGHT} == EIGHT


@pytest.mark.parametrize(
    ("name", "span"),
    [
        ("uc3-fakultas", "7 hari kerja + 15 menit"),
        ("uc3-lembaga", "7 hari kerja + 15 menit"),
        ("uc3-kantor-pusat", "6 hari kerja + 15 menit"),
        ("mipa-care", "5 hari + 3 jam 15 menit"),
        ("humas-telegram", "1 hari + 3 jam 25 menit"),
        ("jss-upik", "28 jam berjalan"),
        ("jss-upik-admin-pusat", "28 jam berjalan"),
        ("itb-care-center", "1 hari kerja + 24 jam berjalan"),
    ],
)
def test_the_limits_of_the_paper_add_up(name: str, span: str) -> None:
    assert str(worst_case(procedure(name))) == span


@pytest.mark.parametrize(
    ("name", "lane"),
    [
        ("uc3-fakultas", "narahubung"),
        ("mipa-care", "operator"),
        ("itb-care-center", "agent"),
        ("jss-upik", "lapangan"),
        ("humas-telegram", ""),
    ],
)
def test_one_lane_speaks_to_the_reporter(name: str, lane: str) -> None:
    assert speaker_lane(procedure(name)) == lane


def test_the_complained_about_party_and_third_parties_do_not_see_the_reporter() -> None:
    for name in EIGHT:
        for lane in procedure(name).lanes:
            if lane.role in (Role.PARTY, Role.THIRD_PARTY):
                assert not lane.sees_reporter


def test_buttons_are_two_words_at_most_and_a_rejection_always_says_why() -> None:
    for name in EIGHT:
        for step in procedure(name).steps:
            for choice in step.decisions:
                assert len(choice.label.split()) <= 2
                assert choice.kind is not Kind.REJECT or choice.reason == "required"


def test_the_header_of_the_paper_is_kept() -> None:
    mipa, uc3 = procedure("mipa-care"), procedure("uc3-fakultas")

    assert (uc3.number, uc3.header.issue, uc3.revision, uc3.effective) == (
        "PK 5.5",
        "1",
        "0",
        date(2021, 8, 6),
    )
    assert len(uc3.header.legal_basis) == 3
    assert (mipa.header.made, mipa.effective) == (date(2021, 12, 9), date(2022, 1, 3))
    assert mipa.header.record_keeping == "Disimpan sebagai data elektronik dan manual"


def test_the_changes_the_reporter_is_told_are_named_by_the_procedure() -> None:
    assert procedure("uc3-fakultas").tells == ("analisa.lapor",)
    assert "distribusi.tolak" in procedure("jss-upik").tells


def test_the_paper_of_a_faculty_has_eight_lanes_from_user_to_rector() -> None:
    table = paper(procedure("uc3-fakultas"))

    assert table.lanes == (
        "User",
        "Narahubung",
        "Wakil Koordinator",
        "Koordinator",
        "Wakil Dekan",
        "Dekan",
        "Wakil Rektor",
        "Rektor",
    )
    assert [row.number for row in table.rows] == ["1", "2", "3", "4", "", "", "", "", "5"]
    assert [row.marks.index(True) for row in table.rows] == [0, 1, 1, 2, 3, 4, 5, 6, 7]
    assert [row.limit for row in table.rows] == ["", "15 menit", *["1 hari kerja"] * 7]


def test_the_paper_as_text_is_a_straight_table() -> None:
    for name in EIGHT:
        text = as_text(paper(procedure(name)))
        tables = re.findall(r"(?:^[+|].*\n)+", text, re.MULTILINE)
        assert tables
        for table in tables:
            assert len({len(line) for line in table.splitlines()}) == 1, name

    assert "Memberi kebijakan" in as_text(paper(procedure("uc3-fakultas")))


def test_what_a_reading_added_stands_below_the_papers_own_rows() -> None:
    table = paper(procedure("mipa-care"))

    assert [row.number for row in table.rows] == [str(number) for number in range(1, 8)]
    assert [row.step for row in table.added] == ["putusan-dekan"]
    assert "Dekan" not in table.lanes


def test_the_diagram_is_well_formed_carries_no_style_and_marks_where_the_case_stands() -> None:
    for name in EIGHT:
        shown = procedure(name)
        here = next(step for step in shown.steps if step.visited)
        root = ElementTree.fromstring(diagram(shown, now=here.id))
        stays = [each for each in root.iter() if each.get("class", "").startswith("stay")]
        assert not [each for each in root.iter() if "style" in each.attrib or each.tag.endswith("style")]
        assert len(stays) == len([step for step in shown.steps if not step.routine])
        assert len([each for each in stays if "now" in each.get("class", "").split()]) == 1


def test_the_diagram_escapes_what_a_file_says() -> None:
    shown = procedure("uc3-fakultas")
    lanes = (replace(shown.lanes[0], name="<b>&"), *shown.lanes[1:])

    assert "&lt;b&gt;&amp;" in diagram(replace(shown, lanes=lanes))


def test_the_schema_knows_every_key_of_the_shipped_files() -> None:
    found = schema()
    steps = found["properties"]["steps"]["items"]

    assert found["additionalProperties"] is False
    for text in shipped().values():
        assert set(re.findall(r"^([a-z_]+):", text, re.MULTILINE)) <= found["properties"].keys()
        assert (
            set(re.findall(r"^    ([a-z_]+):", text.partition("\nsteps:")[2], re.MULTILINE))
            <= steps["properties"].keys()
        )


def test_a_revision_says_what_it_changes() -> None:
    text = shipped()["uc3-fakultas"]
    new = read(
        text.replace("revisi: 0", "revisi: 1")
        .replace("waktu: 15 menit", "waktu: 30 menit")
        .replace("ladder: [wk, koor, wd, dekan, wr]", "ladder: [wk, koor, dekan, wr]")
    )

    changes = difference(read(text), new)

    assert changes == (
        "Revisi berubah dari “0” menjadi “1”.",
        "Langkah lapor-wd dihapus.",
        "Langkah analisa: Batas berubah dari “15 menit” menjadi “30 menit”.",
        "Langkah lapor-koor, keputusan naik: Tujuan berubah dari “lapor-wd” menjadi “lapor-dekan”.",
        "Langkah lapor-dekan: Tingkat berubah dari “4” menjadi “3”.",
        "Langkah lapor-wr: Tingkat berubah dari “5” menjadi “4”.",
    )
    assert difference(new, new) == ()


def test_every_step_is_held_by_a_lane_of_its_procedure() -> None:
    for name in EIGHT:
        shown = procedure(name)
        assert all(lane_of(shown, step.lane) for step in shown.steps)


def test_a_change_is_told_in_english_with_the_sops_own_words_as_they_are() -> None:
    text = shipped()["uc3-fakultas"]
    new = read(text.replace("waktu: 15 menit", "waktu: 30 menit"))

    assert difference(read(text), new, "en") == (
        "Step analisa: Limit changes from “15 menit” to “30 menit”.",
    )
    assert "Flow chart: " in diagram(new, language="en")
    assert "30 minutes" in diagram(new, language="en")
    assert "30 menit" in diagram(new)

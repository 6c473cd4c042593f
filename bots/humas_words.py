"""Short words that the lanes of the Humas chain choose by a button instead of typing them."""

from sop.errors import N_
from sop.procedure import Decision, Kind
from sop.publication import Check

SHORT = {
    Kind.INSTRUCT: (
        N_("Mohon ditindaklanjuti."),
        N_("Mohon difasilitasi dan dicek detailnya."),
        N_("Mohon didahulukan."),
    ),
    Kind.RETURN: (
        N_("Mohon lengkapi surat dan lampirannya."),
        N_("Mohon cocokkan tanggal, waktu, dan tempat."),
        N_("Mohon sesuaikan sasarannya."),
    ),
    Kind.REJECT: (
        N_("Bukan wewenang Humas universitas."),
        N_("Surat permohonan tidak lengkap."),
    ),
}
TICKS = {
    Check.ACCURACY: N_("Isi benar"),
    Check.WORDING: N_("Bahasa baku"),
    Check.OFFICE: N_("Nama lembaga"),
    Check.PICTURES: N_("Izin gambar"),
}


def short(decision: Decision) -> tuple[str, ...]:
    """Ready reasons or instructions for this decision."""
    return SHORT.get(decision.kind, ())

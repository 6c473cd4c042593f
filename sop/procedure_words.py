"""The words of a procedure file and what they mean: keys, roles, kinds, and the decisions every SOP knows."""

from typing import Literal, NamedTuple

from sop.procedure import Asked, Kind, Role

Shape = Literal["text", "texts", "date", "flag", "limit", "list", "mapping", "next", "count"]

HEADER: dict[str, Shape] = {
    "sop": "text",
    "judul": "text",
    "nomor": "text",
    "terbitan": "text",
    "revisi": "text",
    "dibuat": "date",
    "direvisi": "date",
    "disahkan": "date",
    "efektif": "date",
    "jenis": "text",
    "penanggung_jawab": "text",
    "tujuan": "text",
    "ruang_lingkup": "texts",
    "dasar_hukum": "texts",
    "kualifikasi": "texts",
    "peralatan": "texts",
    "peringatan": "text",
    "pencatatan": "text",
    "keterkaitan": "texts",
    "lampiran": "texts",
    "indikator": "texts",
    "pengesahan": "list",
    "kalender": "text",
    "hk": "text",
    "hari": "text",
    "jam": "text",
    "batas": "limit",
    "on_breach": "text",
    "note": "text",
    "lanes": "list",
    "steps": "list",
}
SIGNER: dict[str, Shape] = {"peran": "text", "jabatan": "text", "tanggal": "date"}
LANE: dict[str, Shape] = {
    "id": "text",
    "nama": "text",
    "peran": "text",
    "lihat_pelapor": "flag",
    "di_tabel": "flag",
    "note": "text",
}
STEP: dict[str, Shape] = {
    "id": "text",
    "nomor": "text",
    "kegiatan": "text",
    "lane": "text",
    "ladder": "texts",
    "kelengkapan": "text",
    "waktu": "limit",
    "jam": "text",
    "output": "text",
    "keterangan": "text",
    "next": "next",
    "jawaban": "flag",
    "jeda": "flag",
    "opsional": "flag",
    "rutin": "text",
    "di_dalam": "text",
    "status": "text",
    "bukti": "texts",
    "note": "text",
}
DECISION: dict[str, Shape] = {
    "ke": "text",
    "puncak": "text",
    "tombol": "text",
    "sifat": "text",
    "alasan": "text",
    "kode": "mapping",
    "kabar": "text",
    "tutup": "flag",
    "ulang": "mapping",
    "note": "text",
}
LOOP: dict[str, Shape] = {
    "paling_banyak": "count",
    "lalu": "text",
    "id": "text",
    "tombol": "text",
    "sifat": "text",
    "alasan": "text",
    "kabar": "text",
}

UP = "+1"
"""Target of a ladder's decision: the next rung."""

CASES: dict[str, Literal["ticket", "publication"]] = {"tiket": "ticket", "publikasi": "publication"}
BREACHES: dict[str, Literal["remind", "escalate"]] = {"remind": "remind", "naik": "escalate"}
ASKED: dict[str, Asked] = {"tidak": "none", "boleh": "optional", "wajib": "required"}
ROUTINES = ("sekali", "harian", "bulanan")
ROLES = {
    "pelapor": Role.REPORTER,
    "petugas": Role.AGENT,
    "atasan": Role.SUPERIOR,
    "terlapor": Role.PARTY,
    "lapangan": Role.FIELD,
    "pihak_ketiga": Role.THIRD_PARTY,
    "penyelia": Role.SUPERVISOR,
    "humas": Role.HUMAS,
}
KINDS = {
    "menjawab": Kind.ANSWER,
    "menaikkan": Kind.ESCALATE,
    "memberi_kebijakan": Kind.POLICY,
    "meneruskan": Kind.FORWARD,
    "mengembalikan": Kind.RETURN,
    "menerima": Kind.ACCEPT,
    "menolak": Kind.REJECT,
    "mengalihkan": Kind.REDISTRIBUTE,
    "menyerahkan": Kind.HAND_OVER,
    "menyelesaikan": Kind.RESOLVE,
    "memastikan": Kind.CONFIRM,
    "bertanya": Kind.ASK,
    "menutup": Kind.CLOSE,
    "mengesahkan": Kind.ATTEST,
    "menginstruksikan": Kind.INSTRUCT,
    "menerbitkan": Kind.PUBLISH,
    "mengarsipkan": Kind.ARCHIVE,
}


class Usual(NamedTuple):
    """What a decision is when its file says no more than where it leads."""

    label: str
    kind: Kind
    reason: Asked = "none"


USUAL = {
    "jawab": Usual("Jawab", Kind.ANSWER),
    "kirim": Usual("Kirim jawaban", Kind.ANSWER),
    "lapor": Usual("Lapor atasan", Kind.ESCALATE, "required"),
    "naik": Usual("Naikkan", Kind.ESCALATE, "required"),
    "kebijakan": Usual("Beri kebijakan", Kind.POLICY, "required"),
    "teruskan": Usual("Teruskan", Kind.FORWARD),
    "lanjut": Usual("Lanjutkan", Kind.FORWARD),
    "kembalikan": Usual("Kembalikan", Kind.RETURN, "required"),
    "terima": Usual("Terima", Kind.ACCEPT),
    "tolak": Usual("Tolak", Kind.REJECT, "required"),
    "alihkan": Usual("Alihkan", Kind.REDISTRIBUTE, "optional"),
    "serahkan": Usual("Serahkan", Kind.HAND_OVER, "optional"),
    "selesai": Usual("Selesai", Kind.RESOLVE),
    "sesuai": Usual("Sesuai", Kind.CONFIRM),
    "layak": Usual("Layak", Kind.CONFIRM),
    "tutup": Usual("Tutup", Kind.CLOSE),
    "sahkan": Usual("Sahkan", Kind.ATTEST),
    "instruksi": Usual("Instruksikan", Kind.INSTRUCT),
    "disposisi": Usual("Disposisikan", Kind.INSTRUCT),
    "terbitkan": Usual("Terbitkan", Kind.PUBLISH),
    "arsipkan": Usual("Arsipkan", Kind.ARCHIVE),
}

"""Who gets in where: a row for each route and act of the app, a column for each actor (PROCEDURES.md, section 6)."""

from console import acts, humas_acts, status, writing

ACTORS = ("nobody", "yusuf", "dian", "hendra", "wira", "budi", "fitri", "sari", "lestari")
"""Nobody, the sysadmin, the auditor, a superior whom the case did not reach, the one whose it is, the other unit's
agent and supervisor, the unit's agent, and the supervisor of every unit."""

ACTS = {
    "/tiket/{number}": tuple(writing._WRITTEN),
    "/tiket/{number}/{act}": tuple(acts._DONE),
    "/tiket/{number}/tahan": ("tahan", "lepas"),
    "/status/{token}": tuple(status._DONE),
    "/kasus/{token}": ("", "bukti"),
    "/publikasi/{number}": tuple(humas_acts.DONE),
    "/loket/telepon/{number:int}": ("disampaikan", "belum"),
    "/penyelia/{act}": ("ulangi", "singkirkan", "kirim"),
    "/gagal/{number:int}/{act}": ("ulang", "ubah", "lain", "beres"),
    "/templat-wa/{number:int}/{act}": ("ubah", "pensiun", "aktif"),
    "/templat": ("", "lihat"),
    "/templat/{number:int}/{act}": ("setujui", "berlakukan", "tarik"),
    "/profil/{act}": ("bahasa", "kode", "sesi", "sandi", "kunci", "pasang", "lepas"),
    "/akun/{login}/{act}": ("ubah", "sesi", "semua", "sso", "pulih", "tutup", "buka"),
    "/kategori/{number:int}/{act}": ("gabung", "pisah", "pensiun", "aktif"),
    "/tampilan/{number:int}": ("nama", "hapus"),
    "/borongan": ("tag", "assign", "close"),
    "/petugas/{act}": ("baru", "duduk", "berdiri", "hadir", "lowong", "terisi"),
    "/humas/sasaran/{number:int}/{act}": ("nama", "tanya", "pensiun", "aktif"),
    "/humas/topik/{number:int}/{act}": ("nama", "pensiun", "aktif", "kanal"),
    "/prosedur/naskah/{code}/{act}": ("buang", "berlakukan"),
}
EXPECTED = """
iii iii iii iii iii iii iii iii iii  GET /lapor
iii iii iii iii iii iii iii iii iii  POST /lapor
iia iia iia iia iia iia iia iia iia  GET /lapor/{unit}
iia iia iia iia iia iia iia iia iia  POST /lapor/{unit}
iia iia iia iia iia iia iia iia iia  GET /lapor/{unit}/{category}
iia iia iia iia iia iia iia iia iia  POST /lapor/{unit}/{category}
iii iii iii iii iii iii iii iii iii  GET /status
iia iia iia iia iia iia iia iia iia  POST /status
iii iii iii iii iii iii iii iii iii  GET /privasi
iia iia iia iia iia iia iia iia iia  GET /berhenti/{token}
iia iia iia iia iia iia iia iia iia  POST /berhenti/{token}
iii iii iii iii iii iii iii iii iii  GET /langganan
aaa aaa aaa aaa aaa aaa aaa aaa aaa  POST /langganan
iia iia iia iia iia iia iia iia iia  GET /langganan/{token}
iia iia iia iia iia iia iia iia iia  POST /langganan/{token}
iia iia iia iia iia iia iia iia iia  GET /status/{token}
iia iia iia iia iia iia iia iia iia  POST /status/{token} kirim
iia iia iia iia iia iia iia iia iia  POST /status/{token} buka
rra rra rra rra rra rra rra rra rra  POST /status/{token} nilai
iia iia iia iia iia iia iia iia iia  POST /status/{token} selesai
iia iia iia iia iia iia iia iia iia  POST /status/{token} cabut
iia iia iia iia iia iia iia iia iia  GET /status/{token}/berkas/{number:int}
iia iia iia iia iia iia iia iia iia  GET /kasus/{token}
iia rra rra rra rra rra rra rra rra  POST /kasus/{token}
rra rra rra rra rra rra rra rra rra  POST /kasus/{token} bukti
iia iia iia iia iia iia iia iia iia  GET /kasus/{token}/lampiran/{number:int}
lll nnn nnn nnn nnn iii iii iii iii  GET /loket
lll nnn nnn nnn nnn iii iii iii iii  POST /loket
lll aaa nna aaa naa aia aia iaa iia  GET /loket/{number}/struk
lll aaa nna aaa aaa aia ara iaa rra  POST /loket/telepon/{number:int} disampaikan
lll aaa nna aaa aaa aia aia iaa iia  POST /loket/telepon/{number:int} belum
lll aaa nna aaa naa aia aia iaa iia  GET /tiket/{number}/formulir
lll aaa nna aaa naa aia aia iaa iia  POST /tiket/{number}/formulir
lll aaa iia aaa caa aia aia iaa iia  GET /tiket/{number}/formulir/cetak
lll aaa nna aaa naa aia aia iaa iia  POST /tiket/{number}/tautan
lll aaa nna aaa naa ara ara raa rra  POST /tiket/{number}/tautan/cabut
lll ccc iii ccc ccc iii iii iii iii  GET /
lll ccc iii ccc ccc iii iii iii iii  GET /antrean
iii iii iii iii iii iii iii iii iii  GET /login
lll lll lll lll lll lll lll lll lll  POST /login
lll lll lll lll lll lll lll lll lll  POST /login/kode
aaa aaa aaa aaa aaa aaa aaa aaa aaa  GET /login/sso
aaa aaa aaa aaa aaa aaa aaa aaa aaa  GET /login/sso/kembali
lll lll lll lll lll lll lll lll lll  POST /keluar
lll aaa iia aaa caa aia aia iaa iia  GET /tiket/{number}
lll aaa iia aaa caa aia aia iaa iia  GET /tiket/{number}/cetak
lll aaa iia aaa caa aia aia iaa iia  GET /tiket/{number}/cetak.pdf
lll aaa iia aaa caa ana aia naa iia  GET /tiket/{number}/perkara
lll aaa iia aaa caa ana aia naa iia  GET /tiket/{number}/perkara.pdf
lll aaa nna aaa naa aia aia iaa iia  GET /tiket/{number}/gabung
lll aaa nna aaa naa aia aia iaa iia  GET /tiket/{number}/pisah
lll aaa nna aaa naa aia aia iaa iia  GET /tiket/{number}/tautkan
lll aaa nna aaa caa ara ara raa rra  POST /tiket/{number}/{act} gabung
lll aaa nna aaa caa ara ara raa rra  POST /tiket/{number}/{act} batal-gabung
lll aaa nna aaa caa ara ara raa rra  POST /tiket/{number}/{act} pisah
lll aaa nna aaa caa ara ara raa rra  POST /tiket/{number}/{act} batal-pisah
lll aaa nna aaa caa ara ara raa rra  POST /tiket/{number}/{act} taut
lll aaa nna aaa caa ara ara raa rra  POST /tiket/{number}/{act} lepas-alamat
lll aaa nna aaa caa ara ara raa rra  POST /tiket/{number}/{act} batal-taut
lll aaa iia aaa caa aia aia iaa iia  POST /tiket/{number}/{act} ikut
lll aaa iia aaa caa aia aia iaa iia  POST /tiket/{number}/{act} tidak-ikut
lll aaa nna aaa caa aia aia iaa iia  POST /tiket/{number} jawab
lll aaa nna aaa caa ara ara raa rra  POST /tiket/{number} tutup
lll aaa nna aaa caa ara ara raa rra  POST /tiket/{number} tanya
lll aaa nna aaa caa aia aia iaa iia  POST /tiket/{number} catatan
lll aaa nna aaa caa aia aia iaa iia  POST /tiket/{number} simpan
lll aaa nna aaa caa aia aia iaa iia  POST /tiket/{number} templat
lll aaa rra aaa caa ara ara raa rra  POST /tiket/{number} pakai
lll aaa nna aaa caa aia aia iaa iia  POST /tiket/{number} lihat
lll aaa nna aaa caa aia aia iaa iia  POST /tiket/{number} lampir
lll aaa nna aaa caa aia aia iaa iia  POST /tiket/{number} lepas
lll aaa nna aaa caa aia ara iaa rra  POST /tiket/{number} siap
lll aaa nna aaa caa ara ara raa rra  POST /tiket/{number} nanti
lll aaa nna aaa naa aaa aaa aaa aaa  POST /tiket/{number}/tarik-kembali
lll aaa nna aaa naa aaa aaa aaa aaa  POST /tiket/{number}/batal-tunggu
lll aaa nna aaa naa aia aia iaa iia  POST /tiket/{number}/hadir
lll aaa nna aaa naa aia aia iaa iia  POST /tiket/{number}/rupa
lll aaa nna aaa naa ana aia naa iia  GET /tiket/{number}/hapus
lll aaa nna aaa naa ana ara naa rra  POST /tiket/{number}/hapus
lll aaa nna aaa naa ana aia naa iia  GET /tiket/{number}/hapus-pelapor
lll aaa nna aaa naa ana ara naa rra  POST /tiket/{number}/hapus-pelapor
lll aaa nna aaa naa ana aia naa iia  GET /tiket/{number}/tahan
lll aaa nna aaa naa ana aia naa iia  POST /tiket/{number}/tahan tahan
lll aaa nna aaa naa ana ara naa rra  POST /tiket/{number}/tahan lepas
lll nnn nnn nnn nnn nnn iii nnn iii  GET /retensi
lll ccc iii ccc ccc iii iii iii iii  GET /terjadwal
lll aaa nna aaa caa aia ara iaa rra  POST /tiket/{number}/{act} ambil
lll aaa nna aaa caa ana aia naa iia  POST /tiket/{number}/{act} serahkan
lll aaa nna aaa caa aia aia iaa iia  POST /tiket/{number}/{act} kategori
lll aaa nna aaa caa aia aia iaa iia  POST /tiket/{number}/{act} identitas
lll aaa rra aaa iaa ara ara raa rra  POST /tiket/{number}/{act} putuskan
lll aaa nna aaa caa ara ara raa rra  POST /tiket/{number}/{act} tutup
lll aaa nna aaa caa ara ara raa rra  POST /tiket/{number}/{act} buka
lll aaa nna aaa caa aia ara iaa rra  POST /tiket/{number}/{act} kirim-ulang
lll aaa nna aaa caa aia aia iaa iia  POST /tiket/{number}/{act} konsep
lll aaa iia aaa iaa aia aia iaa iia  POST /tiket/{number}/{act} dibaca
lll aaa iia aaa caa aia aia iaa iia  GET /berkas/{number:int}
lll aaa iia aaa caa aia aia iaa iia  GET /berkas/{number:int}/kecil
lll iii iii iii iii iii iii iii iii  GET /cari
lll iii iii iii iii iii iii iii iii  GET /cari/cepat
lll ccc iii ccc ccc iii iii iii iii  POST /tampilan
lll rrr rrr rrr rrr rrr rir rrr iir  POST /tampilan/{number:int} nama
lll rrr rrr rrr rrr rrr rir rrr irr  POST /tampilan/{number:int} hapus
lll iii iii iii iii iii iii iii iii  POST /borongan tag
lll iii iii iii iii iii iii iii iii  POST /borongan assign
lll iii iii iii iii iii iii iii iii  POST /borongan close
lll nnn nnn nnn nnn nnn iii nnn iii  GET /penyelia
lll nnn nnn nnn nnn nnn iii nnn iii  POST /penyelia/{act} ulangi
lll nnn nnn nnn nnn nnn iii nnn iii  POST /penyelia/{act} singkirkan
lll aaa nna aaa naa aia ara iaa rra  POST /penyelia/{act} kirim
lll nnn nnn nnn nnn iii iii iii iii  GET /gagal
lll aaa aaa aaa aaa aia aia iaa iia  GET /gagal/{number:int}
lll aaa nna aaa naa aia ara iaa rra  POST /gagal/{number:int}/{act} ulang
lll aaa nna aaa naa aia ara iaa rra  POST /gagal/{number:int}/{act} ubah
lll aaa nna aaa naa ara ara raa rra  POST /gagal/{number:int}/{act} lain
lll aaa nna aaa naa aia aia iaa iia  POST /gagal/{number:int}/{act} beres
lll nnn nnn nnn nnn nnn nnn nnn iii  GET /templat-wa
lll nnn nnn nnn nnn nnn nnn nnn iii  POST /templat-wa
lll nnn nnn nnn nnn nnn nnn nnn iii  POST /templat-wa/periksa
lll nnn nnn nnn nnn nnn nnn nnn iia  GET /templat-wa/{number:int}
lll nnn nnn nnn nnn nnn nnn nnn iia  POST /templat-wa/{number:int}/{act} ubah
lll nnn nnn nnn nnn nnn nnn nnn iia  POST /templat-wa/{number:int}/{act} pensiun
lll nnn nnn nnn nnn nnn nnn nnn iia  POST /templat-wa/{number:int}/{act} aktif
lll nnn nnn nnn nnn nnn iii nnn iii  GET /templat
lll nnn nnn nnn nnn nnn rir nnn iii  POST /templat
lll nnn nnn nnn nnn nnn iii nnn iii  POST /templat lihat
lll nnn nnn nnn nnn nnn aia nnn iia  GET /templat/{number:int}
lll nnn nnn nnn nnn nnn aia nnn iii  POST /templat/{number:int}
lll nnn nnn nnn nnn nnn rir nnn iir  POST /templat/{number:int}/{act} setujui
lll nnn nnn nnn nnn nnn rir nnn iir  POST /templat/{number:int}/{act} berlakukan
lll nnn nnn nnn nnn nnn rir nnn iir  POST /templat/{number:int}/{act} tarik
lll nnn nnn nnn nnn nnn iii nnn iii  GET /templat/ekspor
lll nnn nnn nnn nnn nnn rrr nnn rrr  POST /templat/impor
lll iii iii iii iii iii iii iii iii  GET /profil
lll iii iii iii iii iii iii iii iii  POST /profil/{act} bahasa
lll iii iii iii iii iii iii iii iii  POST /profil/{act} kode
lll rrr rrr rrr rrr rir rrr irr rrr  POST /profil/{act} sesi
lll rrr rrr rrr rrr rrr rrr rrr rrr  POST /profil/{act} sandi
lll iii iii iii iii iii iii iii iii  POST /profil/{act} kunci
lll rrr rrr rrr rrr rrr rrr rrr rrr  POST /profil/{act} pasang
lll rrr rrr rrr rrr rrr rrr rrr rrr  POST /profil/{act} lepas
lll aaa iia aaa iaa aia aia iaa iia  GET /live
lll iii iii iii iii iii iii iii iii  GET /keputusan
lll aaa iia aaa iaa aia aia iaa iia  GET /keputusan/{number}
lll aaa iia aaa iaa ara aia raa iia  POST /keputusan/{number}
lll aaa iia aaa raa ara aia raa iia  POST /keputusan/{number}/bukti
lll aaa aaa aaa iaa aia aaa iaa aaa  GET /keputusan/{number}/berkas/{file:int}
lll iii iii iii iii iii iii iii iii  GET /prosedur
lll nnn nnn nnn nnn nnn iii nnn iii  GET /prosedur/naskah
lll nnn nnn nnn nnn nnn iir nnn iir  POST /prosedur/naskah
lll nnn nnn nnn nnn nnn iii nnn iii  POST /prosedur/naskah/{code}/{act} buang
lll nnn nnn nnn nnn nnn ria nnn iaa  POST /prosedur/naskah/{code}/{act} berlakukan
iii iii iii iii iii iii iii iii iii  GET /prosedur/skema.json
lll iia iia iia iia iia iia iia iia  GET /prosedur/{code}
lll iia iia iia iia iia iia iia iia  GET /prosedur/{code}/sumber.yaml
lll nnn nnn nnn nnn nnn iii nnn iii  GET /petugas
lll nnn nnn nnn nnn nnn iii nnn rrr  POST /petugas/{act} baru
lll nnn nnn nnn nnn nnn rir nnn iir  POST /petugas/{act} duduk
lll nnn nnn nnn nnn nnn aia nnn iaa  POST /petugas/{act} berdiri
lll nnn nnn nnn nnn nnn ria nnn iia  POST /petugas/{act} hadir
lll nnn nnn nnn nnn nnn ria nnn iia  POST /petugas/{act} lowong
lll nnn nnn nnn nnn nnn aia nnn iaa  POST /petugas/{act} terisi
lll nnn nnn nnn nnn nnn iii nnn iii  GET /pintu
lll nnn nnn nnn nnn nnn aia nnn iia  POST /pintu
lll nnn nnn nnn nnn nnn aia nnn iia  GET /pintu/{token}
lll nnn nnn nnn nnn nnn aia nnn iia  POST /pintu/{token}/tutup
lll nnn nnn nnn nnn nnn aia nnn iia  GET /pintu/{token}/{way}.png
lll nnn nnn nnn nnn nnn iii nnn iii  GET /akun
lll nnn nnn nnn nnn nnn rrr nnn iii  POST /akun
lll nnn nnn nnn nnn nnn aia nnn iia  GET /akun/{login}
lll nnn nnn nnn nnn nnn aia nnn iia  POST /akun/{login}/{act} ubah
lll nnn nnn nnn nnn nnn aia nnn ira  POST /akun/{login}/{act} sesi
lll nnn nnn nnn nnn nnn aia nnn iia  POST /akun/{login}/{act} semua
lll nnn nnn nnn nnn nnn aia nnn iia  POST /akun/{login}/{act} sso
lll nnn nnn nnn nnn nnn aia nnn iia  POST /akun/{login}/{act} pulih
lll nnn nnn nnn nnn nnn ara nnn rra  POST /akun/{login}/{act} tutup
lll nnn nnn nnn nnn nnn aia nnn iia  POST /akun/{login}/{act} buka
lll iii iii iii iii iii iii iii iii  GET /hak
lll iii iii iii iii iii iii iii iii  GET /ke
rrr rrr rrr rrr rrr rrr rrr rrr rrr  GET /sandi/{token}
rrr rrr rrr rrr rrr rrr rrr rrr rrr  POST /sandi/{token}
lll nnn nnn nnn nnn nnn iii nnn iii  GET /kategori
lll nnn nnn nnn nnn nnn rir nnn iri  POST /kategori
lll nnn nnn nnn nnn nnn nnn nnn iii  POST /kategori/saran
lll nnn nnn nnn nnn nnn aia nnn iia  GET /kategori/{number:int}
lll nnn nnn nnn nnn nnn aia nnn iia  POST /kategori/{number:int}
lll nnn nnn nnn nnn nnn aaa nnn iia  POST /kategori/{number:int}/{act} gabung
lll nnn nnn nnn nnn nnn aaa nnn aaa  POST /kategori/{number:int}/{act} pisah
lll nnn nnn nnn nnn nnn aia nnn iia  POST /kategori/{number:int}/{act} pensiun
lll nnn nnn nnn nnn nnn aia nnn iia  POST /kategori/{number:int}/{act} aktif
lll nnn nnn nnn nnn nnn iii nnn iii  GET /unit
lll nnn nnn nnn nnn nnn rrr nnn iii  POST /unit
lll nnn nnn nnn nnn nnn aia nnn iia  GET /unit/{code}
lll nnn nnn nnn nnn nnn aia nnn iia  POST /unit/{code}
lll nnn nnn nnn nnn nnn aia nnn iia  POST /unit/{code}/grup
lll iii nnn nnn nnn nnn iii nnn iii  GET /mulai
lll nnn nnn nnn nnn nnn nnn nnn iii  POST /mulai
lll iii iii iii iii iii iii iii iii  GET /humas
lll iii iii iii iii iii iii iii iii  GET /humas/arsip
lll iii iii iii iii iii iii iii iii  GET /humas/rekap
lll iii iii iii iii iii iii iii iii  GET /humas/kalender
lll iii iii iii iii iii iii iii iii  GET /humas/baru
lll iii iii iii iii iii iii iii iii  POST /humas/baru
lll aaa iia aaa iaa aia aia iaa iia  GET /publikasi/{number}
lll aaa iia aaa iaa aia aia iaa iia  GET /publikasi/{number}/disposisi
lll aaa iia aaa iaa aia aia iaa iia  GET /publikasi/{number}/disposisi.pdf
lll aaa iia aaa iaa aia aia iaa iia  GET /publikasi/{number}/penerima
lll aaa iia aaa iaa aia aia iaa iia  GET /publikasi/{number}/penerima.{form}
lll aaa aaa aaa aaa aaa aaa aaa aaa  GET /publikasi/{number}/arsip.zip
lll aaa iia aaa iaa aia aia iaa iia  GET /publikasi/{number}/berkas/{file:int}
lll aaa nna aaa iaa aia ana iaa iia  POST /publikasi/{number} simpan
lll aaa nna aaa iaa aia ana iaa nna  POST /publikasi/{number} periksa
lll aaa nna aaa iaa ara ana raa nna  POST /publikasi/{number} putus
lll aaa rra aaa raa ara ara raa rra  POST /publikasi/{number} sebar
lll aaa rra aaa raa ara ara raa rra  POST /publikasi/{number} jadwal
lll aaa rra aaa raa ara ara raa rra  POST /publikasi/{number} jeda
lll aaa rra aaa raa ara ara raa rra  POST /publikasi/{number} lanjut
lll aaa rra aaa raa ara ara raa rra  POST /publikasi/{number} henti
lll aaa nna aaa raa ara ana raa nna  POST /publikasi/{number} ulang
lll aaa rra aaa raa ara ara raa rra  POST /publikasi/{number} tautan
lll aaa nna aaa naa ana aia naa ira  POST /publikasi/{number} tarik
lll aaa nna aaa iaa aia ana iaa iia  POST /publikasi/{number} lampir
lll aaa nna aaa iaa aia ana aaa aaa  POST /publikasi/{number} keluarkan
lll aaa nna aaa raa ara ana raa nna  POST /publikasi/{number} uji
lll aaa nna aaa raa ara ana raa nna  POST /publikasi/{number} ralat
lll aaa rra aaa raa ara ara raa rra  POST /publikasi/{number} ralat-setuju
lll aaa rra aaa raa ara ara raa rra  POST /publikasi/{number} ralat-tolak
lll aaa rra aaa raa ara ara raa rra  POST /publikasi/{number} cabut
lll nnn nnn nnn iii iii iii iii iii  GET /humas/sasaran
lll nnn nnn nnn inn nin nrn rnn rrn  POST /humas/sasaran
lll nnn nnn nnn iaa aia aia iaa iia  POST /humas/sasaran/{number:int}/{act} nama
lll nnn nnn nnn iaa aia aia iaa iia  POST /humas/sasaran/{number:int}/{act} tanya
lll nnn nnn nnn iaa aia aia iaa iia  POST /humas/sasaran/{number:int}/{act} pensiun
lll nnn nnn nnn iaa aia aia iaa iia  POST /humas/sasaran/{number:int}/{act} aktif
lll nnn nnn nnn inn nin nrn rnn rrn  POST /humas/topik
lll nnn nnn nnn iaa aia aia iaa iia  POST /humas/topik/{number:int}/{act} nama
lll nnn nnn nnn iaa aia aia iaa iia  POST /humas/topik/{number:int}/{act} pensiun
lll nnn nnn nnn iaa aia aia iaa iia  POST /humas/topik/{number:int}/{act} aktif
lll nnn nnn nnn iaa aia ara raa rra  POST /humas/topik/{number:int}/{act} kanal
lll nnn nnn nnn nnn nnn iii nnn iii  GET /kalender
lll iii nnn nnn nnn nnn iii nnn iii  GET /admin/keadaan
lll nnn nnn nnn nnn nnn nnn nnn iii  POST /admin/keadaan
lll nnn nnn nnn nnn nnn rra nnn iia  POST /kalender
"""
"""Who of `ACTORS` meets what, at Kantor Pusat's thing, the faculty's, and one that is nowhere:
i in, r a rule of the desk says no (not a right), n not for their role, a absent, l to the login, c to the case's page.
"""
ROWS = {
    name: row.split(" ") for row, _, name in (line.partition("  ") for line in EXPECTED.split("\n")[1:-1])
}
STRANGE = {
    "nobody": (0, 1),
    "yusuf": (0, 1),
    "hendra": (0, 1),
    "wira": (1,),
    "budi": (0,),
    "fitri": (0,),
    "sari": (1,),
}
"""Whose things are foreign to whom."""
COMMON = (
    "/lapor",
    "/status",
    "/kasus",
    "/prosedur",
    "/kalender",
    "/login",
    "/keluar",
    "/sandi",
    "/templat-wa",
    "/admin/keadaan",
)
"""What no unit has for itself: a secret address or the office's own."""

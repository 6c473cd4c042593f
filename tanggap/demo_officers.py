"""Who sits in the demo's office, each with a phone: the visitor may be any of them. Seats: demo_office.yaml."""

from demo.stage import Officer

AGENTS, ABOVE, OVER, HUMAS = "Petugas", "Atasan", "Penyelia", "Humas"
DECISIONS = "/keputusan"
BOARD = "/humas"

OFFICERS = (
    Officer("sari", "Sari", "Narahubung", 8_001, AGENTS, "/"),
    Officer("budi", "Budi", "Narahubung", 8_002, AGENTS, "/"),
    Officer("wulan", "Wulan", "Wakil Koordinator", 8_003, ABOVE, DECISIONS),
    Officer("hendra", "Hendra", "Koordinator", 8_004, ABOVE, DECISIONS),
    Officer("ratna", "Ratna", "Wakil Dekan", 8_005, ABOVE, DECISIONS),
    Officer("bambang", "Bambang", "Dekan", 8_006, ABOVE, DECISIONS),
    Officer("indra", "Indra", "Wakil Rektor", 8_007, ABOVE, DECISIONS),
    Officer("surya", "Surya", "Rektor", 8_008, ABOVE, DECISIONS),
    Officer("lestari", "Lestari", "Penyelia", 8_009, OVER, "/penyelia"),
    Officer("yusuf", "Yusuf", "Wakil Rektor III", 8_011, HUMAS, BOARD, "humas"),
    Officer("endang", "Endang", "Kepala BPKH", 8_012, HUMAS, BOARD, "humas"),
    Officer("agus", "Agus", "Koordinator PKIH", 8_013, HUMAS, BOARD, "humas"),
    Officer("rini", "Rini", "Wakil Koordinator Humas", 8_014, HUMAS, BOARD, "humas"),
    Officer("dimas", "Dimas", "Petugas Humas", 8_015, HUMAS, BOARD, "humas"),
)
"""The first is who the visitor is at the beginning."""

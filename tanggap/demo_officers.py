"""Who sits in the demo's office, each with a staff phone: the visitor may be any of them. Seats: demo_office.yaml."""

from demo.stage import Officer

AGENTS, ABOVE, OVER = "Petugas", "Atasan", "Penyelia"
DECISIONS = "/keputusan"

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
)
"""The first is who the visitor is at the beginning."""

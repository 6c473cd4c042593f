"""The steps of a procedure file: a ladder becomes one step a rung, a decision gets what its name usually means."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from msgspec.structs import replace

from sop.errors import N_
from sop.limit import Hours
from sop.procedure import END, Code, Decision, Kind, Role, Step
from sop.procedure_reader import WORD, Reader
from sop.procedure_words import ASKED, DECISION, KINDS, LOOP, ROUTINES, STEP, UP, USUAL, Usual
from sop.procedure_yaml import Entry, Report

HOURS: dict[str, Hours] = {"kerja": "kerja", "24x7": "24x7"}


def steps_of(
    page: Reader, lanes: Mapping[str, Role], hours: Hours, places: dict[str, int], report: Report
) -> tuple[Step, ...]:
    """All steps in paper order. `places` gets the line of each step ("step:ID") and decision ("step:ID.DECISION")."""
    found: list[Step] = []
    starts: dict[str, str] = {}
    for entry in page.items("steps"):
        here = Reader(entry, STEP, _place(entry), report)
        for step in _step(here, lanes, hours, places, report):
            if f"step:{step.id}" in places:
                here.fault(
                    here.line_of("id"),
                    N_("Id pada {place} ditulis dua kali."),
                    N_("Beri id lain pada salah satunya."),
                )
                continue
            places[f"step:{step.id}"] = here.line
            found.append(step)
            if step.rung == 1:
                starts[step.ladder] = step.id
    return tuple(_linked(step, {each.id for each in found}, starts, places, page) for step in found)


def _place(entry: Entry) -> str:
    name = entry.value.get("id") if isinstance(entry.value, dict) else None
    return f"langkah {name.value}" if name and isinstance(name.value, str) else N_("langkah")


def _step(
    here: Reader, lanes: Mapping[str, Role], hours: Hours, places: dict[str, int], report: Report
) -> tuple[Step, ...]:
    """One step, or as many as its ladder has rungs."""
    ladder = here.texts("ladder")
    for lane in ladder or (here.needed("lane", "narahubung"),):
        if lane and lane not in lanes:
            _unknown(here, here.line_of("ladder" if ladder else "lane"), "lane", lane, list(lanes))
    base = _base(here, here.choice("jam", HOURS, hours))
    if "next" in here.found and isinstance(here.found["next"].value, str):
        base = _plain(base, here.text("next"), lanes.get(here.text("lane")) is Role.REPORTER)
    decisions = _decisions(here, base.id, places, report) or base.decisions
    if "ladder" not in here.found:
        return (replace(base, lane=here.text("lane"), decisions=decisions),)
    if not ladder:
        here.fault(
            here.line_of("ladder"), N_("Tangga pada {place} kosong."), N_("Tulis lane dari bawah ke atas.")
        )
    return tuple(
        replace(
            base,
            id=f"{base.id}-{lane}",
            lane=lane,
            ladder=base.id,
            rung=number,
            decisions=_rung(here, decisions, base.id, ladder, number, places),
        )
        for number, lane in enumerate(ladder, 1)
    )


def _base(here: Reader, hours: Hours) -> Step:
    routine = here.choice("rutin", {each: each for each in ROUTINES}, "")
    return Step(
        id=here.identifier("id", "analisa"),
        number=here.text("nomor"),
        activity=here.needed("kegiatan", "Menganalisa laporan"),
        lane="",
        input=here.text("kelengkapan"),
        output=here.text("output"),
        limit=here.limit("waktu", hours),
        speaks=here.flag("jawaban"),
        pause=here.flag("jeda"),
        optional=here.flag("opsional"),
        routine=routine,
        within=here.text("di_dalam"),
        state=here.text("status"),
        evidence=here.texts("bukti"),
        remark=here.text("keterangan"),
        note=here.text("note"),
    )


def _plain(step: Step, target: str, reporter: bool) -> Step:
    """`next: STEP`: the one way on. A reporter's own act without limit is passed over, else a button is needed."""
    if reporter and not step.limit and not step.within:
        return replace(step, next=target)
    name = "kirim" if step.speaks else "lanjut"
    usual = USUAL[name]
    return replace(
        step,
        decisions=(
            Decision(id=name, label=usual.label, kind=usual.kind, target=target, closes=target == END),
        ),
    )


def _decisions(here: Reader, step: str, places: dict[str, int], report: Report) -> tuple[Decision, ...]:
    entry = here.found.get("next")
    if entry is None or isinstance(entry.value, str):
        return ()
    if not isinstance(entry.value, dict):
        here.fault(
            entry.line,
            N_("“next” pada {place} harus berisi keputusan."),
            N_("Tulis “jawab: langkah-tujuan”."),
        )
        return ()
    found = []
    for name, value in entry.value.items():
        places[f"step:{step}.{name}"] = value.line
        found.append(_decision(name, value, here, report))
    return tuple(found)


def _decision(name: str, entry: Entry, here: Reader, report: Report) -> Decision:
    if isinstance(entry.value, str):
        entry = Entry(entry.line, {"ke": entry})
    page = Reader(entry, DECISION, f"{here.place}, {name}", report)
    label, kind, reason = _usual(page, name)
    target = page.needed("ke", END)
    decision = Decision(
        id=name,
        label=label,
        kind=kind,
        target=target,
        reason=page.choice("alasan", ASKED, reason),
        codes=_codes(page),
        says=page.text("kabar"),
        closes=page.flag("tutup", target == END),
        note=page.text("note"),
    )
    if target == UP and not page.text("puncak"):
        page.fault(
            page.line,
            N_("Tangga pada {place} tidak berujung: atasan terakhir tidak punya tujuan."),
            N_("Tambahkan “puncak: langkah” untuk anak tangga teratas."),
        )
    return _looped(decision, page, report)


def _usual(page: Reader, name: str) -> Usual:
    known = USUAL.get(name)
    label = page.text("tombol") or (known.label if known else page.needed("tombol", name.capitalize()))
    if len(label.split()) > 2:
        page.fault(
            page.line_of("tombol"),
            N_("Tombol “{label}” pada {place} terlalu panjang."),
            N_("Pakai paling banyak dua kata."),
            label=label[:WORD],
        )
    if known is None and "sifat" not in page.found:
        page.needed("sifat", "meneruskan")
    kind = page.choice("sifat", KINDS, known.kind if known else Kind.FORWARD)
    return Usual(label, kind, known.reason if known else "none")


def _codes(page: Reader) -> tuple[Code, ...]:
    entry = page.found.get("kode")
    if entry is None:
        return ()
    if not isinstance(entry.value, dict):
        page.fault(
            entry.line, N_("“kode” pada {place} harus berisi kode dan artinya."), N_("Tulis “kode: arti”.")
        )
        return ()
    return tuple(Code(name, str(each.value)) for name, each in entry.value.items())


def _looped(decision: Decision, page: Reader, report: Report) -> Decision:
    """The cap of a decision that leads back, and what takes its place when the cap is reached."""
    entry = page.found.get("ulang")
    if entry is None:
        return decision
    loop = Reader(entry, LOOP, f"{page.place}, ulang", report)
    cap = loop.count("paling_banyak")
    target = loop.text("lalu")
    if not target:
        return replace(decision, cap=cap)
    name = loop.text("id", "naik")
    label, kind, reason = _usual(loop, name)
    instead = Decision(
        id=name,
        label=label,
        kind=kind,
        target=target,
        reason=loop.choice("alasan", ASKED, reason),
        says=loop.text("kabar"),
        closes=target == END,
    )
    return replace(decision, cap=cap, instead=instead)


def _rung(
    here: Reader,
    decisions: tuple[Decision, ...],
    base: str,
    ladder: Sequence[str],
    number: int,
    places: dict[str, int],
) -> tuple[Decision, ...]:
    """The decisions of one rung: "+1" is the next one up, for the last the ladder's `puncak`."""
    step = f"{base}-{ladder[number - 1]}"
    for each in decisions:
        places[f"step:{step}.{each.id}"] = places.get(f"step:{base}.{each.id}", here.line)
    up = f"{base}-{ladder[number]}" if number < len(ladder) else ""
    return tuple(
        replace(each, target=up or _top(here, each.id)) if each.target == UP else each for each in decisions
    )


def _top(here: Reader, decision: str) -> str:
    entry = here.found["next"].value
    chosen = entry[decision].value if isinstance(entry, dict) else ""
    top = chosen.get("puncak") if isinstance(chosen, dict) else None
    return str(top.value) if top else END


def _linked(
    step: Step, known: set[str], starts: dict[str, str], places: dict[str, int], page: Reader
) -> Step:
    """The step with ladder names turned into first rungs; targets that do not exist are faults."""

    def real(target: str, line: int) -> str:
        target = starts.get(target, target)
        if target != END and target not in known:
            _unknown(page, line, N_("langkah"), target, [*sorted(known | set(starts)), END])
            return END
        return target

    def turned(decision: Decision) -> Decision:
        line = places.get(f"step:{step.id}.{decision.id}", places[f"step:{step.id}"])
        instead = decision.instead and replace(decision.instead, target=real(decision.instead.target, line))
        return replace(decision, target=real(decision.target, line), instead=instead)

    line = places[f"step:{step.id}"]
    return replace(
        step,
        decisions=tuple(turned(each) for each in step.decisions),
        next=real(step.next, line) if step.next else "",
        within=real(step.within, line) if step.within else "",
    )


def _unknown(here: Reader, line: int, what: str, name: str, known: Sequence[str]) -> None:
    near = get_close_matches(name[:WORD], known, 1)
    here.fault(
        line,
        N_("Tidak ada {what} “{name}” ({place})."),
        N_("Maksud Anda “{near}”? Yang ada: {known}.") if near else N_("Yang ada: {known}."),
        what=what,
        name=name[:WORD],
        near="".join(near),
        known=", ".join(known),
    )

"""What a procedure must be so that no case can get lost in it: every step is reached, left, and left in the end."""

from collections.abc import Mapping

from sop.errors import N_
from sop.procedure import END, Procedure, Role, Step
from sop.procedure_yaml import Fault, Report

MOST_STEPS = 100  # the rungs of a ladder counted each


def check(procedure: Procedure, places: Mapping[str, int], line: int, report: Report) -> None:
    """Report every dead end, unreachable step, endless loop and second voice. `line` is where the steps begin."""
    if len(procedure.steps) > MOST_STEPS:
        report(
            Fault(
                line=line,
                problem=N_("SOP memuat {count} langkah."),
                advice=N_("Paling banyak {most}; bagi menjadi beberapa SOP."),
                params={"count": len(procedure.steps), "most": MOST_STEPS},
            )
        )
        return
    lines = {step.id: places.get(f"step:{step.id}", line) for step in procedure.steps}
    if not any(step.visited for step in procedure.steps):
        report(
            Fault(
                line=line,
                problem=N_("Tidak ada langkah yang memegang perkara."),
                advice=N_("Tulis sedikitnya satu langkah dengan lane dan keputusan di bawah “next:”."),
            )
        )
        return
    _names(procedure, lines, report)
    _exits(procedure, lines, report)
    _reached(procedure, lines, report)
    _loops(procedure, places, lines, report)
    _voices(procedure, lines, line, report)


def ways(step: Step) -> tuple[str, ...]:
    """Where a case can go from here, END included."""
    found = [choice.target for choice in step.decisions]
    found += [choice.instead.target for choice in step.decisions if choice.instead]
    if step.next:
        found.append(step.next)
    return tuple(dict.fromkeys(found))


def _names(procedure: Procedure, lines: Mapping[str, int], report: Report) -> None:
    """Names that would be taken for something else, and stays that lead where no case can stay."""
    by_id = {step.id: step for step in procedure.steps}

    def say(step: Step, problem: str, advice: str, name: str) -> None:
        report(
            Fault(line=lines[step.id], problem=problem, advice=advice, params={"step": step.id, "name": name})
        )

    for step in procedure.steps:
        if step.id == END:
            say(
                step,
                N_("Langkah tidak boleh bernama “{name}”."),
                N_("Nama itu berarti akhir; pilih nama lain."),
                END,
            )
        for target in ways(step):
            if target in by_id and by_id[target].routine:
                say(
                    step,
                    N_("Langkah {step} menuju pekerjaan rutin {name}."),
                    N_("Arahkan ke langkah yang memegang perkara, atau hapus “rutin”."),
                    target,
                )
        if step.within and not (
            step.within in by_id and by_id[step.within].visited and not by_id[step.within].within
        ):
            say(
                step,
                N_("Langkah {step} di dalam {name}, yang tidak memegang perkara."),
                N_("Tulis pada “di_dalam” langkah yang waktunya tetap berjalan."),
                step.within,
            )
        names = [choice.id for choice in step.decisions]
        names += [choice.instead.id for choice in step.decisions if choice.instead]
        for name in {each for each in names if names.count(each) > 1}:
            say(
                step,
                N_("Keputusan {name} ada dua kali pada langkah {step}."),
                N_("Beri “id” lain di dalam “ulang”."),
                name,
            )


def _exits(procedure: Procedure, lines: Mapping[str, int], report: Report) -> None:
    ending = {step.id for step in procedure.steps if END in ways(step)}
    grown = True
    while grown:
        more = {step.id for step in procedure.steps if ending.intersection(ways(step))} - ending
        ending |= more
        grown = bool(more)
    for step in procedure.steps:
        if step.routine or step.id in ending:
            continue
        none = not ways(step)
        report(
            Fault(
                line=lines[step.id],
                problem=N_("Langkah {step} tidak punya jalan keluar.")
                if none
                else N_("Dari langkah {step} perkara tidak pernah selesai."),
                advice=N_("Tambahkan “next:” dengan keputusan dan tujuannya, misalnya “kirim: selesai”.")
                if none
                else N_("Beri salah satu langkah sesudahnya keputusan dengan tujuan “selesai”."),
                params={"step": step.id},
            )
        )


def _reached(procedure: Procedure, lines: Mapping[str, int], report: Report) -> None:
    by_id = {step.id: step for step in procedure.steps}
    first = next(step for step in procedure.steps if not step.routine)
    seen: set[str] = set()
    waiting = [first.id]
    while waiting:
        here = waiting.pop()
        if here != END and here not in seen:
            seen.add(here)
            waiting += ways(by_id[here])
    for step in procedure.steps:
        if step.id not in seen and not step.routine:
            report(
                Fault(
                    line=lines[step.id],
                    problem=N_("Langkah {step} tidak pernah tercapai."),
                    advice=N_("Arahkan sebuah keputusan ke {step}, atau hapus langkahnya."),
                    params={"step": step.id},
                )
            )


def _loops(procedure: Procedure, places: Mapping[str, int], lines: Mapping[str, int], report: Report) -> None:
    """Every way back is capped, and at the cap another way is left. Reported where the circle turns back."""
    free = {
        step.id: {choice.target for choice in step.decisions if choice.cap is None}
        | ({step.next} if step.next else set())
        for step in procedure.steps
    }
    order = {step.id: index for index, step in enumerate(procedure.steps)}
    for step in procedure.steps:
        back = [(each.id, each.target) for each in step.decisions if each.cap is None]
        for name, target in (*back, *([("next", step.next)] if step.next else [])):
            upward = order.get(target, len(order)) <= order[step.id]
            if upward and _leads_back(target, step.id, free):
                report(_endless(step, name, places.get(f"step:{step.id}.{name}", lines[step.id])))
        if step.decisions and all(choice.cap is not None for choice in step.decisions):
            report(_stuck(step, lines[step.id]))


def _leads_back(start: str, home: str, free: Mapping[str, set[str]]) -> bool:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        here = waiting.pop()
        if here == home:
            return True
        if here not in seen:
            seen.add(here)
            waiting += free.get(here, ())
    return False


def _endless(step: Step, choice: str, line: int) -> Fault:
    return Fault(
        line=line,
        problem=N_("Keputusan {choice} pada langkah {step} dapat berulang tanpa batas."),
        advice=N_(
            "Tambahkan “ulang: {{paling_banyak: 3, lalu: langkah-di-atasnya}}” pada keputusan yang kembali."
        ),
        params={"choice": choice, "step": step.id},
    )


def _stuck(step: Step, line: int) -> Fault:
    return Fault(
        line=line,
        problem=N_("Setelah batas pengulangan, langkah {step} tidak punya keputusan lagi."),
        advice=N_("Tambahkan keputusan tanpa “ulang”, yang selalu tersedia."),
        params={"step": step.id},
    )


def _voices(procedure: Procedure, lines: Mapping[str, int], line: int, report: Report) -> None:
    """One lane speaks to the reporter, and a ticket has a reporter."""
    speaking = [step for step in procedure.steps if step.speaks]
    for step in speaking[1:]:
        if step.lane != speaking[0].lane:
            report(
                Fault(
                    line=lines[step.id],
                    problem=N_("Langkah {step} menjawab pelapor dari lane lain daripada {first}."),
                    advice=N_(
                        "Hanya satu lane yang berbicara kepada pelapor; hapus “jawaban” pada salah satunya."
                    ),
                    params={"step": step.id, "first": speaking[0].id},
                )
            )
    if procedure.kind == "ticket" and not any(lane.role is Role.REPORTER for lane in procedure.lanes):
        report(
            Fault(
                line=line,
                problem=N_("SOP tiket tanpa pelapor."),
                advice=N_("Tambahkan lane dengan “peran: pelapor”, atau tulis “jenis: publikasi”."),
            )
        )

"""The sentences of the intake talk and the labels of its buttons, in the person's language. Pure."""

from collections.abc import Sequence

from msgspec import Struct

from sop.dialog_state import Need, Say, Scene
from sop.errors import N_
from sop.language import Language, translate
from sop.messages import Button
from sop.text import shortened

LABEL = 40  # characters of a button
SIDE = 16  # so short labels stand two in a row


class Facts(Struct, frozen=True, kw_only=True):
    """What fills the sentences. `lines`: the tickets of "status", in words; `promise` says when somebody reads it."""

    office: str = ""
    number: str = ""
    promise: str = ""
    category: str = ""
    needs: tuple[Need, ...] = ()
    lines: Sequence[str] = ()
    topics: Sequence[str] = ()  # what they hear of


SENTENCES = {
    Say.GREETING: N_(
        "Selamat datang di {office}. Silakan tuliskan laporan atau pertanyaan Anda, lengkap dengan nama dan "
        "NIM/NIP/NIK bila ada. Data Anda hanya dipakai untuk menangani laporan ini (UU 27/2022).\n\n"
        "Ketik “status” untuk menanyakan laporan Anda, “bantuan” untuk petunjuk."
    ),
    Say.HELP: N_(
        "Tuliskan laporan Anda dalam satu pesan atau lebih; foto, dokumen, dan pesan suara dapat dilampirkan. "
        "Ketik “status” untuk menanyakan laporan, “laporan baru” untuk perkara lain, “langganan” untuk memilih "
        "pengumuman, “berhenti” bila tidak ingin menerima pemberitahuan."
    ),
    Say.STATUS: N_("Belum ada laporan atas nama Anda di sini. Silakan tuliskan laporan Anda."),
    Say.STOPPED: N_(
        "Baik, pemberitahuan kami hentikan. Laporan Anda tetap kami tangani; tulis kapan saja bila ingin kami jawab lagi."
    ),
    Say.NEW: N_("Baik. Silakan tuliskan laporan baru Anda."),
    Say.CHOSEN: N_("Baik, kategori {category}. Silakan tuliskan laporan Anda."),
    Say.BRANCH: N_("Bila ada yang lebih tepat, pilih di bawah ini atau balas dengan angkanya."),
    Say.RECEIVED: N_("Laporan Anda kami terima dengan nomor {number}."),
    Say.COMPLETE: N_("Terima kasih. Laporan Anda nomor {number} sudah lengkap dan kami teruskan."),
    Say.PASSED: N_("Baik. Laporan Anda nomor {number} kami teruskan apa adanya."),
    Say.SETTLED: N_("Kategori laporan {number} sudah ditetapkan oleh petugas kami."),
    Say.TOPICS: N_(
        "Anda belum berlangganan pengumuman. Pilih topik yang ingin Anda terima di sini, boleh lebih dari satu; "
        "dengan memilihnya Anda setuju menerima pengumumannya, dan dapat berhenti kapan saja."
    ),
    Say.NO_TOPICS: N_("Belum ada topik pengumuman yang dapat diikuti."),
    Say.STOPPING: N_("Anda menerima pengumuman: {topics}. Pilih mana yang dihentikan, atau semuanya."),
    Say.WHICH: N_(
        "Anda memiliki beberapa laporan. Pesan tadi untuk laporan yang mana? Pilih di bawah ini atau balas dengan angkanya."
    ),
    Say.PLACED: N_("Baik, pesan Anda kami catat pada laporan {number}."),
    Say.OFFER: N_(
        "Laporan {number} sudah ditutup. Pesan Anda kami catat di laporan itu. "
        "Balas “buka lagi” bila masalahnya belum selesai, atau “laporan baru” untuk perkara lain."
    ),
    Say.REOPENED: N_("Laporan {number} kami buka lagi dan segera ditelaah."),
}
ASKS = {
    Need.CATEGORY: N_(
        "Agar cepat sampai ke unit yang tepat, pilih kategorinya di bawah ini atau balas dengan angkanya; boleh dilewati."
    ),
    Need.IDENTITY: N_("nama lengkap dan NIM/NIP/NIK Anda"),
    Need.PHOTO: N_("foto keadaannya"),
    Need.LOCATION: N_("lokasinya (bagikan titik lokasi atau tuliskan alamatnya)"),
}
_MENU = N_("Pilih kategorinya di bawah ini atau balas dengan angkanya, atau langsung tuliskan.")


def words(say: Sequence[Say], facts: Facts, language: Language, *, menu: bool = False) -> str:
    """One message of these sentences."""
    return "\n\n".join(filter(None, (_said(each, facts, language, menu) for each in say)))


def _said(say: Say, facts: Facts, language: Language, menu: bool) -> str:
    match say:
        case Say.ASK:
            return _ask(facts.needs, language)
        case Say.INSIST:
            return translate(
                N_("Untuk laporan ini mohon tetap disertakan: {things}. Silakan kirim kapan saja di sini."),
                language,
                things=_things(facts.needs, language),
            )
        case Say.STATUS if facts.lines:
            return "\n".join(facts.lines)
        case Say.TOPICS if facts.topics:
            return translate(
                N_("Anda menerima pengumuman: {topics}. Pilih topik untuk mulai atau berhenti menerimanya."),
                language,
                topics=", ".join(facts.topics),
            )
    number = f"#{facts.number}" if facts.number else ""
    text = translate(
        SENTENCES[say],
        language,
        office=facts.office,
        number=number,
        category=facts.category,
        topics=", ".join(facts.topics),
    )
    if say is Say.RECEIVED:
        return f"{text} {facts.promise}".strip()
    if say is Say.CHOSEN and facts.needs:
        return f"{text} {_ask(facts.needs, language, also=True)}"
    return f"{text}\n\n{translate(_MENU, language)}" if menu and say in (Say.GREETING, Say.NEW) else text


def _ask(needs: Sequence[Need], language: Language, *, also: bool = False) -> str:
    if Need.CATEGORY in needs:
        return translate(ASKS[Need.CATEGORY], language)
    asks = N_("Sertakan pula {things}.") if also else N_("Mohon lengkapi dengan {things}.")
    return translate(asks, language, things=_things(needs, language))


def _things(needs: Sequence[Need], language: Language) -> str:
    """ "a", "a dan b" or "a, b dan c"."""
    things = [translate(ASKS[each], language) for each in needs]
    if len(things) < 2:
        return "".join(things)
    return f"{', '.join(things[:-1])} {translate(N_('dan'), language)} {things[-1]}"


def buttons(options: Sequence[str], scene: Scene, language: Language) -> tuple[tuple[Button, ...], ...]:
    """The menu's rows; short labels stand two side by side. Their order is that of the numbers."""
    keys = [Button(label=label_of(data, scene, language), data=data) for data in options]
    rows: list[tuple[Button, ...]] = []
    for key in keys:
        if rows and len(rows[-1]) == 1 and len(key.label) <= SIDE and len(rows[-1][0].label) <= SIDE:
            rows[-1] = (*rows[-1], key)
        else:
            rows.append((key,))
    return tuple(rows)


def label_of(data: str, scene: Scene, language: Language) -> str:
    """What stands on the button with that data."""
    act, _, of = data.partition(":")
    if data == "lewati":
        return translate(N_("Lewati"), language)
    if act == "buka":
        return translate(N_("Buka lagi"), language)
    if act in ("topik", "henti"):
        return _topic_label(act, of, scene, language)
    if act == "tiket" and (ticket := scene.ticket(int(of))):
        return shortened(f"#{of} {ticket.subject}", LABEL)
    if act in ("kat", "baru") and of:
        code = of.removeprefix("#")
        found = next((each for each in scene.categories if code in (each.code, str(each.id))), None)
        return shortened(found.name, LABEL) if found else code
    return translate(N_("Laporan baru"), language)


def _topic_label(act: str, of: str, scene: Scene, language: Language) -> str:
    topic = next((each for each in scene.topics if str(each.id) == of), None)
    if topic is None:
        return translate(N_("Semua pengumuman"), language)
    name = shortened(topic.name, LABEL - 10)
    if act == "henti":
        return name
    words = N_("Berhenti: {name}") if topic.id in scene.hears else N_("Ikuti: {name}")
    return translate(words, language, name=name)


def promise(limit: str, language: Language) -> str:
    return translate(N_("Narahubung menelaah paling lama {limit} pada jam layanan."), language, limit=limit)


def promise_later(opening: str, language: Language) -> str:
    """Outside hours. `opening` is a moment in words."""
    return translate(
        N_("Pesan Anda masuk di luar jam layanan; kami telaah mulai {opening}."), language, opening=opening
    )


def status_line(number: str, subject: str, state: str, language: Language) -> str:
    """One ticket in the answer to "status"; `state` in plain words and without an officer's name."""
    return translate(
        N_("#{number} {subject}: {state}"), language, number=number, subject=subject, state=state
    )

"""`tanggap staff`: officers, the lanes they sit in, and the codes that link their chats."""

import secrets
import sys
from typing import Annotated

import typer

from desk import accounts, enlisting, passwords, staff
from desk.secrets import fresh_token
from sop.errors import N_, DeskError
from sop.language import chosen
from sop.officer import Officer
from sop.text import one_line
from store import office as offices
from store import officers
from store.db import View
from tanggap import tables
from tanggap.commands.options import CONFIG, Config, Json
from tanggap.language import _
from tanggap.opened import Opened, ask

app = typer.Typer(add_completion=False)

SHORTEST = 10  # characters of a password that a person chose
LOGIN = 40
NAME = 120
BOTS = ("staff", "humas")


def plain(text: str) -> str:
    """A word of the command line without what no database takes, such as half a letter of a wrong encoding."""
    return one_line(text, NAME)


Login = Annotated[str, typer.Argument(metavar="LOGIN", help=_("Nama pengguna petugas."), callback=plain)]
Lane = Annotated[
    str, typer.Argument(metavar="PERAN", help=_("Lajur SOP, supervisor, auditor, atau sysadmin."))
]
Unit = Annotated[str, typer.Option("--unit", help=_("Kode unit; tanpa ini berlaku di semua unit."))]


class WeakPassword(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Kata sandi terlalu pendek; pakai sedikitnya {least} karakter."), least=SHORTEST)


class NotALogin(DeskError):
    def __init__(self, login: str) -> None:
        super().__init__(
            N_(
                "“{login}” tidak dapat menjadi nama pengguna; pakai huruf kecil, angka, titik, dan tanda hubung."
            ),
            login=one_line(login, LOGIN),
        )


class NoSuchSeat(DeskError):
    def __init__(self, login: str, lane: str, seats: str) -> None:
        super().__init__(
            N_("{login} tidak memegang peran {lane} di sana. Yang dipegang: {seats}."),
            login=login,
            lane=lane,
            seats=seats or "-",
        )


class UnknownBot(DeskError):
    def __init__(self, bot: str) -> None:
        super().__init__(N_("Bot “{bot}” tidak ada; pilih staff atau humas."), bot=bot[:40])


@app.callback()
def group() -> None:
    """Its one line of help stands in `tanggap/cli.py`."""


@app.command(
    "add", help=_("Menambah petugas. Tanpa pilihan sandi, sandi acak dibuat dan ditampilkan sekali.")
)
def add(
    login: Login,
    name: Annotated[str, typer.Option(help=_("Nama yang tampil; bawaan: nama pengguna."))] = "",
    title: Annotated[str, typer.Option(help=_("Jabatan."))] = "",
    lane: Annotated[
        list[str] | None,
        typer.Option(metavar="PERAN", help=_("Peran; boleh diulang. Misalnya narahubung, supervisor.")),
    ] = None,
    unit: Unit = "",
    language: Annotated[str, typer.Option(help=_("Bahasa layar: id atau en."))] = "id",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help=_("Membaca sandi dari baris pertama masukan standar."))
    ] = False,
    prompt: Annotated[bool, typer.Option("--prompt", help=_("Menanyakan sandi di terminal."))] = False,
    config: Config = CONFIG,
) -> None:
    known = _login(login)
    password, made = _password(password_stdin, prompt)
    hashed = passwords.hash_password(password)

    async def work(desk: Opened) -> None:
        await desk.db.write(
            enlisting.enlist,
            login=known,
            name=one_line(name, NAME) or known,
            title=one_line(title, NAME),
            password_hash=hashed,
            lanes=tuple(dict.fromkeys(lane or ())),
            unit=unit,
            language=chosen(language),
            now=desk.now(),
        )

    ask(config, work)
    typer.echo(_("Petugas {login} ditambahkan.", login=known))
    if made:
        typer.echo(_("Kata sandi (ditampilkan sekali ini saja): {password}", password=password))
    if not lane:
        typer.echo(
            _("Belum berperan. Beri dengan: tanggap staff grant {login} PERAN --unit UNIT", login=known)
        )


def _login(text: str) -> str:
    login = text.strip().lower()
    plain = login.replace(".", "").replace("-", "").replace("_", "")
    if not (plain.isascii() and plain.isalnum() and len(login) <= LOGIN):
        raise NotALogin(text)
    return login


def _password(from_stdin: bool, prompt: bool) -> tuple[str, bool]:
    """(the password, whether it was made here)."""
    if not from_stdin and not prompt:
        return secrets.token_urlsafe(12), True
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = typer.prompt(
            _("Kata sandi"), hide_input=True, confirmation_prompt=_("Sekali lagi"), err=True
        )
    if len(password) < SHORTEST:
        raise WeakPassword
    return password, False


@app.command("list", help=_("Daftar petugas dan perannya."))
def list_all(as_json: Json = False, config: Config = CONFIG) -> None:
    async def work(desk: Opened) -> list[dict[str, object]]:
        return await desk.db.read(_staff, desk)

    found = ask(config, work)
    if as_json:
        for each in found:
            tables.say_json(each)
        return
    names = (_("Nama pengguna"), _("Nama"), _("Jabatan"), _("Peran"))
    tables.show(names, ([str(each[key]) for key in ("login", "name", "title", "seats")] for each in found))


def _staff(view: View, desk: Opened) -> list[dict[str, object]]:
    return [
        {"login": one.login, "name": one.name, "title": one.title, "seats": _seats(view, one)}
        for one in officers.all_of(view, desk.now())
    ]


def _seats(view: View, officer: Officer) -> str:
    """ "narahubung@pusat, supervisor": a lane without a unit holds everywhere."""
    units = {unit.id: unit.code for unit in offices.current(view).units.values()}
    return ", ".join(
        seat.lane
        + (f"@{units.get(seat.unit, '?')}" if seat.unit else "")
        + (" (Plh.)" if seat.deputy_of else "")
        for seat in officer.seats
    )


@app.command("grant", help=_("Memberi petugas sebuah peran, juga sebagai pelaksana harian."))
def grant(
    login: Login,
    lane: Lane,
    unit: Unit = "",
    until: Annotated[
        str, typer.Option(help=_("Hari terakhir, misalnya 2026-10-31; tanpa ini terus berlaku."))
    ] = "",
    deputy_of: Annotated[
        str, typer.Option(help=_("Nama pengguna yang diwakili (Plh./Plt.)."), callback=plain)
    ] = "",
    decree: Annotated[str, typer.Option(help=_("Nomor surat keputusan."))] = "",
    config: Config = CONFIG,
) -> None:
    async def work(desk: Opened) -> None:
        await desk.db.write(
            staff.grant,
            login,
            lane=lane,
            unit=unit,
            now=desk.now(),
            until_at=desk.end_of(until),
            deputy_of=deputy_of,
            decree=one_line(decree, NAME),
        )

    ask(config, work)
    typer.echo(_("{login} kini memegang peran {lane}.", login=login, lane=lane))


@app.command("revoke", help=_("Mengakhiri sebuah peran petugas."))
def revoke(login: Login, lane: Lane, unit: Unit = "", config: Config = CONFIG) -> None:
    async def work(desk: Opened) -> None:
        if not await desk.db.write(staff.revoke, login, lane=lane, unit=unit, now=desk.now()):
            raise NoSuchSeat(login, lane, await desk.db.read(_seats_of, login, desk))

    ask(config, work)
    typer.echo(_("Peran {lane} dari {login} berakhir.", login=login, lane=lane))


def _seats_of(view: View, login: str, desk: Opened) -> str:
    officer = officers.by_login(view, login.strip().lower(), desk.now())
    return _seats(view, officer) if officer else ""


@app.command("link", help=_("Membuat kode sekali pakai untuk menautkan akun Telegram petugas."))
def link(
    login: Login,
    bot: Annotated[str, typer.Option(help=_("staff atau humas."))] = "staff",
    config: Config = CONFIG,
) -> None:
    if bot not in BOTS:
        raise UnknownBot(bot)
    code = staff.fresh_code()

    async def work(desk: Opened) -> None:
        await desk.db.write(staff.offer_code, login, bot, code, desk.now())

    ask(config, work)
    minutes = int(staff.CODE_LASTS.total_seconds() // 60)
    typer.echo(_("Kode: {code}", code=code))
    typer.echo(_("Buka bot {bot} di Telegram, lalu ketik: /hubungkan {code}", bot=bot, code=code))
    typer.echo(_("Kode berlaku {minutes} menit dan hanya sekali.", minutes=minutes))


@app.command("reset", help=_("Membuat tautan sekali pakai untuk kata sandi baru."))
def reset(
    login: Login,
    factor: Annotated[
        bool, typer.Option("--factor", help=_("Lepaskan juga verifikasi dua langkah."))
    ] = False,
    config: Config = CONFIG,
) -> None:
    token = fresh_token()

    async def work(desk: Opened) -> str:
        real = desk.now()
        await desk.db.write(accounts.offer_reset_by_operator, login, token, factor, real, real)
        return desk.settings.desk.public_url

    address = f"{ask(config, work)}/sandi/{token}"
    hours = int(accounts.RESET_LASTS.total_seconds() // 3600)
    typer.echo(_("Tautan, berlaku {hours} jam dan hanya sekali: {address}", hours=hours, address=address))


@app.command("disable", help=_("Menutup akun petugas; catatan kerjanya tetap ada."))
def disable(login: Login, config: Config = CONFIG) -> None:
    async def work(desk: Opened) -> None:
        await desk.db.write(staff.disable, login, desk.now())

    ask(config, work)
    typer.echo(_("Akun {login} ditutup.", login=login))

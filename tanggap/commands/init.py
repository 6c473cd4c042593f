"""`tanggap init`: a folder in which a desk can start."""

import os
import secrets
from pathlib import Path
from typing import Annotated

import typer

from desk import starter
from tanggap import systemd
from tanggap.commands.migrate import run
from tanggap.commands.options import CONFIG, Config
from tanggap.config_file import CONFIG as CONFIG_TEXT
from tanggap.config_file import ENV
from tanggap.environment import read_env_file
from tanggap.language import _
from tanggap.opened import Opened, ask
from tanggap.settings import Settings, read_settings

app = typer.Typer(add_completion=False)

SECRET = "TANGGAP_SECRET"


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=_("Folder kerja; dibuat bila belum ada."))],
    config: Config = CONFIG,
    with_unit: Annotated[
        bool,
        typer.Option(
            "--systemd",
            help=_("Tulis juga {name}, yang menjalankan meja sebagai layanan.", name=systemd.NAME),
        ),
    ] = False,
) -> None:
    path = folder / config
    path.parent.mkdir(parents=True, exist_ok=True)
    _keep_secret(path.parent / ".env")
    _keep_config(path)
    settings = read_settings(path, os.environ)
    make_folders(settings)
    run(settings.store.url)
    _seed(path)
    if with_unit:
        _keep_unit(settings)
    typer.echo(
        _(
            "\nLangkah berikutnya:\n"
            "  tanggap staff add sari --lane narahubung --lane supervisor --config {path}\n"
            "  tanggap check --config {path}\n"
            "  tanggap serve --config {path}\n"
            "Lalu masuk sebagai sari di {address}/mulai: dari sana meja dilengkapi sampai pesan percobaan tiba.",
            path=path,
            address=settings.desk.public_url,
        )
    )


def _seed(path: Path) -> None:
    """A desk that holds an office keeps it."""

    async def work(desk: Opened) -> bool:
        file = starter.office(desk.settings.desk.name, desk.zone)
        return await desk.db.write(starter.seed, file, desk.zone, desk.now())

    if ask(path, work):
        typer.echo(_("Kantor contoh diisikan: satu unit, enam kategori, templat jawaban, dan delapan SOP"))
    else:
        typer.echo(_("Kantor sudah ada dan tidak diubah"))


def make_folders(settings: Settings) -> None:
    """Only the leaf of a `mkdir` gets its mode: the database's folder is made first, since the files often lie within."""
    if settings.store.url.startswith("sqlite:///"):
        Path(settings.store.url.removeprefix("sqlite:///")).parent.mkdir(
            parents=True, exist_ok=True, mode=0o700
        )
    settings.store.files.mkdir(parents=True, exist_ok=True, mode=0o700)


def _keep_secret(path: Path) -> None:
    """A secret that is there already stays: links and reply addresses out there are signed with it."""
    if SECRET in read_env_file(path)[0]:
        typer.echo(_("{path} sudah ada; rahasianya dipakai terus", path=path))
        return
    before = path.read_bytes() if path.exists() else b""
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write("" if not before or before.endswith(b"\n") else "\n")
        file.write(ENV.format(secret=secrets.token_urlsafe(32)))
    typer.echo(_("{path} dibuat, dengan rahasia baru yang acak", path=path))


def _keep_config(path: Path) -> None:
    if path.exists():
        typer.echo(_("{path} sudah ada dan tidak diubah", path=path))
        return
    path.write_text(CONFIG_TEXT, encoding="utf-8")
    typer.echo(_("{path} dibuat", path=path))


def _keep_unit(settings: Settings) -> None:
    """A unit that differs stays, since its owner may have changed it; what to do about it is said."""
    program = systemd.program()
    path, text = settings.folder / systemd.NAME, systemd.unit(settings, program)
    if path.exists() and path.read_text(encoding="utf-8") == text:
        typer.echo(_("{path} sudah sesuai", path=path))
        return
    if path.exists():
        words = _("{path} sudah ada dan tidak diubah; hapus dahulu bila hendak ditulis ulang", path=path)
        typer.echo(words)
        return
    path.write_text(text, encoding="utf-8")
    typer.echo(_("{path} dibuat; pasang dengan perintah di baris keduanya", path=path))
    for place in systemd.hidden([program, settings.folder.resolve()]):
        typer.echo(
            _(
                "Perhatian: {place} tidak terlihat oleh layanan itu. Pasang program di /opt dan meja di /srv.",
                place=place,
            )
        )

"""The command line.

To add a command: one file `tanggap/commands/NAME.py` with
`app = typer.Typer(add_completion=False)`, and one line in `commands()` below.
A file with one `@app.command()` is the command NAME itself; with an `@app.callback()` it is a group, and each
`@app.command("parse")` in it is `tanggap NAME parse`. The file is imported when its command is called and not before,
so it may import what it needs at its top. A command raises what is wrong (DeskError, BadSettings, OSError) and returns
when all is well; exit codes are 0 (done), 1 (refused or failed), 2 (wrongly called).
"""

import sys
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

import typer
from typer.core import TyperCommand

from sop.errors import DeskError, Unavailable
from sop.language import explained
from tanggap.faults import BadSettings, suggestion, system_says
from tanggap.frame import Door, UnknownCommand, in_our_words
from tanggap.language import _, spoken


def commands() -> dict[str, str]:
    """Each command and its line in `tanggap --help`."""
    return {
        "demo": _("Menjalankan peragaan dengan telepon tiruan, tanpa token."),
        "init": _("Menyiapkan folder kerja yang baru."),
        "check": _("Memeriksa config.yaml dan menyebut setiap kesalahan."),
        "migrate": _("Memperbarui basis data ke versi program ini."),
        "backup": _("Mencadangkan meja selagi melayani, lalu membaca ulang hasilnya."),
        "restore": _("Memulihkan cadangan ke tempat yang kosong."),
        "store": _("Memindahkan basis data ke PostgreSQL."),
        "doctor": _("Memeriksa mesin, simpanan, dan saluran."),
        "serve": _("Menjalankan meja layanan di mesin ini."),
        "staff": _("Petugas, perannya, dan tautan akun Telegramnya."),
        "office": _("Unit, kalender, kategori, templat, dan SOP sebagai satu YAML."),
        "ticket": _("Melihat tiket."),
        "template": _("Mencoba templat jawaban."),
        "procedure": _("SOP: melihat, memeriksa, memberlakukan, dan mencobanya."),
        "export": _("Menuliskan tiket, pesan, atau kejadian ke satu berkas."),
        "mail": _("Membaca surel dari berkas."),
        "audit": _("Memeriksa rantai catatan kejadian."),
    }


def door() -> Door:
    listed = {name: TyperCommand(name, help=line) for name, line in commands().items()}
    return Door(
        name="tanggap",
        help=_("Meja layanan di Telegram, WhatsApp, surel, dan web."),
        epilog=_("Bantuan tiap perintah: tanggap PERINTAH --help. English: TANGGAP_LANG=en"),
        commands={**listed},
        rich_markup_mode=None,
        no_args_is_help=True,
    )


def run(args: Sequence[str]) -> int:
    """The exit code. Every refusal is said in one line on stderr; a bug keeps its traceback."""
    try:
        return door().main(list(args), prog_name="tanggap", standalone_mode=False) or 0
    except BadSettings as error:
        return _say(str(error))
    except DeskError as error:
        return _say(explained(error, spoken()))
    except Unavailable:
        return _say(_("Penyimpanan sedang tidak dapat dicapai. Coba lagi sebentar lagi."))
    except typer.TyperException as error:
        return _say(_usage(error), error.exit_code)
    except typer.Abort:
        return _say(_("Dibatalkan."))
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except OSError as error:
        return _say(f"{error.filename}: {system_says(error)}" if error.filename else system_says(error))


def _say(line: str, code: int = 1) -> int:
    print(line, file=sys.stderr)  # noqa: T201  # the one place where the command line speaks of trouble
    return code


def _usage(error: Any) -> str:
    """What was called wrongly, and what to type instead."""
    if isinstance(error, UnknownCommand):
        near = suggestion(error.wrong, error.known)
        near += "" if near.endswith("?") else "."
        return _(
            "Perintah {name} tidak dikenal; {near} Bantuan: {path} --help",
            name=f"'{error.wrong}'",
            near=near,
            path=error.path,
        )
    path = error.ctx.command_path if getattr(error, "ctx", None) else "tanggap"
    match type(error).__name__:
        case "NoArgsIsHelpError":
            return str(error.format_message())
        case "MissingParameter":
            said = _("{what} wajib diisi.", what=_called(error.param))
        case "BadOptionUsage":
            said = _("Pilihan {what} memerlukan nilai.", what=error.option_name)
        case "NoSuchOption":
            said = _("Pilihan {what} tidak dikenal.", what=error.option_name)
            if meant := get_close_matches(error.option_name, _options(error.ctx), 1):
                said += " " + _("Maksud Anda {name}?", name=meant[0])
        case "BadParameter" if error.param:
            wrong = in_our_words(error.message).rstrip(".")
            said = _("{what}: {said}.", what=_called(error.param), said=wrong)
        case _:
            said = in_our_words(error.format_message())
    said += "" if said.endswith((".", "?")) else "."
    return _("{said} Bantuan: {path} --help", said=said, path=path)


def _called(param: Any) -> str:
    """As it is typed: an option by its name, an argument by the word that stands for it."""
    if param is None:
        return ""
    return f"'{param.opts[0]}'" if param.param_type_name == "option" else str(param.get_error_hint())


def _options(context: Any) -> list[str]:
    return [name for param in context.command.params for name in param.opts] if context else []

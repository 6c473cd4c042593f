"""The frame around every command: loaded when it is called, helped in the reader's language."""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from sop.language import SOURCE
from tanggap.language import spoken

# What the library says in English, and what a reader of ours sees.
FRAME_WORDS = {
    "Usage:": "Pemakaian:",
    "Arguments:": "Argumen:",
    "Options:": "Pilihan:",
    "Commands:": "Perintah:",
    "COMMAND [ARGS]...": "PERINTAH [ARGUMEN]...",
    "[OPTIONS]": "[PILIHAN]",
    "[default: ": "[bawaan: ",
    "[required]": "[wajib]",
    "Show this message and exit.": "Menampilkan bantuan ini.",
    "Got unexpected extra argument(s)": "Argumen ini berlebih:",
    "is not a valid integer": "bukan bilangan bulat",
    "is not a valid int": "bukan bilangan bulat",
    "is not one of": "bukan salah satu dari",
    "does not exist": "tidak ada",
    "Value error, ": "",
    "Input should be greater than or equal to": "paling kecil",
    "Input should be less than or equal to": "paling besar",
    "Input should be a valid integer, unable to parse string as an integer": "bukan bilangan bulat",
}


def in_our_words(text: str) -> str:
    """The library's own words in Indonesian; who reads English gets them as they are, but for its prefix."""
    for theirs, ours in FRAME_WORDS.items():
        if spoken() == SOURCE or not ours:
            text = text.replace(theirs, ours)
    return text


class Command(TyperCommand):
    def get_help(self, ctx: Any) -> str:
        return in_our_words(super().get_help(ctx))


class Group(TyperGroup):
    def get_help(self, ctx: Any) -> str:
        return in_our_words(super().get_help(ctx))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args[0] not in self.commands and not args[0].startswith("-"):
            raise UnknownCommand(args[0], ctx.command_path, list(self.list_commands(ctx)))
        return super().resolve_command(ctx, args)


class Door(Group):
    """The outermost group. Its commands are names and one line each until one of them is called."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, listed, rest = super().resolve_command(ctx, args)
        return name, load(name, listed.help), rest


class UnknownCommand(typer.TyperException):
    exit_code = 2

    def __init__(self, wrong: str, path: str, known: list[str]) -> None:
        super().__init__(wrong)
        self.wrong, self.path, self.known = wrong, path, known


def load(name: str, help_line: str) -> Any:
    """The command of `tanggap/commands/NAME.py`, whose `app` is a plain `typer.Typer`."""
    app: typer.Typer = import_module(f"tanggap.commands.{name.replace('-', '_')}").app
    for info in app.registered_commands:
        info.cls = Command
    if app.registered_callback:
        app.registered_callback.cls = Group
        app.info.no_args_is_help = True
    app.rich_markup_mode = None
    command = get_command(app)
    command.name = name
    command.help = help_line
    return command

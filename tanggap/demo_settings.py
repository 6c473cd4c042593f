"""The demo's settings: what config.yaml says on a real machine, all of it pointing at the simulators on loopback."""

from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from pydantic import BaseModel

from tanggap.blocks import Bot, Bots, Desk, Identity, Server, Store
from tanggap.settings import Settings

OFFICE = "Universitas Contoh"
MAIL = "layanan@contoh.ac.id"
AUTHSERV = "mx.contoh.ac.id"
SENDER = "whatsapp:+628110000000"
ACCOUNT = "AC" + "0" * 32
PUBLIC_BOT = "110001:peragaan-publik"
STAFF_BOT = "110002:peragaan-petugas"
HUMAS_BOT = "110003:peragaan-humas"
TELEGRAM = "/tiruan/telegram"
TWILIO = "/tiruan/twilio"
HOST = "127.0.0.1"
PASSWORD = "peragaan-tanggap"  # of every officer of the demo, which listens on loopback alone


def demo_settings(
    folder: Path, *, port: int, smtp: str, maildir: str, secret: str, templates: dict[str, str]
) -> Settings:
    """`smtp` and `maildir` are the mailbox's addresses; `templates` WhatsApp's approved ones by name."""
    base = f"http://{HOST}:{port}"
    channels = {
        "telegram": {"token": PUBLIC_BOT, "api": base + TELEGRAM},
        "whatsapp": {
            "account_sid": ACCOUNT,
            "auth_token": secret,
            "from": SENDER,
            "api": base + TWILIO,
            "content_api": base + TWILIO,
            "templates": templates,
        },
        "mail": {
            "address": MAIL,
            "name": f"Layanan {OFFICE}",
            "inbox": maildir,
            "outbox": smtp,
            "authserv_id": AUTHSERV,
        },
    }
    return Settings(
        folder=folder,
        desk=Desk.model_validate({"name": f"UC3 {OFFICE}", "public_url": base, "secret": secret}),
        server=Server(port=port),
        store=Store(url=f"sqlite:///{folder / 'tanggap.db'}", files=folder / "berkas"),
        channels=MappingProxyType({name: _channel(name, block) for name, block in channels.items()}),
        bots=Bots(staff=_bot(STAFF_BOT, base), humas=_bot(HUMAS_BOT, base)),
        identity=Identity(),
    )


def _bot(token: str, base: str) -> Bot:
    return Bot.model_validate({"token": token, "api": base + TELEGRAM})


def _channel(name: str, block: object) -> BaseModel:
    """The form that the channel's file keeps."""
    form: type[BaseModel] = import_module(f"channels.{name}").Settings
    return form.model_validate(block)

"""What a bot for officers needs of config.yaml: `bots.staff`, and later `bots.humas`."""

from typing import Literal, Self

import pydantic

from sop.errors import N_

SHORTEST_SECRET = 16
API = "https://api.telegram.org"


class Settings(pydantic.BaseModel, frozen=True, extra="forbid"):
    """A bot's block. `group` gets masked cards only; a unit's own group is linked by a one-time code."""

    token: pydantic.SecretStr
    mode: Literal["polling", "webhook"] = "polling"
    secret: pydantic.SecretStr | None = None
    api: str = API
    group: int | None = None

    @pydantic.model_validator(mode="after")
    def refuses_to_start_without_its_secrets(self) -> Self:
        bot, _, key = self.token.get_secret_value().partition(":")
        if not bot.isdigit() or not key:
            raise ValueError(
                N_("token kosong atau bukan token bot; salin dari BotFather, bentuknya 123456:ABC...")
            )
        secret = self.secret.get_secret_value() if self.secret else ""
        if self.mode == "webhook" and len(secret) < SHORTEST_SECRET:
            raise ValueError(
                f"mode webhook memerlukan secret, paling sedikit {SHORTEST_SECRET} karakter acak"
            )
        if not all(sign.isascii() and (sign.isalnum() or sign in "_-") for sign in secret):
            raise ValueError(N_("secret hanya boleh berisi huruf, angka, garis bawah dan tanda hubung"))
        return self

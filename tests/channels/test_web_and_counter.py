"""The two channels without a provider: one publishes, one asks a person to call."""

import pytest
from pydantic import ValidationError

from channels import counter, web
from sop.messages import Outgoing

ANSWER = Outgoing(id=7, channel="web", to="TOKEN", text="KRS Anda sudah dibuka.")


async def test_an_answer_to_the_form_is_published() -> None:
    receipt = await web.Web().send(ANSWER)

    assert (receipt.external_id, receipt.state) == ("7", "published")


async def test_an_answer_to_the_counter_becomes_a_call() -> None:
    receipt = await counter.Counter().send(ANSWER)

    assert (receipt.external_id, receipt.state) == ("7", "by_hand")


@pytest.mark.parametrize("form", [web.Settings, counter.Settings])
def test_they_have_no_settings(form: type[web.Settings] | type[counter.Settings]) -> None:
    with pytest.raises(ValidationError):
        form.model_validate({"port": 1})

"""A sender whose outcomes are counted, and whose log lines carry the id of the outbox row."""

import structlog

from desk.delivery import Sender
from desk.meter import Meter
from sop.messages import Outgoing, Receipt, SendFailed


class Measured:
    """Fits `desk.delivery.Sender` by shape."""

    def __init__(self, name: str, sender: Sender, meter: Meter) -> None:
        self._name = name
        self._sender = sender
        self._meter = meter

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Raises what the sender raises."""
        with structlog.contextvars.bound_contextvars(outbox=outgoing.id):
            outcome = "unknown"
            try:
                receipt = await self._sender.send(outgoing)
                outcome = "sent"
            except SendFailed as failure:
                outcome = _outcome(failure)
                raise
            finally:  # what was cut off by the loop's deadline may have arrived
                self._meter.delivered(self._name, outcome)
        return receipt


def _outcome(failure: SendFailed) -> str:
    if failure.refused:
        return "refused"
    if failure.unknown:
        return "unknown"
    return "failed" if failure.retry is None else "later"

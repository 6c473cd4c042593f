"""A sender whose outcomes are counted and logged; the loop has bound the ids of ticket and outbox row by then."""

import structlog

from desk.delivery import Sender
from desk.meter import Meter
from sop.messages import Outgoing, Priority, Receipt, SendFailed

log = structlog.get_logger()


class Measured:
    """Fits `desk.delivery.Sender` by shape."""

    def __init__(self, name: str, sender: Sender, meter: Meter) -> None:
        self._name = name
        self._sender = sender
        self._meter = meter

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Raises what the sender raises."""
        outcome = "unknown"  # what is cut off by the loop's deadline may have arrived
        try:
            receipt = await self._sender.send(outgoing)
            outcome = "sent"
        except SendFailed as failure:
            outcome = _outcome(failure)
            raise
        finally:
            self._meter.delivered(self._name, outcome)
        if outgoing.priority is not Priority.BROADCAST:
            log.info("message sent", channel=self._name, attempt=outgoing.attempt)
        return receipt


def _outcome(failure: SendFailed) -> str:
    if failure.refused:
        return "refused"
    if failure.unknown:
        return "unknown"
    return "failed" if failure.retry is None else "later"

"""The pages of people without an account, the counter and a case's form, as the console's routes."""

from starlette.routing import BaseRoute

from console import case_link, counter, lapor, sheet, status, subscribing, unsubscribe


def routes() -> tuple[BaseRoute, ...]:
    """They stand before the console's own, of which some would take their addresses."""
    return (
        *lapor.ROUTES,
        *status.ROUTES,
        *case_link.ROUTES,
        *counter.ROUTES,
        *sheet.ROUTES,
        *unsubscribe.ROUTES,
        *subscribing.ROUTES,
    )

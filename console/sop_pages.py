"""The addresses of the procedure engine's pages."""

from starlette.routing import Route

from console import (
    accounts,
    calendars,
    categories,
    decisions,
    first_run,
    jump,
    matrix,
    procedures,
    reset,
    revisions,
    roster,
    targets,
    units,
)

ROUTES: tuple[Route, ...] = (
    *decisions.ROUTES,
    *categories.ROUTES,
    *units.ROUTES,
    *targets.ROUTES,
    *first_run.ROUTES,
    Route("/prosedur", procedures.show),
    Route("/prosedur/naskah", revisions.show, methods=["GET"]),
    Route("/prosedur/naskah", revisions.save, methods=["POST"]),
    Route("/prosedur/naskah/{code}/{act}", revisions.decide, methods=["POST"]),
    Route("/prosedur/skema.json", revisions.as_schema),
    Route("/prosedur/{code}", procedures.show_one),
    Route("/prosedur/{code}/sumber.yaml", revisions.source),
    Route("/petugas", roster.show, methods=["GET"]),
    Route("/petugas/{act}", roster.do, methods=["POST"]),
    *accounts.ROUTES,
    *reset.ROUTES,
    *matrix.ROUTES,
    *jump.ROUTES,
    Route("/kalender", calendars.show, methods=["GET"]),
    Route("/kalender", calendars.close, methods=["POST"]),
)

"""The addresses of the procedure engine's pages."""

from starlette.routing import BaseRoute

from console import decisions

ROUTES: tuple[BaseRoute, ...] = (*decisions.ROUTES,)

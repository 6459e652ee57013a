"""Every router under `/audit`, for the composition root."""

from connective.consent.api import audit

ROUTERS = (audit.routes,)

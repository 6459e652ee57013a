"""Every router of retention and erasure, for the composition root."""

from connective.consent.api import legal_holds, retention_schedule

ROUTERS = (retention_schedule.routes, legal_holds.routes)

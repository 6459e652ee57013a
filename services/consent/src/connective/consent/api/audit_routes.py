"""Every router under `/audit`, for the composition root."""

from connective.consent.api import audit, audit_flows

ROUTERS = (audit.routes, audit_flows.routes)

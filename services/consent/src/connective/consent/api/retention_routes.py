"""Every router of retention and erasure, for the composition root."""

from connective.consent.api import (
    agreement_reviews,
    deletions,
    erasure_previews,
    erasures,
    legal_holds,
    retention_runs,
    retention_schedule,
)

ROUTERS = (
    retention_schedule.routes,
    legal_holds.routes,
    retention_runs.routes,
    erasures.routes,
    erasure_previews.routes,
    deletions.routes,
    agreement_reviews.routes,
)

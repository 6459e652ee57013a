"""Every router under `/audit`, for the composition root."""

from connective.consent.api import (
    access_copies,
    audit,
    audit_breaches,
    audit_exports,
    audit_findings,
    audit_flows,
    audit_said,
    audit_samples,
    corrections,
    information_requests,
    processing_restrictions,
    profiling,
    request_records,
)

ROUTERS = (
    audit.routes,
    audit_flows.routes,
    audit_findings.routes,
    audit_samples.routes,
    audit_breaches.routes,
    audit_exports.routes,
    audit_said.routes,
    information_requests.routes,
    access_copies.routes,
    corrections.routes,
    processing_restrictions.routes,
    profiling.routes,
    request_records.routes,
)

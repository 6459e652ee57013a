"""Requests as FHIR R4 (4.0.1) for peers that speak it: ServiceRequest and Task, and what these refer to."""

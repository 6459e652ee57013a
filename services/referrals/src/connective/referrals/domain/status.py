"""What others call a request's state, and what a referral's own status is derived from."""

from collections.abc import Collection

from connective.referrals.domain.states import FINAL, UNSENT, State

FHIR_STATUS: dict[State, str] = {
    State.ACCEPTED: "accepted",
    State.COMPLETED: "completed",
    State.DECLINED: "rejected",
    State.DRAFT: "draft",
    State.INFORMATION_REQUESTED: "on-hold",
    State.IN_PROGRESS: "in-progress",
    State.LAPSED: "failed",
    State.ON_HOLD: "on-hold",
    State.RECEIVED: "received",
    State.REDIRECTED: "cancelled",
    State.SUBMITTED: "requested",
    State.WAITLISTED: "in-progress",
    State.WITHDRAWN: "cancelled",
}
"""FHIR R4 Task.status for FHIR peers; `blocked` is absent because it is never sent."""


def referral_status(states: Collection[State]) -> str:
    """The status of a referral, derived from its requests and never stored.

    `draft` nothing was sent yet; `blocked` nothing was sent and something may not be; `active` something is under way;
    then, once all are final: `completed` somebody helped, `withdrawn` the referrer took all back, else
    `returned_without_action`.
    """
    if not states:
        return "draft"
    if all(state in UNSENT for state in states):
        return "blocked" if State.BLOCKED in states else "draft"
    if any(state not in FINAL for state in states):
        return "active"
    if State.COMPLETED in states:
        return "completed"
    if all(state is State.WITHDRAWN for state in states):
        return "withdrawn"
    return "returned_without_action"

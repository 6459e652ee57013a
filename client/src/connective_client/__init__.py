"""A small typed client of a Connective Hub, for partners' own systems.

`Hub` waits, `AsyncHub` awaits; both do the same: sign in as a system, try again safely, follow the feed, work requests.
`verify_webhook` checks a message before anything in it is believed.
"""

from connective_client.async_hub import AsyncHub
from connective_client.credentials import KeyCredential, SecretCredential
from connective_client.files import File
from connective_client.hub import Hub
from connective_client.problems import (
    Conflict,
    HubError,
    Invalid,
    NotAllowed,
    NotFound,
    NotReached,
    Removed,
    Stale,
    TooMany,
    Unauthenticated,
    Unavailable,
)
from connective_client.records import Change, Opened, RequestItem, Status
from connective_client.retrying import Patience
from connective_client.webhooks import Message, NotGenuine, verify_webhook

__all__ = [
    "AsyncHub",
    "Change",
    "Conflict",
    "File",
    "Hub",
    "HubError",
    "Invalid",
    "KeyCredential",
    "Message",
    "NotAllowed",
    "NotFound",
    "NotGenuine",
    "NotReached",
    "Opened",
    "Patience",
    "Removed",
    "RequestItem",
    "SecretCredential",
    "Stale",
    "Status",
    "TooMany",
    "Unauthenticated",
    "Unavailable",
    "verify_webhook",
]

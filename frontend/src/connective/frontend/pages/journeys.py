"""Every page of every journey: a new module of pages adds its routers here."""

from connective.frontend.pages import (
    account,
    asking,
    directory,
    families,
    home,
    inbox,
    proving,
    proving_ledger,
    proving_records,
    registering,
    registering_sent,
    request_actions,
    requests,
    sign_in,
    static,
)

ROUTERS = (
    static.routes,
    sign_in.routes,
    sign_in.own_routes,
    home.about_routes,
    directory.routes,
    asking.routes,
    home.routes,
    registering_sent.routes,
    registering.routes,
    families.routes,
    account.routes,
    inbox.routes,
    requests.routes,
    request_actions.routes,
    proving_ledger.routes,
    proving.routes,
    proving.list_routes,
    proving_records.routes,
)
"""In this order an address is looked for: a fixed address stands before one that takes an id."""

"""The Hub's own services are no clients: shown apart, made by no call, and nobody else bears their names."""

from gateway_calls import call, token
from gateway_hub import Hub

from connective.contracts.permissions import SERVICE_PERMISSIONS


async def test_whoever_runs_the_platform_sees_the_services_and_their_keys(shared_hub: Hub) -> None:
    admin = token(shared_hub, "place_admin")
    found = (await call(shared_hub, "GET", "/service-identities", admin)).json()["items"]
    assert [each["service"] for each in found] == sorted(SERVICE_PERMISSIONS)
    consent = next(each for each in found if each["service"] == "consent")
    (key,) = consent["keys"]
    assert len(key["thumbprint"]) == 43, "SHA-256 in base64url"
    assert consent["permissions"] == sorted(map(str, SERVICE_PERMISSIONS["consent"]))
    page = (await call(shared_hub, "GET", "/service-identities?limit=2", admin)).json()
    rest = (await call(shared_hub, "GET", f"/service-identities?cursor={page['next_cursor']}", admin)).json()
    assert [*page["items"], *rest["items"]] == found
    for role in ("partner_admin", "auditor", "dpo"):
        assert (await call(shared_hub, "GET", "/service-identities", token(shared_hub, role))).status_code == 403


async def test_clients_are_none_of_the_services_and_bear_none_of_their_names(shared_hub: Hub) -> None:
    admin = token(shared_hub, "place_admin")
    clients = (await call(shared_hub, "GET", "/clients", admin)).json()["items"]
    assert clients
    assert not {each["client_id"] for each in clients} & set(SERVICE_PERMISSIONS)
    system = {"authentication": "client_secret_basic", "scopes": [], "organisation_id": str(shared_hub.charity)}
    for name in ("consent", " Families ", "service:referrals", "SERVICE:anything"):
        refused = await call(shared_hub, "POST", "/clients", admin, system | {"name": name})
        assert (refused.status_code, refused.json()["type"]) == (422, "/problems/unfit-credential"), refused.text
        change = {"kind": "client_change", "client_id": str(shared_hub.secret_client), "name": name}
        assert (await call(shared_hub, "POST", "/proposals", admin, change)).status_code == 422

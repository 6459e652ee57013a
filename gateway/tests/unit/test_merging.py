"""One description of many: only what can be reached, under names that do not collide."""

from typing import Any

from connective.gateway.domain.merging import merge


def operation(access: str = "signed_in", schema: str | None = None, **more: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}} if schema else {}
    return {"x-policy": {"access": access}, "tags": ["t"], "responses": {"200": {"content": content}}, **more}


def document(paths: dict[str, Any], **schemas: Any) -> dict[str, Any]:
    return {"openapi": "3.1.0", "paths": paths, "components": {"schemas": schemas}}


PROBLEM = {"type": "object", "properties": {"errors": {"$ref": "#/components/schemas/Part"}}}
PART = {"type": "string"}
FAMILIES = document(
    {
        "/families": {"get": operation(schema="Problem"), "post": operation(schema="Out")},
        "/families/{family_id}": {"get": operation(schema="Out"), "patch": operation()},
        "/people/searches": {"post": operation()},
        "/internal/facts": {"post": operation("internal", schema="Secret")},
        "/people/{id}/shadow": {"get": operation("internal")},
    },
    Problem=PROBLEM,
    Part=PART,
    Out={"type": "object", "title": "family"},
    Secret={"type": "object"},
)
REFERRALS = document(
    {
        "/requests/{request_id}/accept": {"post": operation(schema="Out")},
        "/requests/{request_id}": {"get": operation(schema="Problem")},
        "/requests": {"get": operation()},
        "/elsewhere": {"get": operation()},
    },
    Problem=PROBLEM,
    Part=PART,
    Out={"type": "object", "title": "request"},
)
GATEWAY = document(
    {
        "/me": {"get": operation()},
        "/oauth/token": {"post": operation("public")},
        "/internal/x": {"get": operation("public")},
    }
)


def merged(**documents: Any) -> dict[str, Any]:
    every = {"families": FAMILIES, "referrals": REFERRALS, "gateway": GATEWAY} | documents
    return merge(every, issuer="https://hub.example.org", version="1", sentences=["Phone now.", "Phone now."])


def test_paths_are_those_that_exist_outside() -> None:
    assert list(merged()["paths"]) == [
        "/api/v1/families",
        "/api/v1/families/{family_id}",
        "/api/v1/me",
        "/api/v1/people/searches",
        "/api/v1/requests",
        "/api/v1/requests/{request_id}",
        "/api/v1/requests/{request_id}/accept",
        "/oauth/token",
    ]


def test_schemas_are_shared_when_they_mean_the_same_and_named_by_service_when_not() -> None:
    found = merged()
    assert sorted(found["components"]["schemas"]) == ["FamiliesOut", "Part", "Problem", "ReferralsOut"]
    answer = found["paths"]["/api/v1/requests/{request_id}/accept"]["post"]["responses"]["200"]
    assert answer["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/ReferralsOut"}
    other = document(REFERRALS["paths"], **{**REFERRALS["components"]["schemas"], "Part": {"type": "integer"}})
    schemas = merged(referrals=other)["components"]["schemas"]
    assert {"FamiliesProblem", "ReferralsProblem"} <= schemas.keys(), "equal words about different parts differ"
    assert schemas["ReferralsProblem"]["properties"]["errors"]["$ref"].endswith("/ReferralsPart")


def test_operations_are_named_by_service_verb_and_noun() -> None:
    ids = {
        f"{method} {path}": described["operationId"]
        for path, item in merged()["paths"].items()
        for method, described in item.items()
    }
    assert ids["get /api/v1/families"] == "families_list_families"
    assert ids["post /api/v1/families"] == "families_create_family"
    assert ids["get /api/v1/families/{family_id}"] == "families_read_family"
    assert ids["patch /api/v1/families/{family_id}"] == "families_change_family"
    assert ids["post /api/v1/requests/{request_id}/accept"] == "referrals_accept_request"
    assert ids["post /api/v1/people/searches"] == "families_search_people"
    assert ids["post /oauth/token"] == "gateway_create_token"
    assert ids["get /api/v1/me"] == "gateway_read_me"
    assert len(set(ids.values())) == len(ids)


def test_open_operations_need_no_token_and_the_others_do() -> None:
    found = merged()
    assert found["security"] == [{"access_token": []}]
    assert found["paths"]["/oauth/token"]["post"]["security"] == []
    assert "security" not in found["paths"]["/api/v1/me"]["get"]
    flows = found["components"]["securitySchemes"]["access_token"]["flows"]
    assert flows["clientCredentials"]["tokenUrl"] == "https://hub.example.org/oauth/token"


def test_the_description_says_whom_to_phone_once() -> None:
    assert merged()["info"]["description"].count("Phone now.") == 1


def test_merging_leaves_the_documents_as_they_were() -> None:
    before = repr(FAMILIES)
    merged()
    assert repr(FAMILIES) == before

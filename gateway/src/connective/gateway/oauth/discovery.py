"""What the authorization server can do, for programs to read (RFC 8414, and OpenID Connect Discovery)."""

from typing import Any

from connective.contracts.permissions import SCOPE_PERMISSIONS
from connective.gateway.domain.clients import SIGN_IN_SCOPE
from connective.gateway.domain.public_keys import ASSERTION_ALGORITHMS
from connective.gateway.oauth.grants import PEOPLE, SYSTEMS
from connective.gateway.tokens.keys import ALGORITHM


def metadata(issuer: str) -> dict[str, Any]:
    """The metadata document, served under both well-known paths."""
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/oauth/authorize",
        "token_endpoint": f"{issuer}/oauth/token",
        "revocation_endpoint": f"{issuer}/oauth/revoke",
        "introspection_endpoint": f"{issuer}/oauth/introspect",
        "jwks_uri": f"{issuer}/oauth/jwks",
        "scopes_supported": [SIGN_IN_SCOPE, *sorted(SCOPE_PERMISSIONS)],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "client_credentials", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "token_endpoint_auth_methods_supported": PEOPLE,
        "token_endpoint_auth_signing_alg_values_supported": list(ASSERTION_ALGORITHMS),
        "revocation_endpoint_auth_methods_supported": PEOPLE,
        "revocation_endpoint_auth_signing_alg_values_supported": list(ASSERTION_ALGORITHMS),
        "introspection_endpoint_auth_methods_supported": SYSTEMS,
        "introspection_endpoint_auth_signing_alg_values_supported": list(ASSERTION_ALGORITHMS),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "service_documentation": f"{issuer}/api/v1/docs",
    }

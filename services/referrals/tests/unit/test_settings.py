"""What the service refuses to start with: files nobody scans, or that are kept nowhere, or in two places."""

import pytest
from pydantic import ValidationError

from connective.referrals.settings import ReferralsSettings

GIVEN = {
    "database_url": "postgresql://a",
    "reader_url": "postgresql://b",
    "nats_url": "nats://c",
    "trusted_keys": "keys.json",
    "signing_key": "key.jwk",
    "secret": "kJ8s0dL2mQ7xV4zB9nT6wY1rP3uH5gFa",
    "places": "places.yaml",
    "consent_url": "http://127.0.0.1:1",
    "families_url": "http://127.0.0.1:1",
    "partners_url": "http://127.0.0.1:1",
}
BUCKET = {"objects_bucket": "files"}
FOLDER = {"objects_folder": "files"}
SCANNED = {"clamd": "clamav:3310"}
SHOWN = {"demonstration": True}


def test_files_are_kept_in_one_place_and_scanned() -> None:
    for fine in (SCANNED | BUCKET, SCANNED | FOLDER, SHOWN | FOLDER, {"clamd": "unix:/run/clamd"} | FOLDER):
        assert ReferralsSettings(**GIVEN, **fine).secret
    refused = (
        *({}, SCANNED, FOLDER, BUCKET, SCANNED | FOLDER | BUCKET, SHOWN | BUCKET, SHOWN | SCANNED | FOLDER),
        *({"clamd": "clamav"} | FOLDER, {"clamd": ""} | FOLDER, SCANNED | BUCKET | {"objects_key_id": "k"}),
    )
    for weak in refused:
        with pytest.raises(ValidationError):
            ReferralsSettings(**GIVEN, **weak)

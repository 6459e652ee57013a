"""Objects in a store that speaks the S3 protocol, through `obstore` (Apache Arrow's object_store): signed, retried."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from connective.kit.logs import log
from connective.kit.objects import check_key
from connective.kit.problems import Unavailable

if TYPE_CHECKING:
    from obstore.store import ClientConfig, S3Config

_DEADLINE = timedelta(seconds=20)
_AWAY = "Files cannot be kept or read right now. Try again shortly."


@dataclass(frozen=True, slots=True)
class BucketAddress:
    """Where a bucket is. Without a key the machine's own identity signs, as on a cloud's nodes."""

    bucket: str
    region: str
    endpoint: str | None = None
    """None for Amazon's own; any other store's address otherwise, with the bucket in the path."""
    key_id: str | None = None
    secret: str | None = None


class BucketStore:
    """Objects in one bucket. Raises Unavailable when the store cannot be asked."""

    def __init__(self, where: BucketAddress) -> None:
        # Plain HTTP only where somebody wrote it into the address: a store beside the service, or a test's.
        plain = where.endpoint is not None and where.endpoint.startswith("http://")
        options: ClientConfig = {"timeout": _DEADLINE, "connect_timeout": timedelta(seconds=3), "allow_http": plain}
        config: S3Config = {"region": where.region, "virtual_hosted_style_request": where.endpoint is None}
        if where.endpoint is not None:
            config["endpoint"] = where.endpoint
        if where.key_id is not None and where.secret is not None:
            config["access_key_id"], config["secret_access_key"] = where.key_id, where.secret
        self._store = S3Store(
            where.bucket,
            config=config,
            client_options=options,
            retry_config={"max_retries": 2, "retry_timeout": _DEADLINE},
        )

    async def put(self, key: str, content: bytes) -> None:
        """Store, in one request: a reader sees the old content or the new."""
        try:
            await self._store.put_async(check_key(key), content, use_multipart=False)
        except BaseError as error:
            raise _away(error) from error

    async def get(self, key: str) -> bytes:
        """Read. Raises KeyError."""
        try:
            found = await self._store.get_async(check_key(key))
            return bytes(await found.bytes_async())
        except (NotFoundError, FileNotFoundError) as error:
            raise KeyError(key) from error
        except BaseError as error:
            raise _away(error) from error

    async def delete(self, key: str) -> None:
        """Delete; nothing happens when there is none."""
        try:
            await self._store.delete_async(check_key(key))
        except (NotFoundError, FileNotFoundError):
            return
        except BaseError as error:
            raise _away(error) from error


def _away(error: BaseError) -> Unavailable:
    """What the store said stays out of answers and logs: it may repeat an address with a signature in it."""
    log().error("object_store_away", error=type(error).__name__)
    return Unavailable(_AWAY)

"""One file that goes with a request about somebody, whole, for the copy of their data that they ask for."""

from base64 import b64encode

from connective.contracts.holdings import HeldFile, HeldFileAsked
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.problems import NotFound, Unavailable
from connective.referrals.clients.vault import LOST
from connective.referrals.commands.ports import Vault
from connective.referrals.domain.attachments import MEDIA_TYPES, Stage, name_to_save
from connective.referrals.storage.attachments import load_held_attachment


async def read_held_file(database: Database, vault: Vault, actor: Actor, asked: HeldFileAsked) -> HeldFile:
    """Consent asks it on an officer's order, which it records. Raises NotFound, and Unavailable when the store is away.

    Only what was scanned and made anew is given: what is still in quarantine may harm whoever opens it.
    """
    async with database.reading(actor) as connection:
        file = await load_held_attachment(connection, asked.place_id, asked.family_ids, asked.person_ids, asked.file_id)
    if file.stage is not Stage.AVAILABLE or file.kept is None or file.kind is None:
        raise NotFound
    try:
        content = b"".join([piece async for piece in vault.read(file.kept)])
    except LOST as error:
        raise Unavailable("The file cannot be read at the moment; nothing was shown.") from error
    return HeldFile(name=name_to_save(file), media_type=MEDIA_TYPES[file.kind], content=b64encode(content))

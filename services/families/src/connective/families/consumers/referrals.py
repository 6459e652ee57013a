"""What the families service listens to of referrals: every fact enters the chronology."""

from connective.families.commands.write_chronology import write_chronology
from connective.kit.inbox import AnyHandler, BatchHandler

HANDLERS: dict[str, AnyHandler] = {
    "hub.referrals.request.*": BatchHandler(write_chronology),
    "hub.referrals.referral.made": BatchHandler(write_chronology),
    "hub.referrals.signpost.given": BatchHandler(write_chronology),
}

"""`python deploy/broker/configure.py > deploy/broker/accounts.conf`: the broker's accounts, without passwords.

The same accounts as on one machine (connective.local.broker_accounts); each password is a variable of the server's
environment. A test compares the file with what this prints.
"""

import sys

from connective.contracts.subscriptions import SUBSCRIPTIONS
from connective.local.broker_accounts import ADMIN, accounts, quoted

_HEAD = """\
# Generated: python deploy/broker/configure.py > deploy/broker/accounts.conf
# Every password comes from the server's environment. It must begin with a letter: NATS reads a value that begins with
# a digit as a number.
"""


def variable(user: str) -> str:
    """The name of the environment variable that holds a user's password."""
    return f"{user.upper()}_NATS_PASSWORD"


def configuration() -> str:
    """The `accounts` block, as a file to include in the server's configuration."""
    users = (*SUBSCRIPTIONS, ADMIN)
    text = accounts(SUBSCRIPTIONS, {user: f"<{variable(user)}>" for user in users})
    for user in users:
        text = text.replace(quoted(f"<{variable(user)}>"), f"${variable(user)}")
    return _HEAD + text


if __name__ == "__main__":
    sys.stdout.write(configuration())

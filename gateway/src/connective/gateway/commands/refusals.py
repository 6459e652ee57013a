"""What the gateway refuses, for the rule each states."""

from connective.kit.problems import Conflict, Invalid


class NameTaken(Conflict):
    """Somebody signs in by this e-mail address already."""

    code, title = "sign-in-name-taken", "Somebody signs in by this address already"


class UnfitCredential(Invalid):
    """A client's key or method is not one that is safe."""

    code, title = "unfit-credential", "This credential cannot be registered"

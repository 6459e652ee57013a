"""The rules of referrals and requests: pure functions over frozen values, with the instant passed in."""

"""What another app would contribute to the closing of an account."""


def warnings(accountant):
    return ["您还有一门课程正在学习"]


def erase(accountant):
    """Nothing to erase here."""


def reopen(accountant):
    """Nothing was away."""

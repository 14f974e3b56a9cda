"""Errors whose message is the sentence the user reads."""


class RagqaError(Exception):
    """Bad input: names the file, line or field and what to do; the command line exits with 2."""

    exit_code = 2


class OutsideError(RagqaError):
    """A failure outside ragqa (network, endpoint, disk); the command line exits with 1."""

    exit_code = 1

"""Refusals, with the texts that Telegram gives."""

from collections.abc import Mapping


class ApiError(Exception):
    """A refusal: becomes `{"ok": false, "error_code": code, "description": …}`."""

    def __init__(
        self, code: int, description: str, parameters: Mapping[str, int] | None = None
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = dict(parameters or {})


def bad_request(reason: str) -> ApiError:
    """Return a 400; Telegram lowers the first letter of a sentence, not of a CODE."""
    if len(reason) > 1 and reason[0].isupper() and not (reason[1].isupper() or reason[1] == "_"):
        reason = reason[0].lower() + reason[1:]
    return ApiError(400, f"Bad Request: {reason}")


def conflict(reason: str) -> ApiError:
    """Return a 409."""
    return ApiError(409, f"Conflict: {reason}")

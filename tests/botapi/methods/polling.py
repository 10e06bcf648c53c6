"""How updates reach the bot: long polling, or a webhook's address."""

import re

from ..errors import bad_request, conflict
from ..links import BadLinkError, checked
from ..params import Params
from ..updates import Update
from ..world import Webhook, World

MAX_LIMIT = 100
MAX_TIMEOUT = 50


async def get_updates(world: World, params: Params) -> list[Update]:
    """Answer getUpdates; the newest poll ends the one before."""
    limit = min(max(params.integer("limit", MAX_LIMIT), 1), MAX_LIMIT)
    timeout = min(max(params.integer("timeout"), 0), MAX_TIMEOUT)
    offset = params.integer("offset")
    with world.changes.lock:
        _refuse_beside_webhook(world)
        _allow(world, params)
        if offset:
            world.updates.confirm(offset)
        world.poll += 1
        mine = world.poll
        world.changes.notify()

    def look() -> list[Update] | None:
        _refuse_beside_webhook(world)
        if world.poll != mine:
            raise conflict(
                "terminated by other getUpdates request; "
                "make sure that only one bot instance is running"
            )
        return world.updates.first(limit) or None

    try:
        return await world.changes.wait_for(look, timeout)
    except TimeoutError:
        return []


def _refuse_beside_webhook(world: World) -> None:
    if world.webhook.url:
        raise conflict(
            "can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first"
        )


def _allow(world: World, params: Params) -> None:
    kinds = params.nested("allowed_updates", "allowed_updates")
    if isinstance(kinds, list):
        world.updates.allow(str(kind) for kind in kinds)


def set_webhook(world: World, params: Params) -> bool:
    """Answer setWebhook; http is allowed, as a self-hosted Bot API server does."""
    url = params.text("url")
    secret = params.text("secret_token")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret, re.ASCII):
        raise bad_request("secret token contains unallowed characters")
    if url:
        _check_webhook_url(url)
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    if not url:
        world.webhook = Webhook()
        return True
    world.webhook = Webhook(
        url=url,
        secret=secret,
    )
    _allow(world, params)
    return True


def _check_webhook_url(url: str) -> None:
    if not url.lower().startswith(("http://", "https://")):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if re.match(r"https?://localhost(?=[:/]|$)", url):
        return
    try:
        checked(url)
    except BadLinkError:
        raise bad_request("bad webhook: Failed to resolve host") from None


def delete_webhook(world: World, params: Params) -> bool:
    """Answer deleteWebhook."""
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    world.webhook = Webhook()
    return True


def get_webhook_info(world: World, _params: Params) -> dict[str, object]:
    """Answer getWebhookInfo."""
    hook = world.webhook
    info: dict[str, object] = {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates),
    }
    if not hook.last_error:
        return info
    return info | {"last_error_date": hook.failed_at, "last_error_message": hook.last_error}


METHODS = {
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
}

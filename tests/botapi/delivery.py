"""Posts updates to the webhook, in order; each one is repeated until the bot accepts it."""

import asyncio
import contextlib
import time

import aiohttp

from .models import Delivery
from .updates import Update
from .world import Webhook, World

FIRST_PAUSE = 0.05
LONGEST_PAUSE = 2.0
ANSWER_WITHIN = 10.0


async def deliver(world: World) -> None:
    """Run until cancelled."""
    limit = aiohttp.ClientTimeout(total=ANSWER_WITHIN)
    async with aiohttp.ClientSession(timeout=limit) as session:
        pause = FIRST_PAUSE
        while True:
            hook, update = await world.changes.wait_for(lambda: _next(world))
            if await _post(world, session, hook, update):
                pause = FIRST_PAUSE
            else:
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)


def _next(world: World) -> tuple[Webhook, Update] | None:
    waiting = world.updates.first(1)
    return (world.webhook, waiting[0]) if world.webhook.url and waiting else None


async def _post(
    world: World, session: aiohttp.ClientSession, hook: Webhook, update: Update
) -> bool:
    headers = {"X-Telegram-Bot-Api-Secret-Token": hook.secret} if hook.secret else {}
    status = 0
    with contextlib.suppress(aiohttp.ClientError, TimeoutError):
        async with session.post(hook.url, json=update, headers=headers) as response:
            await response.read()
            status = response.status
    taken = 200 <= status < 300
    with world.changes.lock:
        world.deliveries.append(Delivery(update["update_id"], status))
        if taken:
            world.updates.done(update["update_id"])
        else:
            hook.failed_at = int(time.time())
            hook.last_error = f"Wrong response from the webhook: {status}"
        world.changes.notify()
    return taken

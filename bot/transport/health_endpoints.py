"""/healthz, /readyz and /metrics, for whoever watches over the bot from this machine."""

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from bot.services.question_worker import QuestionWorker
from bot.transport.health import Health
from bot.transport.http_server import Listener


def listener(health: Health, question_worker: QuestionWorker, port: int) -> Listener:
    """Return what answers at a port of this machine, not yet open."""

    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response({"alive": True})  # answered by the loop that answers people

    async def readyz(_request: web.Request) -> web.Response:
        reasons = health.reasons()
        return web.json_response(
            {"ready": not reasons, "reasons": reasons}, status=503 if reasons else 200
        )

    async def metrics(_request: web.Request) -> web.Response:
        generation = question_worker.searcher.generation
        text = question_worker.metrics.text(
            question_worker.waiting, generation.name, generation.manifest
        )
        return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE_LATEST})

    site = web.Application()
    site.router.add_get("/healthz", healthz)
    site.router.add_get("/readyz", readyz)
    site.router.add_get("/metrics", metrics)
    return Listener(site, "127.0.0.1", port, "HEALTH_PORT")

"""The HTTP handlers: they apply faults, call methods and return responses."""

import asyncio
import inspect
import re
import time
from dataclasses import replace
from urllib.parse import unquote

from aiohttp import web

from . import params as parameters
from .errors import ApiError
from .faults import Fault, take
from .methods import METHODS, NAMES
from .models import Call
from .params import Params
from .world import World

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+", re.ASCII)


def application(world: World) -> web.Application:
    """Return the web application of a world."""
    app = web.Application(client_max_size=60 * 1024 * 1024)
    api = Api(world)
    app.router.add_route("*", "/bot{token}/{method}", api.call)
    app.router.add_get("/file/bot{token}/{path:.+}", api.download)
    app.router.add_route("*", "/{anything:.*}", api.unknown)
    return app


class Api:
    """The handlers of the routes."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def call(self, request: web.Request) -> web.StreamResponse:
        """Carry out one method."""
        method = request.match_info["method"].lower()
        name = NAMES.get(method, request.match_info["method"])
        try:
            self._check_token(request)
            given = await parameters.read(request)
        except ApiError as error:
            return _refusal(error)
        call = Call(name, given.readable(), time.monotonic(), given.files)
        with self.world.changes.lock:
            place = len(self.world.calls)
            self.world.calls.append(call)
            fault = take(self.world.faults, method, call.parameters)
            self.world.changes.notify()
        status, error_text, response = await self._answer(request, method, given, fault)
        with self.world.changes.lock:
            answered = replace(call, status=status, error=error_text, until=time.monotonic())
            self.world.calls[place] = answered
            self.world.changes.notify()
        return response

    async def _answer(
        self, request: web.Request, method: str, given: Params, fault: Fault
    ) -> tuple[int, str | None, web.StreamResponse]:
        """Return the status, the error and the response of a method, with a fault applied."""
        await asyncio.sleep(fault.before)
        error, result = fault.error, None
        if error is None and (fault.delivered or not fault.drop):
            try:
                result = await self._carry_out(method, given)
            except ApiError as refusal:
                error = refusal
            except Exception as mistake:  # of this server, or a shape that it did not expect
                error = ApiError(500, f"Internal Server Error: {mistake!r}")
        if fault.drop:
            return 0, "cut off", _cut(request)
        if error is not None:
            return error.code, error.description, _refusal(error)
        if fault.garble:
            return 200, None, web.Response(text="<html>proxy</html>", content_type="text/html")
        return 200, None, web.json_response({"ok": True, "result": result})

    async def _carry_out(self, method: str, given: Params) -> object:
        if method not in METHODS:
            raise ApiError(404, "Not Found")
        with self.world.changes.lock:
            result = METHODS[method](self.world, given)
            self.world.changes.notify()
        return await result if inspect.isawaitable(result) else result

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Serve a file that getFile named."""
        try:
            self._check_token(request)
        except ApiError as error:
            return _refusal(error)
        path = unquote(request.match_info["path"])
        with self.world.changes.lock:
            found = [stored for stored in self.world.files.values() if stored.path == path]
            fault = take(self.world.faults, "download", {"path": path})
        await asyncio.sleep(fault.before)
        if fault.drop:
            return _cut(request)
        if fault.error or not found:
            return _refusal(fault.error or ApiError(404, "Not Found"))
        return web.Response(body=found[0].content)

    async def unknown(self, request: web.Request) -> web.StreamResponse:
        """Answer any other path."""
        return _refusal(ApiError(404, "Not Found"))

    def _check_token(self, request: web.Request) -> None:
        token = unquote(request.match_info["token"])
        if not _TOKEN.fullmatch(token):
            raise ApiError(404, "Not Found")  # as api.telegram.org does
        if token != self.world.token:
            raise ApiError(401, "Unauthorized")


def _refusal(error: ApiError) -> web.Response:
    body = {"ok": False, "error_code": error.code, "description": error.description}
    if error.parameters:
        body["parameters"] = error.parameters
    return web.json_response(body, status=error.code)


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()

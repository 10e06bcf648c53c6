"""Photos, documents and downloads."""

import struct
from collections.abc import Callable
from functools import partial
from typing import Any

from ..errors import bad_request
from ..models import StoredFile
from ..params import Params
from ..text import caption
from ..world import World
from .messages import post

MAX_DOWNLOAD = 20 * 1024 * 1024
MAX_PHOTO = 10 * 1024 * 1024
_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM")


def send(world: World, params: Params, kind: str) -> dict[str, Any]:
    """Answer sendDocument and sendPhoto."""
    content = caption(params)
    world.open_chat(params)  # nothing is uploaded to a chat that is closed
    stored = _file(world, params, kind)
    return world.message_json(post(world, params, content, kind=kind, file=stored))


def _file(world: World, params: Params, kind: str) -> StoredFile:
    wanted = params.text(kind)
    upload = params.files.get(wanted.removeprefix("attach://") if wanted else kind)
    if upload is None:
        if not wanted:
            raise bad_request(f"there is no {kind} in the request")
        if wanted not in world.files:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return world.files[wanted]
    if not upload.content:
        raise bad_request("file must be non-empty")
    if kind == "photo":
        _check_photo(upload.content)
    return world.keep_file(upload.filename, upload.content, upload.content_type)


def _check_photo(content: bytes) -> None:
    if len(content) > MAX_PHOTO:
        raise bad_request("file is too big")
    if not content.startswith(_IMAGES):
        raise bad_request("IMAGE_PROCESS_FAILED")
    if content.startswith(_IMAGES[0]):
        if len(content) < 24:
            raise bad_request("IMAGE_PROCESS_FAILED")
        width, height = struct.unpack(">II", content[16:24])
        shape_is_fine = 0 < width + height <= 10_000 and width and height
        if not shape_is_fine or max(width, height) > 20 * min(width, height):
            raise bad_request("PHOTO_INVALID_DIMENSIONS")


def get_file(world: World, params: Params) -> dict[str, Any]:
    """Answer getFile."""
    if not params.text("file_id"):
        raise bad_request("file_id not specified")
    stored = world.files.get(params.text("file_id"))
    if stored is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if stored.size > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_size": stored.size,
        "file_path": stored.path,
    }


METHODS: dict[str, Callable[[World, Params], dict[str, Any]]] = {
    "sendDocument": partial(send, kind="document"),
    "sendPhoto": partial(send, kind="photo"),
    "getFile": get_file,
}

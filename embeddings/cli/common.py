"""What the commands share: options, the model, and JSON on standard output."""

import json
import os
import signal
import sys
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

import click

from embeddings.index.location import parse_location

if TYPE_CHECKING:
    from embeddings.model.encoder import Model


_INDEX: dict[str, Any] = {
    "envvar": ["INDEX_URL", "INDEX_DIR"],
    "default": "var/index",
    "show_default": True,
    "show_envvar": True,
    "type": parse_location,
    "metavar": "INDEX",
}
index_option = click.option(
    "--index", help="Where the index is: a directory, or postgresql://…", **_INDEX
)
dataset_index_option = click.option(
    "--index",
    help="Where the usual index is. That of a data set is made beside it, in eval/NAME-DIGEST, or "
    "in a database as schema eval_DIGEST.",
    **_INDEX,
)
seeds_option = click.option(
    "--seeds",
    envvar="SEEDS_DIR",
    default="seeds",
    show_default=True,
    show_envvar=True,
    type=click.Path(path_type=Path),
    help="Where the articles are.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def answer_settings() -> dict[str, Any]:
    """Return the calibration and the reranker that the environment names."""
    calibration = os.environ.get("CALIBRATION")
    return {
        "calibration": Path(calibration) if calibration else None,
        "reranker": os.environ.get("RERANKER_MODEL") or None,
    }


def model() -> "Model":
    """Return the model that the environment names."""
    from embeddings.model.runtimes import find_model
    from embeddings.model.source import DEFAULT_MODEL

    name = os.environ.get("EMBEDDING_MODEL") or DEFAULT_MODEL
    return find_model(name, runtime=os.environ.get("ENCODER_RUNTIME") or "auto")


def set_by_signals() -> Event:
    """Return an event that SIGINT and SIGTERM set, in place of ending the process."""
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop


def print_json(value: dict[str, Any], indent: int | None = 1) -> None:
    """Print JSON, in ASCII where the terminal's encoding lacks a letter."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    try:
        text.encode(sys.stdout.encoding)
    except UnicodeEncodeError:  # another encoding than UTF-8, or half a character
        text = json.dumps(value, indent=indent)
    click.echo(text)

"""`copy` and `encode`: for an index in a database."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from embeddings.cli import common
from embeddings.cli.common import index_option, json_option, print_json
from embeddings.errors import Stopped, UsageError
from embeddings.index.location import Location, parse_location

if TYPE_CHECKING:
    from embeddings.index.postgres.encode import EncodingProgress


@click.command()
@click.option(
    "--to",
    "target",
    required=True,
    type=parse_location,
    metavar="INDEX",
    help="A directory, or postgresql://…",
)
@index_option
@json_option
def copy(target: Location, index: Location, as_json: bool) -> None:
    """Copy the index from a directory to a database, or back; nothing is encoded."""
    from embeddings.index.postgres.copy import copy_index
    from embeddings.progress import progress_bar

    with progress_bar() as progress:
        manifest = copy_index(index, target, progress)
    if as_json:
        articles = len(manifest.articles)
        print_json({"to": str(target), "articles": articles, "passages": manifest.passages})
    else:
        click.echo(
            f"Copied to {target}: {len(manifest.articles)} articles, {manifest.passages} passages."
        )


@click.command()
@click.option("--until-empty", is_flag=True, help="End once nothing waits.")
@index_option
def encode(index: Location, until_empty: bool) -> None:
    """Encode what waits in the database of the index, beside the build; on any machine."""
    from embeddings.index.postgres.encode import encode_waiting

    if isinstance(index, Path):
        raise UsageError("Encoders share an index in a database: set INDEX_URL.")
    stop = common.set_by_signals()

    def show(progress: "EncodingProgress") -> None:
        if stop.is_set():
            raise Stopped
        left = progress.seconds_left
        click.echo(
            f"\r{progress.own} encoded here, {progress.waiting} wait"
            + (f", {left:.0f} s left  " if left else "  "),
            nl=False,
            err=True,
        )

    try:
        encode_waiting(index, common.model(), show, until_empty=until_empty)
    except Stopped:
        pass
    finally:
        click.echo(err=True)

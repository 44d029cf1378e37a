"""``newsspider train-text-model``: a character model from the archive's own undamaged pages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsspider.archive.folder import Archive

LEAST = 50
"""Undamaged Chinese articles without which a model is not worth having."""


def train_text_model(
    archive: Annotated[Path, typer.Argument(metavar="ARCHIVE", help="The archive whose pages are learned from.")],
) -> None:
    """Train the character model of the text repair on an archive's own undamaged pages.

    The model becomes a file of the archive, models/<SHA-256>, that never changes. It is used only where
    newsspider.toml names it: text_model = "<SHA-256>".
    """
    import hashlib

    from newsspider.archive.folder import SETTINGS, open_archive
    from newsspider.capture import disk
    from pipelines.errors import InputError
    from pipelines.normalise.charmodel import train

    held = open_archive(archive)
    texts = list(undamaged(held))
    if len(texts) < LEAST:
        raise InputError(
            f"{archive}: holds {len(texts)} undamaged Chinese articles, too few to learn from ({LEAST}); crawl more."
        )
    data = train(texts)
    name = hashlib.sha256(data).hexdigest()
    path = held.root / "models" / name
    disk.make_folder(path.parent, within=held.root)
    if not path.exists():
        disk.write_file(path, data)
    print(f"{path}  ({len(data):,} bytes, from {len(texts):,} articles)")
    print(f'To use it, write into {held.root / SETTINGS}:  text_model = "{name}"')
    print(
        "Records made from then on name it; «newsspider rebuild --diff» shows what it would change in the others."
    )


def undamaged(archive: Archive) -> Iterator[str]:
    """Yield the bodies of the Chinese articles that nothing was repaired in, in order of site and writing."""
    for record in archive.records():
        if record.language == "zh" and record.body and not record.repairs and not record.mirror:
            yield record.body

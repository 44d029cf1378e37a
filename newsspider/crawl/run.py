"""One run of the crawl: what all its sites share."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from newsspider.archive.folder import Archive, ArchiveSettings
from newsspider.clock import Clock
from newsspider.frontier.agenda import Due
from newsspider.frontier.budget import Budget, state_directory
from newsspider.frontier.ledger import Ledger
from pipelines.errors import InputError
from pipelines.normalise.charmodel import CharModel
from pipelines.normalise.record import Models


def all_due(ledger: Ledger, now: datetime, **limits: Any) -> list[Due]:
    """Return everything that is due: the plan of every run that is no first contact. See :meth:`Agenda.due`."""
    return ledger.agenda.due(now, **limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run of the crawl: its id, and what it uses."""

    id: str
    archive: Archive
    clock: Clock
    budget: Budget
    models: Models
    settings: ArchiveSettings
    allow_private: bool = False
    """Whether loopback and private addresses may be asked."""
    limit: int = 0
    """Requests for each site at most; 0 for no limit."""
    plan: Callable[..., list[Due]] = all_due
    """Chooses what to ask for next; called like :func:`all_due`."""
    until: datetime | None = None
    """When to stop asking; None for never."""


def new_run_id(now: datetime) -> str:
    """Return an id that sorts by time and is never given twice: ``20200221-090507-3fa9c1d2``."""
    return f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"


def begin_run(
    archive: Archive,
    *,
    clock: Clock | None = None,
    allow_private: bool = False,
    limit: int = 0,
    duration: timedelta | None = None,
    plan: Callable[..., list[Due]] = all_due,
) -> Run:
    """Begin a run on an archive. Raises :class:`InputError` or :class:`ArchiveError` where it cannot."""
    clock = clock or Clock()
    return Run(
        id=new_run_id(clock.now()),
        archive=archive,
        clock=clock,
        budget=Budget(state_directory() / "politeness.sqlite", clock),
        models=load_models(archive),
        settings=archive.settings(),
        allow_private=allow_private,
        limit=limit,
        plan=plan,
        until=clock.now() + duration if duration is not None else None,
    )


def load_models(archive: Archive) -> Models:
    """Load what the archive's settings choose: the character model and the scripts wanted."""
    settings = archive.settings()
    if settings.text_model is None:
        return Models(hant=settings.hant)
    path = archive.root / "models" / settings.text_model
    try:
        data = path.read_bytes()
    except OSError as error:
        message = f"{path}: the character model that newsspider.toml names cannot be read ({error.strerror}); put it there."
        raise InputError(message) from error
    return Models(text=CharModel.from_bytes(data, name=str(path)), hant=settings.hant)

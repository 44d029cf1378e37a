"""Every error newsspider raises on purpose, in one tree.

::

    NewsspiderError
    ├── SiteError            a site file is wrong, or no site has that id          → exit code 2
    ├── InputError           a file or argument given by the user cannot be used   → exit code 2
    ├── ContentError         a payload cannot be decompressed within the limits    → an outcome of the page
    ├── LockedError          another process is writing to this site               → exit code 3
    ├── ArchiveError         the archive cannot be read or written                 → exit code 1
    │   ├── NoArchiveError   there is no archive at the path given              → exit code 2
    │   ├── DamagedError     what the archive holds contradicts itself             → exit code 4
    │   └── DiskFullError    there is no room for the next byte                    → exit code 1
    ├── ReplayError          the replay software cannot be installed or started    → exit code 1
    └── UnreachableError     no site answered at all; trying later makes sense     → exit code 5

A message is one sentence: what happened, where (file, key or URI), and what to do next. Access outcomes
(a 404, a login page, a time-out) are facts of the dataset (:class:`pipelines.model.Outcome`), never errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.model import Outcome


class NewsspiderError(Exception):
    """Base of the tree; ``exit_code`` is what the command line ends with."""

    exit_code = 1


class SiteError(NewsspiderError):
    """A site file breaks a rule, or no catalogue entry has the id asked for. Raised by ``newsspider.sites``."""

    exit_code = 2


class InputError(NewsspiderError):
    """A file or argument given by the user cannot be used. Raised by the commands."""

    exit_code = 2


class ContentError(NewsspiderError):
    """A payload outgrows the limits of decompression, or breaks off. Raised by ``pipelines.content_coding``.

    The one error that stands for an access outcome: whoever reads a page turns it into that.
    """

    def __init__(self, message: str, outcome: Outcome) -> None:
        super().__init__(message)
        self.outcome = outcome


class LockedError(NewsspiderError):
    """Another process holds a site's lock. Raised when a site is opened for writing."""

    exit_code = 3


class ArchiveError(NewsspiderError):
    """The archive cannot be opened, read or written. Raised by whatever touches its files."""


class NoArchiveError(ArchiveError):
    """There is no archive at the path given. Raised by ``newsspider.archive.folder``, before anything is done."""

    exit_code = 2


class DamagedError(ArchiveError):
    """What the archive holds contradicts itself: a digest, a length, a reference. Raised by the readers."""

    exit_code = 4


class DiskFullError(ArchiveError):
    """A write found no room (ENOSPC, EDQUOT). Raised by the writers of WARC, records and ledger."""


class ReplayError(NewsspiderError):
    """pywb cannot be installed or started. Raised by ``replay``."""


class UnreachableError(NewsspiderError):
    """No seed of any site answered. Raised by ``crawl`` when it has nothing to show."""

    exit_code = 5

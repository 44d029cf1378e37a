"""``scrapy crawl news -a site=ID``: what is wrong is one sentence and an exit code, as everywhere in newsspider.

Scrapy's own command would make the spider in a task: an error there is a traceback, and one at the end of the crawl
leaves no trace in the exit code.
"""

import argparse
import sys

from scrapy.commands import crawl

from newsspider.spiders.news import NewsSpider, open_session
from pipelines.errors import InputError, NewsspiderError


class Command(crawl.Command):
    """Scrapy's ``crawl``, which opens the site before the spider starts."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run a spider; ``news`` crawls the site that ``-a site=ID`` names."""
        if args != [NewsSpider.name]:
            super().run(args, opts)
            return
        try:
            self._crawl(args, opts)
        except NewsspiderError as error:
            print(f"newsspider: {error}", file=sys.stderr)
            self.exitcode = error.exit_code

    def _crawl(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        site = opts.spargs.pop("site", None)
        if site is None:
            raise InputError("no site is named: scrapy crawl news -a site=ID; «newsspider sites list» shows them.")
        session = open_session(site, self.settings)
        try:
            opts.spargs["session"] = session
            super().run(args, opts)
        finally:
            session.close("failure")  # unless the spider has closed it
        if isinstance(session.failure, NewsspiderError):
            raise session.failure
        if session.failure is not None:
            self.exitcode = 1

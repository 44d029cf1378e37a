"""Starts command lines in no time: one process imports everything once, and forks for each.

``python -m tests.torture.nursery`` reads a line of JSON for each run from stdin and answers with its pid, then with
its exit status. A fork has its own interpreter state and none of the parent's threads: the parent has none.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.torture import child

MODULES = (
    "newsspider.archive.verify", "newsspider.cli", "newsspider.printing", "newsspider.crawl.download",
    "newsspider.crawl.process", "newsspider.crawl.run", "newsspider.frontier.scheduler",
    "newsspider.operation.progress", "newsspider.spiders.news", "pipelines.items", "scrapy.core.engine",
    "scrapy.crawler", "scrapy.downloadermiddlewares.cookies", "scrapy.downloadermiddlewares.httpcache",
    "scrapy.extensions.feedexport", "scrapy.extensions.remote_control", "scrapy.extensions.throttle",
    "scrapy.spidermiddlewares.metacopy", "scrapy.utils.engine", "twisted.internet.asyncioreactor",
)  # fmt: skip
"""What a crawl imports, but for the reactor."""


def preload() -> None:
    """Import what a crawl imports, and read one page, so that tables are loaded."""
    for name in MODULES:
        import_module(name)
    from pipelines.read import loose_record, read_loose
    from pipelines.store.records import decode_record, encode_record
    from tests.torture.website import Website

    _, _, page = Website(3).answer("/info/1001/3.htm")
    url = "http://127.0.0.1/info/1001/3.htm"
    reading = read_loose(page, url=url)
    assert reading.record is not None
    decode_record(encode_record(loose_record(reading, url=url, site=None)))
    assert "twisted.internet.reactor" not in sys.modules


def fork(words: list[str], home: str, environment: dict[str, str], job: str) -> int:
    """Run the command line in a fork; return its pid."""
    pid = os.fork()
    if pid:
        return pid
    code = 70
    try:
        os.setsid()
        os.chdir(home)
        os.environ.clear()
        os.environ.update(environment)
        for number, name in ((0, os.devnull), (1, "stdout"), (2, "stderr")):
            opened = os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(opened, number)
            os.close(opened)
        sys.argv = ["newsspider", *words]
        child.main(job)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001  (the interpreter prints it and ends, so does this)
        traceback.print_exc()
        code = 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    """Serve until stdin ends."""
    preload()
    for line in sys.stdin:
        told: dict[str, Any] = json.loads(line)
        pid = fork(told["words"], told["home"], told["environment"], told["job"])
        print(pid, flush=True)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    assert Path.cwd().exists()
    main()

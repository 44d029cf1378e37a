"""What is asked for first."""

import json
from pathlib import Path
from threading import Event

from tests.torture.ground import Ground, Nursery
from tests.torture.website import Website, served

CONTROL = "/xw/list.htm"


class Held(Website):
    """Keeps back the control page of the second edition, until another page is asked for or half a second is over."""

    def __init__(self) -> None:
        super().__init__(8)
        self.early: list[str] = []
        """What was asked for before the control page had its answer."""
        self._is_waited_for = False
        self._asked = Event()

    def answer(self, path: str) -> tuple[int, str, bytes]:
        if self.edition == 2 and path == CONTROL:
            self._is_waited_for = True
            self._asked.wait(0.5)
            self._is_waited_for = False
        elif self._is_waited_for:
            self.early.append(path)
            self._asked.set()
        return super().answer(path)


def test_the_control_page_is_answered_before_anything_is_found_gone(tmp_path: Path) -> None:
    website = Held()
    with served(website) as origin, Nursery() as nursery:
        ground = Ground(tmp_path / "home", website, origin, nursery)
        for edition in (1, 2, 3):
            assert ground.crawl(edition=edition).code == 0
    assert website.early == []
    kinds = [record["kind"] for line in ground.lines().values() for record in map(json.loads, line.splitlines())]
    assert kinds.count("tombstone") == 1

"""The politeness budget, with a clock that moves only when somebody sleeps, and with real processes."""

import asyncio
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsspider.clock import Clock, SimulatedClock
from newsspider.frontier.budget import Budget

START = datetime(2026, 3, 1, tzinfo=UTC)


def moments(path: Path, asked: list[tuple[str, float, int]]) -> list[float]:
    """Return when each request of ``(domain, delay, concurrency)`` was let through, in seconds."""
    clock = SimulatedClock(START)
    budget = Budget(path, clock)
    began: list[float] = []

    async def ask(domain: str, delay: float, concurrency: int) -> None:
        async with budget.turn(domain, delay=delay, concurrency=concurrency, timeout=60):
            began.append((clock.now() - START).total_seconds())

    async def main() -> None:
        await asyncio.gather(*(ask(*one) for one in asked))

    asyncio.run(main())
    budget.close()
    return began


def test_requests_to_one_domain_keep_their_distance(tmp_path: Path) -> None:
    assert moments(tmp_path / "b.sqlite", [("a.example", 1.0, 1)] * 4) == [0, 1, 2, 3]


def test_what_another_run_asked_a_moment_ago_counts(tmp_path: Path) -> None:
    moments(tmp_path / "b.sqlite", [("a.example", 1.0, 1)])
    assert moments(tmp_path / "b.sqlite", [("a.example", 1.0, 1)]) == [1]


def test_a_pause_holds_back_its_domain_only(tmp_path: Path) -> None:
    budget = Budget(tmp_path / "b.sqlite", SimulatedClock(START))
    budget.pause("a.example", timedelta(seconds=90))
    budget.pause("a.example", timedelta(seconds=5))
    assert budget.paused_until("a.example") == START + timedelta(seconds=90)
    budget.close()
    assert moments(tmp_path / "b.sqlite", [("b.example", 1.0, 1), ("a.example", 1.0, 1)]) == [0, 90]


def test_no_more_than_concurrency_are_out_and_a_turn_given_back_is_given_again(tmp_path: Path) -> None:
    budget = Budget(tmp_path / "b.sqlite", Clock())
    out = most = 0

    async def ask(done: asyncio.Event) -> None:
        nonlocal out, most
        async with budget.turn("a.example", delay=0, concurrency=2, timeout=60):
            out += 1
            most = max(most, out)
            if out == 2:
                done.set()
            await done.wait()
            out -= 1

    async def main() -> None:
        done = asyncio.Event()
        await asyncio.gather(*(ask(done) for _ in range(5)))

    asyncio.run(main())
    budget.close()
    assert most == 2


def test_the_turn_of_a_killed_process_ends(tmp_path: Path) -> None:
    code = (
        "import asyncio, os, sys; from pathlib import Path\n"
        "from newsspider.clock import Clock; from newsspider.frontier.budget import Budget\n"
        "async def main():\n"
        "    async with Budget(Path(sys.argv[1]), Clock()).turn('a.example', delay=0, concurrency=1, timeout=1):\n"
        "        os._exit(9)\n"
        "asyncio.run(main())"
    )
    path = tmp_path / "b.sqlite"
    assert subprocess.run([sys.executable, "-c", code, str(path)], check=False).returncode == 9
    clock = SimulatedClock(datetime.now(UTC))
    began = clock.now()
    budget = Budget(path, clock)

    async def ask() -> None:
        async with budget.turn("a.example", delay=0, concurrency=1, timeout=1):
            pass

    asyncio.run(ask())
    budget.close()
    assert timedelta(seconds=25) < clock.now() - began < timedelta(seconds=35)


@pytest.mark.parametrize("place", [0, 100, 4096], ids=["header", "schema", "table"])
def test_a_damaged_file_is_begun_anew(tmp_path: Path, place: int) -> None:
    path = tmp_path / "b.sqlite"
    moments(path, [("a.example", 1.0, 1)])
    data = bytearray(path.read_bytes())
    data[place : place + 8] = b"\xff" * 8
    path.write_bytes(data)
    assert moments(path, [("a.example", 1.0, 1)] * 2) == [0, 1]


def test_two_processes_share_one_budget(tmp_path: Path) -> None:
    code = (
        "import asyncio, sys, time; from pathlib import Path\n"
        "from newsspider.clock import Clock; from newsspider.frontier.budget import Budget\n"
        "budget = Budget(Path(sys.argv[1]), Clock())\n"
        "async def main():\n"
        "    for _ in range(6):\n"
        "        async with budget.turn('a.example', delay=0.1, concurrency=1, timeout=60):\n"
        "            print(time.time(), flush=True)\n"
        "asyncio.run(main())"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "b.sqlite")]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    began = sorted(float(line) for process in processes for line in process.communicate()[0].split())
    assert [process.returncode for process in processes] == [0, 0]
    assert len(began) == 12
    # Times are taken after the turn was given: a print may come late, never early.
    assert began[-1] - began[0] >= 11 * 0.1 - 0.05
    assert time.time() >= began[-1]

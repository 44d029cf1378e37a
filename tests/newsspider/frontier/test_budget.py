"""The politeness budget, with a clock that moves only when somebody sleeps, and with real processes."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsspider.clock import Clock, SimulatedClock
from newsspider.crawl.stop import Stop, Stopped
from newsspider.frontier.budget import Budget

START = datetime(2026, 3, 1, tzinfo=UTC)


def moments(path: Path, asked: list[tuple[str, float, int]]) -> list[float]:
    """Return when each request of ``(domain, delay, concurrency)`` was let through, in seconds."""
    clock = SimulatedClock(START)
    budget = Budget(path, clock)
    began: list[float] = []

    async def ask(domain: str, delay: float, concurrency: int) -> None:
        async with budget.turn(domain, delay=delay, concurrency=concurrency, timeout=60, stop=Stop()):
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


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(START)


@pytest.fixture
def budget(tmp_path: Path, clock: SimulatedClock) -> Iterator[Budget]:
    made = Budget(tmp_path / "b.sqlite", clock)
    yield made
    made.close()


def test_the_delay_counts_from_when_the_request_goes_out(budget: Budget, clock: SimulatedClock) -> None:
    async def main() -> list[datetime]:
        sent = []
        for _ in range(2):
            async with budget.turn("a.example", delay=1.0, concurrency=1, timeout=60, stop=Stop()) as turn:
                await clock.sleep(0.9)  # it takes so long to connect
                turn.sent()
                sent.append(clock.now())
        return sent

    first, second = asyncio.run(main())
    assert second - first >= timedelta(seconds=1.0)


@pytest.mark.parametrize("is_answered", [True, False])
def test_the_delay_counts_from_the_answer_too(budget: Budget, clock: SimulatedClock, is_answered: bool) -> None:
    async def main() -> list[float]:
        known = []
        for _ in range(2):
            async with budget.turn("a.example", delay=1.0, concurrency=1, timeout=60, stop=Stop()) as turn:
                turn.sent()
                await clock.sleep(0.7)  # it is under way so long, and the server may have had it only now
                if is_answered:
                    turn.answered()
            known.append((clock.now() - START).total_seconds())
        return known

    assert asyncio.run(main()) == [0.7, 2.4]


def test_no_turn_is_given_while_the_one_before_is_not_sent(budget: Budget) -> None:
    async def main() -> list[str]:
        told: list[str] = []
        connected = asyncio.Event()

        async def slow() -> None:
            async with budget.turn("a.example", delay=0, concurrency=2, timeout=60, stop=Stop()) as turn:
                await connected.wait()
                told.append("first")
                turn.sent()

        async def quick() -> None:
            async with budget.turn("a.example", delay=0, concurrency=2, timeout=60, stop=Stop()):
                told.append("second")

        both = [asyncio.ensure_future(slow()), asyncio.ensure_future(quick())]
        await asyncio.sleep(0)
        connected.set()
        await asyncio.gather(*both)
        return told

    assert asyncio.run(main()) == ["first", "second"]


def test_a_slow_server_rests_as_long_as_it_worked(budget: Budget, clock: SimulatedClock) -> None:
    async def main() -> timedelta:
        async with budget.turn("a.example", delay=1.0, concurrency=1, timeout=60, stop=Stop()) as turn:
            turn.sent()
            await clock.sleep(8)
        ended = clock.now()
        async with budget.turn("a.example", delay=1.0, concurrency=1, timeout=60, stop=Stop()):
            return clock.now() - ended

    assert asyncio.run(main()) == timedelta(seconds=8)


def test_a_host_that_refuses_is_left_alone_ever_longer_and_by_all_runs(
    budget: Budget, tmp_path: Path, clock: SimulatedClock
) -> None:
    waits = [(budget.refused("a.example", None) - START).total_seconds() for _ in range(5)]
    assert waits == [10, 20, 40, 80, 160]
    other = Budget(tmp_path / "b.sqlite", clock)
    assert other.paused_until("a.example") == START + timedelta(seconds=160)
    assert other.paused_until("b.example") is None
    other.answered("a.example")
    other.close()
    assert budget.paused_until("a.example") is None
    assert budget.refused("a.example", None) == START + timedelta(seconds=10)


@pytest.mark.parametrize(("asked", "given"), [(90, 90), (3, 10), (10**9, 7 * 86400)])
def test_a_host_is_left_alone_as_long_as_it_asks_within_reason(budget: Budget, asked: int, given: int) -> None:
    assert budget.refused("a.example", timedelta(seconds=asked)) == START + timedelta(seconds=given)


def test_a_clock_that_was_set_back_stops_nobody(tmp_path: Path) -> None:
    ahead = Budget(tmp_path / "b.sqlite", SimulatedClock(START + timedelta(days=4000)))

    async def ask(budget: Budget) -> datetime:
        async with budget.turn("a.example", delay=1.0, concurrency=1, timeout=60, stop=Stop()) as turn:
            turn.sent()
            return budget.clock.now()

    asyncio.run(ask(ahead))
    ahead.refused("a.example", timedelta(days=7))
    ahead.close()
    now = Budget(tmp_path / "b.sqlite", SimulatedClock(START))
    assert asyncio.run(ask(now)) == START
    assert now.paused_until("a.example") is None
    now.close()


def test_who_waits_for_a_turn_stops_when_asked_to(budget: Budget) -> None:
    async def main() -> None:
        stop = Stop()
        held, waiting = asyncio.Event(), asyncio.Event()

        async def hold() -> None:
            async with budget.turn("a.example", delay=0, concurrency=1, timeout=60, stop=Stop()):
                held.set()
                await waiting.wait()

        async def wait() -> None:
            await held.wait()
            async with budget.turn("a.example", delay=0, concurrency=1, timeout=60, stop=stop):
                raise AssertionError("the turn was held")

        holder, waiter = asyncio.ensure_future(hold()), asyncio.ensure_future(wait())
        await held.wait()
        stop.ask()
        with pytest.raises(Stopped):
            await waiter
        waiting.set()
        await holder

    asyncio.run(main())


def test_a_damaged_file_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "b.sqlite").write_bytes(b"no database at all, but long enough to look at" * 100)
    assert moments(tmp_path / "b.sqlite", [("a.example", 1.0, 1)] * 2) == [0, 1]


def test_no_more_than_concurrency_are_out_and_a_turn_given_back_is_given_again(tmp_path: Path) -> None:
    budget = Budget(tmp_path / "b.sqlite", Clock())
    out = most = 0

    async def ask(done: asyncio.Event) -> None:
        nonlocal out, most
        async with budget.turn("a.example", delay=0, concurrency=2, timeout=60, stop=Stop()) as turn:
            turn.sent()
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


def test_a_process_that_has_come_by_a_thousand_domains_holds_none_of_them(budget: Budget) -> None:
    async def main() -> None:
        for number in range(3):
            async with budget.turn(f"{number}.example", delay=1, concurrency=1, timeout=60, stop=Stop()) as turn:
                turn.sent()
                assert list(budget._domains) == [f"{number}.example"]

    asyncio.run(main())
    assert not budget._domains


def test_the_turn_of_a_killed_process_ends(tmp_path: Path) -> None:
    code = (
        "import asyncio, os, sys; from pathlib import Path\n"
        "from newsspider.clock import Clock; from newsspider.crawl.stop import Stop; from newsspider.frontier.budget import Budget\n"
        "async def main():\n"
        "    async with Budget(Path(sys.argv[1]), Clock()).turn('a.example', delay=0, concurrency=1, timeout=1, stop=Stop()):\n"
        "        os._exit(9)\n"
        "asyncio.run(main())"
    )
    path = tmp_path / "b.sqlite"
    assert subprocess.run([sys.executable, "-c", code, str(path)], check=False).returncode == 9
    clock = SimulatedClock(datetime.now(UTC))
    began = clock.now()
    budget = Budget(path, clock)

    async def ask() -> None:
        async with budget.turn("a.example", delay=0, concurrency=1, timeout=1, stop=Stop()):
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
        "from newsspider.clock import Clock; from newsspider.crawl.stop import Stop; from newsspider.frontier.budget import Budget\n"
        "budget = Budget(Path(sys.argv[1]), Clock())\n"
        "async def main():\n"
        "    print('ready', flush=True); sys.stdin.readline()\n"
        "    for _ in range(6):\n"
        "        async with budget.turn('a.example', delay=0.1, concurrency=1, timeout=60, stop=Stop()):\n"
        "            print(time.monotonic(), flush=True)\n"
        "asyncio.run(main())"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "b.sqlite")]
    pipe = subprocess.PIPE
    processes = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(2)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    began = time.monotonic()  # one clock for all processes of the machine
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    turns = [float(line) for process in processes for line in process.communicate()[0].split()]
    assert [process.returncode for process in processes] == [0, 0]
    assert len(turns) == 12
    # The start is taken before the first turn and a turn after it was given: load makes the span longer, never shorter.
    assert max(turns) - began >= 11 * 0.1

"""How WARC files keep to the standard: our rules, warcio and FastWARC, side by side.

Usage: ``python -m bench.archive.conformance FILE...``. Prints which clauses were held against the files and what they
break; then what the digest checks of warcio and FastWARC say. Both take the chunks of a chunked response for its
payload, so that on such records their payload line may differ (WARC 1.1 §5.9 and §6.3.2; RFC 2616 §7.2): these are
told apart.
"""

import argparse
import sys
from collections import Counter
from itertools import groupby
from pathlib import Path
from time import process_time

from fastwarc.warc import ArchiveIterator, WarcRecordType
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from pipelines.store.clauses import RULES, SHALL
from pipelines.store.conformance import check_warc


def main() -> None:
    """Print the tables. The exit code is 1 where a «shall» is broken, or a digest is wrong that is no matter of chunks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    files = parser.parse_args().files
    print(f"{len(files)} files, {sum(path.stat().st_size for path in files):,} bytes")
    print(", ".join(f"{count:,} {kind}" for kind, count in count_records(files).most_common()), "\n")
    wrong = print_clauses(files)
    for name, judge in (("warcio", ask_warcio), ("FastWARC", ask_fastwarc)):
        start = process_time()
        verdicts: Counter[str] = sum(map(judge, files), Counter())
        told = ", ".join(f"{count:,} {verdict}" for verdict, count in sorted(verdicts.items()))
        print(f"{name}: {told} ({process_time() - start:.1f} s)")
        wrong += verdicts["wrong"]
    sys.exit(1 if wrong else 0)


def count_records(files: list[Path]) -> Counter[str]:
    """Return how many records of each type there are, chunked responses apart."""
    counts: Counter[str] = Counter()
    for path in files:
        with path.open("rb") as file:
            for record in WarcioIterator(file):
                counts[record.rec_type + (", chunked" if is_chunked(record) else "")] += 1
    return counts


def print_clauses(files: list[Path]) -> int:
    """Print how often each clause is broken; return how many «shall» are."""
    start = process_time()
    problems = [problem for path in files for problem in check_warc(path)]
    broken = Counter((problem.clause, problem.level) for problem in problems)
    print(f"{'clause':20}{'rules':>6}  {'level':8}broken")
    rules = sorted(((rule.clause, rule.level) for rule in RULES), key=lambda rule: (_order(rule[0]), rule[1]))
    for (clause, level), same in groupby(rules):
        print(f"{clause:20}{len(list(same)):6}  {level:8}{broken[clause, level]:6}")
    shall, should = (sum(problem.level == level for problem in problems) for level in (SHALL, "should"))
    seconds = process_time() - start
    print(
        f"newsspider: {len(RULES)} rules, {shall} times a «shall» broken, {should} times a «should» ({seconds:.1f} s)\n"
    )
    return shall


def _order(clause: str) -> tuple[list[int], str]:
    numbers = clause.split(".")
    return ([int(number) for number in numbers] if clause[0].isdigit() else [99], clause)


def ask_warcio(path: Path) -> Counter[str]:
    """Return what warcio finds of each record's digests."""
    verdicts: Counter[str] = Counter()
    with path.open("rb") as file:
        for record in WarcioIterator(file, check_digests=True):
            while record.content_stream().read(1 << 16):
                pass
            problems = record.digest_checker.problems
            is_known = is_chunked(record) and all("payload" in problem for problem in problems)
            verdicts[_verdict(bool(problems), is_known=is_known)] += 1
    return verdicts


def ask_fastwarc(path: Path) -> Counter[str]:
    """Return what FastWARC finds of each record's digests."""
    verdicts: Counter[str] = Counter()
    with path.open("rb") as file:
        for record in ArchiveIterator(file, parse_http=False):
            record.freeze()
            is_block_right = record.verify_block_digest()
            record.parse_http()
            has_payload = (
                record.is_http
                and "WARC-Payload-Digest" in record.headers
                and record.record_type == WarcRecordType.response
            )
            is_payload_right = not has_payload or record.verify_payload_digest()
            chunked = bool(
                has_payload and "chunked" in (record.http_headers.get("Transfer-Encoding") or "").lower()
            )
            is_known = chunked and is_block_right
            verdicts[_verdict(not (is_block_right and is_payload_right), is_known=is_known)] += 1
    return verdicts


def is_chunked(record) -> bool:
    """Tell whether a record of warcio holds a chunked response."""
    head = record.http_headers if record.rec_type == "response" else None
    return head is not None and "chunked" in (head.get_header("Transfer-Encoding") or "").lower()


def _verdict(is_wrong: bool, *, is_known: bool) -> str:
    if not is_wrong:
        return "right"
    return "with another payload digest, chunked" if is_known else "wrong"


if __name__ == "__main__":
    main()

"""Checks a WACZ file against its specification (WACZ 1.1.1), as ``wacz validate`` and a replay tool do."""

import gzip
import hashlib
import json
import struct
import zipfile
from pathlib import Path
from typing import Any

from pipelines.store.record import read_records


def check_wacz(path: Path) -> dict[str, Any]:
    """Assert that a file is as the specification has it; return its ``datapackage.json``."""
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        names = package.namelist()
        assert len(set(names)) == len(names)
        described: dict[str, Any] = json.loads(package.read("datapackage.json"))
        assert (described["profile"], described["wacz_version"]) == ("data-package", "1.1.1")
        assert {"title", "description", "created", "software"} <= set(described)
        _check_resources(package, described["resources"])
        digest = json.loads(package.read("datapackage-digest.json"))
        assert digest == {"path": "datapackage.json", "hash": sha256(package.read("datapackage.json"))}
        stored = [info for info in package.infolist() if info.compress_type == zipfile.ZIP_STORED]
        assert {info.filename for info in stored} == {
            name for name in names if name.startswith("archive/") or name == "indexes/index.cdx.gz"
        }
        _check_places(path, package)
        _check_index(package)
        _check_pages(package)
    return described


def _check_places(path: Path, package: zipfile.ZipFile) -> None:
    """Where the directory has no extra field for an entry, ReplayWeb.page looks for its bytes right behind its name."""
    data = path.read_bytes()
    for info in package.infolist():
        name_length, extra_length = struct.unpack("<HH", data[info.header_offset + 26 : info.header_offset + 30])
        assert name_length == len(info.filename.encode())
        assert extra_length == len(info.extra) == 0


def sha256(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _check_resources(package: zipfile.ZipFile, resources: list[dict[str, Any]]) -> None:
    """Every file but the two that describe the package is listed, with its size and digest."""
    listed = {one["path"]: one for one in resources}
    assert len(listed) == len(resources)
    assert set(listed) == set(package.namelist()) - {"datapackage.json", "datapackage-digest.json"}
    for name, one in listed.items():
        data = package.read(name)
        assert (one["name"], one["bytes"], one["hash"]) == (name.rpartition("/")[2], len(data), sha256(data))


def index_lines(package: zipfile.ZipFile) -> list[bytes]:
    return gzip.decompress(package.read("indexes/index.cdx.gz")).splitlines(keepends=True)


def _check_index(package: zipfile.ZipFile) -> None:
    """The index is sorted, its own index leads to each block, and each line to a record of the address."""
    lines = index_lines(package)
    assert lines == sorted(lines)
    blocks = package.read("indexes/index.cdx.gz")
    head, *entries = package.read("indexes/index.idx").decode().splitlines()
    assert head == '!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}'
    read: list[bytes] = []
    for entry in entries:
        urlkey, timestamp, place = entry.split(" ", 2)
        fields = json.loads(place)
        block = blocks[fields["offset"] : fields["offset"] + fields["length"]]
        assert fields["digest"] == sha256(block)
        found = gzip.decompress(block).splitlines(keepends=True)
        assert found[0].decode().startswith(f"{urlkey} {timestamp} {{")
        read += found
    assert read == lines
    for line in lines:
        fields = json.loads(line.split(b" ", 2)[2])
        with package.open(f"archive/{fields['filename']}") as file:
            record = next(read_records(file, "x", start=int(fields["offset"])))  # type: ignore[arg-type]
        assert record.field("WARC-Target-URI") == fields["url"]
        assert record.length == int(fields["length"])


def _check_pages(package: zipfile.ZipFile) -> None:
    """Every page has an address and a time at which the index has a capture of it."""
    captured = set()
    for line in index_lines(package):
        _, timestamp, fields = line.decode().split(" ", 2)
        captured.add((json.loads(fields)["url"], timestamp))
    head, *pages = [json.loads(line) for line in package.read("pages/pages.jsonl").splitlines()]
    assert (head["format"], head["id"]) == ("json-pages-1.0", "pages")
    assert len({page["id"] for page in pages}) == len(pages)
    for page in pages:
        timestamp = "".join(filter(str.isdigit, page["ts"]))[:14]
        assert (page["url"], timestamp) in captured
        assert page["title"]

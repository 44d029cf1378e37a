"""The catalogue's files are well-formed; what the values mean is checked by the loader's own tests."""

import ipaddress
import tomllib
from dataclasses import fields
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pipelines.model import Site

CATALOGUE = sorted((Path(__file__).parents[2] / "data" / "sites").glob("*.toml"))
FILLED_IN = {"text", "digest"}
"""Fields of a site that the loader sets."""


def test_there_is_a_catalogue() -> None:
    assert len(CATALOGUE) >= 30


@pytest.mark.parametrize("path", CATALOGUE, ids=lambda path: path.stem)
def test_a_site_file_has_the_required_keys_and_no_others(path: Path) -> None:
    entry = tomllib.loads(path.read_text("utf-8"))
    assert {"id", "name", "seeds", "checked"} <= entry.keys()
    assert entry.keys() <= {field.name for field in fields(Site)} - FILLED_IN
    assert entry["id"] == path.stem


@pytest.mark.parametrize("path", CATALOGUE, ids=lambda path: path.stem)
def test_its_seeds_are_public_addresses(path: Path) -> None:
    for seed in tomllib.loads(path.read_text("utf-8"))["seeds"]:
        address = urlsplit(seed)
        assert address.scheme in {"http", "https"}
        assert "." in (address.hostname or "")
        with pytest.raises(ValueError, match="does not appear to be an IPv4 or IPv6 address"):
            ipaddress.ip_address(address.hostname or "")


def test_no_two_sites_share_a_seed() -> None:
    seeds = [seed for path in CATALOGUE for seed in tomllib.loads(path.read_text("utf-8"))["seeds"]]
    assert len(seeds) == len(set(seeds))

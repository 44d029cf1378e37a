"""The demo's catalogue is packaged, and can be written for other ports."""

import tomllib
from pathlib import Path

from newsspider.demo import sites_dir, write_site_files
from newsspider.demo.web import SITES


def seeds(folder: Path) -> dict[str, list[str]]:
    entries = (tomllib.loads(path.read_text("utf-8")) for path in folder.glob("*.toml"))
    return {entry["id"]: entry["seeds"] for entry in entries}


def test_each_site_has_its_file() -> None:
    assert seeds(sites_dir()).keys() == {site.id for site in SITES}
    assert all(path.stem in seeds(sites_dir()) for path in sites_dir().iterdir())


def test_the_seeds_are_at_the_default_ports() -> None:
    for site in SITES:
        assert all(seed.startswith(f"http://127.0.0.1:{site.port}/") for seed in seeds(sites_dir())[site.id])


def test_site_files_for_other_ports(tmp_path: Path) -> None:
    write_site_files(tmp_path, (41001, 41002, 41003))
    assert seeds(tmp_path)["demo-lanshan"][0] == "http://127.0.0.1:41001/index.htm"
    assert seeds(tmp_path)["demo-wangxi"] == ["http://127.0.0.1:41002/"]
    assert seeds(tmp_path)["demo-mirror"] == ["http://127.0.0.1:41003/"]
    assert "879" not in "".join(path.read_text("utf-8") for path in tmp_path.iterdir())

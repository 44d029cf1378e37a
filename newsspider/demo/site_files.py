"""The demo's own catalogue: the packaged site files, and the same for other ports."""

import re
from pathlib import Path

from newsspider.demo.web import PORTS, SITES
from newsspider.sites import parse_site
from pipelines.model import Site

_FOLDER = Path(__file__).parent / "sites"
_PORT = re.compile(r"(?<=127\.0\.0\.1:)\d+")


def sites_dir() -> Path:
    """Return the packaged folder of site files, for the default ports."""
    return _FOLDER


def demo_sites(ports: tuple[int, ...] = PORTS) -> list[Site]:
    """Return the three sites, for a demo web on those ports."""
    return [parse_site(text, name=f"{site_id}.toml", allow_private=True) for site_id, text in _texts(ports).items()]


def write_site_files(folder: Path, ports: tuple[int, ...]) -> None:
    """Write site files for a demo web on other ports into ``folder``."""
    for site_id, text in _texts(ports).items():
        (folder / f"{site_id}.toml").write_text(text, "utf-8")


def find_port(site_file: str) -> int:
    """Return the port that a site file of the demo names. Raises ValueError for the file of another site."""
    port = _PORT.search(site_file)
    if port is None:
        raise ValueError("not a site file of the demo: it names no port of 127.0.0.1")
    return int(port.group())


def _texts(ports: tuple[int, ...]) -> dict[str, str]:
    moved = {str(default): str(port) for default, port in zip(PORTS, ports, strict=True)}
    return {
        site.id: _PORT.sub(lambda port: moved[port.group()], (_FOLDER / f"{site.id}.toml").read_text("utf-8"))
        for site in SITES
    }

"""The demo's own catalogue: the packaged site files, and copies of them for other ports."""

import re
from pathlib import Path

from newsspider.demo.web import PORTS

_FOLDER = Path(__file__).parent / "sites"


def sites_dir() -> Path:
    """Return the packaged folder of site files, for the default ports."""
    return _FOLDER


def write_site_files(folder: Path, ports: tuple[int, ...]) -> None:
    """Write site files for a demo web on other ports into ``folder``."""
    moved = {str(default): str(port) for default, port in zip(PORTS, ports, strict=True)}
    for packaged in sorted(_FOLDER.glob("*.toml")):
        text = re.sub(r"(?<=127\.0\.0\.1:)\d+", lambda port: moved[port.group()], packaged.read_text("utf-8"))
        (folder / packaged.name).write_text(text, "utf-8")

"""The demo: a small web of three university news sites, served on loopback and crawled like any other.

Where what stands:

- ``articles/``   the texts: one TOML file a site, and ``seed.txt``, the seed page as a mirror prints it
- ``templates/``  the markup, one folder a site; ``static/`` holds style sheets and scripts
- ``sites/``      the site files that the crawl is started with
- ``lanshan.py``, ``wangxi.py``, ``mirror.py``  one site each: its addresses, its pages, the truth about them
- ``spoil.py``    what the mirror does to the texts it copies
- ``files.py``    documents and pictures
- ``web.py``, ``server.py``  what is served, and how
"""

from newsspider.demo.design import Expected
from newsspider.demo.server import Request
from newsspider.demo.site_files import demo_sites, find_port, sites_dir, write_site_files
from newsspider.demo.web import PORTS, DemoWeb, expected

__all__ = [
    "PORTS",
    "DemoWeb",
    "Expected",
    "Request",
    "demo_sites",
    "expected",
    "find_port",
    "sites_dir",
    "write_site_files",
]

"""Pages that would keep a reader busy for minutes: told by their weight before they are parsed.

A listing of a real site has up to 8,000 tags and half a megabyte, and the heaviest archive of ten years on one
page ten times that. What goes far beyond is a trap or a fault, and while it is read no other site is served.
"""

import re
from itertools import islice

MOST_TAGS = 100_000
"""Of a page; reading them takes some seconds."""

MOST_ENTRY_TAGS = 500_000
"""Of a feed: a sitemap may hold 50,000 addresses (sitemaps.org), each of four elements."""

MOST_BYTES = 4_000_000
"""Of a page without the images that are written into it: those are not read."""

MOST_ATTRIBUTES = 1000
"""Of a tag. libxml2 compares each with all before it: a megabyte of attributes takes it two minutes."""

LIGHT = 200_000
"""Bytes of source up to which attributes are not counted."""

LONG = 10_000
"""Bytes of a tag up to which its attributes are not counted."""

_INLINED = re.compile(rb"data:[\w/+.;=-]{1,100},[A-Za-z0-9+/=%\s]*+")

# WHATWG HTML §13.2.5.32–37: names end at white space, «/», «>» and «=»; values are quoted or end at white space.
_ATTRIBUTE = rb"""(?:=++[^\s/>=]*+|[^\s/>=]++)(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+"""
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_TAG = re.compile(rb"(<[A-Za-z][^\s/>]*+)((?:[\s/]++|" + _ATTRIBUTE + rb")*+)")


def why_too_heavy(payload: bytes, *, most_tags: int = MOST_TAGS) -> str | None:
    """Return why a page or feed is not to be read, for people; None where it may be."""
    if (tags := payload.count(b"<")) > most_tags:
        return f"{tags} tags, more than {most_tags}"
    if most_tags == MOST_TAGS and len(payload) > MOST_BYTES:
        size = len(_INLINED.sub(b"", payload))
        if size > MOST_BYTES:
            return f"{size} bytes without inlined images, more than {MOST_BYTES}"
    return None


def cut_attributes(source: bytes) -> bytes:
    """Return the source of a page with no more than ``MOST_ATTRIBUTES`` in any tag.

    >>> few = cut_attributes(b"<p " + b" ".join(b"a%d" % n for n in range(30_000)) + b">text")
    >>> len(few) < 10_000, few[:12], few[-5:]
    (True, b'<p a0 a1 a2 ', b'>text')
    """
    if len(source) <= LIGHT or not any(tag.end() - tag.start() > LONG for tag in _TAG.finditer(source)):
        return source
    return _TAG.sub(_cut, source)


def _cut(tag: re.Match[bytes]) -> bytes:
    if tag.end() - tag.start() <= LONG:
        return tag[0]
    return b" ".join([tag[1], *(found[0] for found in islice(_ATTRIBUTES.finditer(tag[2]), MOST_ATTRIBUTES))])

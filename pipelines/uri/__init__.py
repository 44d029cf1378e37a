"""Addresses: how they resolve, which site they belong to, and which article they name.

A target URI is never altered. What is made from one – the urlkey, the article's id – serves for looking up and
for naming records, never for asking a server.
"""

from pipelines.uri.hosts import extension, host_of, in_domains, registrable_domain
from pipelines.uri.identity import article_id, is_article_form, is_listing_form, is_start, record_id
from pipelines.uri.joining import is_page_address, resolve
from pipelines.uri.surt import urlkey

__all__ = [
    "article_id",
    "extension",
    "host_of",
    "in_domains",
    "is_article_form",
    "is_listing_form",
    "is_page_address",
    "is_start",
    "record_id",
    "registrable_domain",
    "resolve",
    "urlkey",
]

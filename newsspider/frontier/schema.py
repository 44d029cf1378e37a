"""The tables of the ledger."""

VERSION = 2
"""``user_version`` of the file; a ledger of another version is made anew."""

SCHEMA = """
CREATE TABLE uris (
    id              INTEGER PRIMARY KEY,
    key             TEXT NOT NULL UNIQUE,   -- host, path and query: http and https are one page
    uri             TEXT NOT NULL,          -- target URI as first found
    rank            INTEGER NOT NULL,       -- order of fetching, lowest first
    found_by        TEXT NOT NULL,
    found_on        TEXT,
    text            TEXT,
    date            TEXT,
    section         TEXT,
    listing         TEXT,                   -- key of the first page of the listing that has it
    found_at        INTEGER NOT NULL,       -- times are milliseconds since 1970, UTC
    fetches         INTEGER NOT NULL DEFAULT 0,
    failures        INTEGER NOT NULL DEFAULT 0,
    changed_at      INTEGER,                -- when what it says last changed, as far as is known
    gone            INTEGER NOT NULL DEFAULT 0,
    hops            INTEGER NOT NULL DEFAULT 0,     -- redirects in a row that kept to this key
    outcome         TEXT,                   -- of the last fetch
    status          INTEGER,
    kind            TEXT,                   -- of the last page read
    reservations    TEXT,                   -- what its publisher reserves, separated by commas
    fetched_at      INTEGER,
    due_at          INTEGER,                -- NULL: never again
    recheck         INTEGER NOT NULL DEFAULT 0,     -- whether a run may leave it to the next
    etag            TEXT,                   -- of the last whole response
    last_modified   TEXT,
    payload_digest  TEXT,
    content_digest  TEXT,                   -- of what it says: counters and dates of the day do not count
    record_id       TEXT,
    ok_at           INTEGER,
    warc            TEXT,
    offset          INTEGER,
    length          INTEGER
);
CREATE INDEX due ON uris (rank, due_at, id) WHERE recheck = 0 AND due_at IS NOT NULL;
CREATE INDEX rechecks ON uris (due_at, id) WHERE recheck = 1 AND due_at IS NOT NULL;
CREATE INDEX copies ON uris (payload_digest) WHERE payload_digest IS NOT NULL;
CREATE INDEX listed ON uris (listing, date) WHERE found_by = 'listing';
CREATE TABLE shapes (           -- addresses that differ only in their numbers
    shape       TEXT PRIMARY KEY,
    barren      INTEGER NOT NULL,       -- first visits in a row that brought nothing
    trapped_at  INTEGER                 -- when it was recognised as a trap
) WITHOUT ROWID;
CREATE TABLE robots (           -- each robots.txt, as last reached
    uri         TEXT PRIMARY KEY,
    fetched_at  INTEGER NOT NULL,
    warc        TEXT NOT NULL,
    offset      INTEGER NOT NULL,
    length      INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE validators (       -- what a host makes of ETag and Last-Modified
    host        TEXT PRIMARY KEY,
    honoured    INTEGER NOT NULL,       -- answers «not modified»
    ignored     INTEGER NOT NULL        -- whole answers with the bytes that were held
) WITHOUT ROWID;
CREATE TABLE mark (             -- the last exchange that was entered
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    warc    TEXT NOT NULL,
    offset  INTEGER NOT NULL
);
"""

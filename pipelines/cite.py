"""How a record cites the capture that it was read from."""

from datetime import datetime

from pipelines.model import Capture, CaptureRef


def capture_ref(capture: Capture, *, charset: str | None) -> CaptureRef:
    """Return how a record cites a capture of the archive: its URI-M (RFC 7089), and where its bytes are."""
    assert capture.place is not None
    return CaptureRef(
        uri_m=f"{capture.captured_at:%Y%m%d%H%M%S}/{capture.target_uri}",
        captured_at=to_iso(capture.captured_at),
        status=capture.status,
        charset=charset,
        warc=capture.place.warc,
        offset=capture.place.offset,
        length=capture.place.length,
        payload_digest=capture.payload_digest,
    )


def to_iso(moment: datetime) -> str:
    """Return a moment (UTC, whole milliseconds) as ISO 8601: ``2020-02-21T09:05:07Z`` or ``…07.250Z``."""
    unit = "milliseconds" if moment.microsecond else "seconds"
    return moment.isoformat(timespec=unit).replace("+00:00", "Z")

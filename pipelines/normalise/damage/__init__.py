"""Repair of damaged Chinese text, each step an edit that can be taken back.

::

    entities → mojibake → invisible marks → radicals → private use → injected marks → GBK slips → pinyin → labels

The order matters: what an earlier step mends, a later one can read. Slips come before pinyin, because the pinyin
inside them is a checksum, and what they restore was never there to be annotated. Judgements that need a page
(script, pinyin, doubled marks) are made over all fields of the document together.

Nothing is invented: where a figure or any ASCII character was lost, the place is reported and left alone.
"""

from pipelines.normalise.damage.document import Repaired, RepairedText, Report, repair, repair_text
from pipelines.normalise.damage.edits import apply_edits, undo_edits
from pipelines.normalise.damage.slips import UnrepairedSlip

__all__ = [
    "Repaired",
    "RepairedText",
    "Report",
    "UnrepairedSlip",
    "apply_edits",
    "repair",
    "repair_text",
    "undo_edits",
]

"""Chinese text that can be trusted: one script, one form for search, and an account of what was changed.

The functions here return plain strings where that is what most callers want; their namesakes in
:mod:`~pipelines.normalise.hans` and :mod:`~pipelines.normalise.hant` say what was changed, and why.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipelines.normalise import hans, hant
from pipelines.normalise.convert import Change, Converted, convert
from pipelines.normalise.fold import fold
from pipelines.normalise.script import Script, classify_script

if TYPE_CHECKING:
    from pipelines.normalise.damage import RepairedText

__all__ = ["Change", "Converted", "Script", "classify_script", "convert", "fold", "repair", "to_hans", "to_hant"]


def repair(text: str) -> "RepairedText":
    """Return a damaged text repaired: ``.text``, the ``.edits`` that undo it, and the ``.report``.

    >>> repair("學(xué)校召開會(huì)議,學(xué)校領(lǐng)導(dǎo)參加").text
    '學校召開會議,學校領導參加'
    """
    from pipelines.normalise.damage import repair_text  # its rules are compiled only where they are asked for

    return repair_text(text)


def to_hans(text: str) -> str:
    """Return Chinese text of any script in simplified characters.

    >>> to_hans("本著關愛師生的理念")
    '本着关爱师生的理念'
    """
    return hans.to_hans(text).text


def to_hant(text: str, region: str = "generic", *, names: Iterable[str] = (), protect: Iterable[str] = ()) -> str:
    """Return Chinese text in the traditional characters that a region (``generic``, ``tw``, ``hk``) prints.

    ``names`` are personal names known to stand in the text; ``protect`` are strings to copy as they are.
    Raises ``ValueError`` for another region.

    >>> to_hant("校长发言后，30人参加", "tw")
    '校長發言後，30人參加'
    """
    return hant.to_hant(text, region, names=names, protect=protect).text

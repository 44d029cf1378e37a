"""Chinese text that can be trusted: one script, one form for search, and an account of what was changed.

The functions here return plain strings where that is what most callers want; their namesakes in
:mod:`~pipelines.normalise.hans` and :mod:`~pipelines.normalise.hant` say what was changed, and why.
"""

from collections.abc import Iterable

from pipelines.normalise import hans, hant
from pipelines.normalise.convert import Change, Converted, convert
from pipelines.normalise.fold import fold
from pipelines.normalise.script import Script, classify_script

__all__ = ["Change", "Converted", "Script", "classify_script", "convert", "fold", "to_hans", "to_hant"]


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

"""How probable a Chinese text is: the model's word for it, and what the model knows nothing of.

A word list says nothing of marks and brackets: two marks in a row, a stop behind a word that something must follow, a
bracket without its partner. Nor does it say that a page writes one script only.
"""

from pipelines.normalise.charmodel import Reader, State, fold
from pipelines.normalise.damage.signs import ANNOTATION
from pipelines.normalise.hanzi import is_han, simplified_only

AWKWARD = -3.0
"""Log probability, beside the model's, of a mark where Chinese has none. A word list knows nothing of this."""
LEADING = frozenset("的和与及或是在把被从对向将并而为于以使让由其该每各第")
"""Words that something must follow: no stop comes after them (folded),"""
STOPS = frozenset(",、;。!?:")
"""that is, none of these."""
UNSEEN = -6.0
"""Log probability of two marks in a row that are never written so."""
IN_A_ROW = frozenset(
    "。” !” ?” …” —” ,“ 、“ :“ ;“ 。“ !“ ?“ ”“ )“ 》“ (“ —“ ”, ”。 ”、 ”; ”: ”( ”) ”— ”《 ”! ”? ), )。 )、 ); ): )” )( )《 )— )》 )! )? "
    "》, 》。 》、 》( 》) 》: 》; 》《 》” 》— 》! 》? “《 (《 ,《 、《 :《 。《 ;《 —《 《“ 《( “( ,( 。( :( —— …… —… …— —( ,‘ 、‘ :‘ 。‘ “‘ "
    "’” ’, ’。 ’、 。’ !’ ?’ 。) !) ?) …) …, …。 …… !! ?! !? ?? —, “— “…".split()
)
"""Those that are."""
MARKED = frozenset("".join(IN_A_ROW))
PARTNERS = {"”": "“", "》": "《", ")": "(", "’": "‘"}
UNBALANCED = -2.5
"""Log probability of a bracket or quotation mark without its partner."""

CONTEXT_OF_MARKS = 100
"""Characters after a slip that may hold the partner of a bracket."""

FOREIGN = -5.0
"""Log probability of a simplified character on a traditional page, in the text as it is."""


class Likelihood:
    """Judges what stands in one text, or might have stood there."""

    def __init__(self, text: str, reader: Reader, *, traditional: bool | None) -> None:
        self._text = text
        self._reader = reader
        self._traditional = traditional
        """None where the page mixes the scripts."""

    def log(self, state: State, folded: str) -> float:
        """Return the log probability of a character (folded) after what was read."""
        log = self._reader.log(state, folded)
        if folded in MARKED:
            before = state.recent[-1:]
            if before in LEADING and folded in STOPS:
                log += AWKWARD
            elif before in MARKED and before + folded not in IN_A_ROW:
                log += UNSEEN
        return log

    def read_shown(self, state: State, start: int, end: int) -> tuple[State, float]:
        """Return the state after the shown text (without pinyin, within the line), and its log probability."""
        total = 0.0
        at = start
        while at < end and self._text[at] != "\n":
            pinyin = ANNOTATION.match(self._text, at)
            if pinyin and at and is_han(self._text[at - 1]):
                at = pinyin.end()
                continue
            folded = fold(self._text[at])
            total += self.log(state, folded)
            state = self._reader.after(state, folded)
            if self._traditional and self._text[at] in simplified_only():
                total += FOREIGN
            at += 1
        return state, total

    def balance(self, before: str, text: str, at: int) -> float:
        """Return what the brackets and quotation marks of the line, restored so, count for."""
        after = self._text[at : at + CONTEXT_OF_MARKS].partition("\n")[0]
        open_marks: list[str] = []
        lonely = 0
        for char in fold(before + text + after):
            if char in "“《(‘":
                open_marks.append(char)
            elif char in PARTNERS:
                if open_marks and open_marks[-1] == PARTNERS[char]:
                    open_marks.pop()
                else:
                    lonely += 1
        return UNBALANCED * (lonely + len(open_marks))

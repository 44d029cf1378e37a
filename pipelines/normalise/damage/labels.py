"""Labels that lost their first character: ``門文章`` for ``熱門文章``.

Templates set the first character of a label apart (an icon font, a ``<b>``), and what copies the page drops it. A
line that is all but the first character of a known label, and no label itself, is that label.
"""

from collections import Counter
from functools import cache

from pipelines.model import Edit
from pipelines.normalise.charmodel import fold
from pipelines.normalise.hanzi import simplified_forms

LABELS = (
    "最新文章", "热门文章", "推荐文章", "相关文章", "相关新闻", "最新新闻", "热门新闻", "推荐新闻", "热点新闻",
    "点击排行", "阅读排行", "热门推荐", "最新动态", "新闻动态", "通知公告", "学校首页", "当前位置", "上一篇",
    "下一篇", "返回列表", "加入收藏", "网站地图", "友情链接", "联系我们", "信息来源", "发布时间", "点击次数",
    "关闭窗口", "打印本页",
)  # fmt: skip
"""Labels of side columns and meta lines on university pages, in Hans."""


TRADITIONAL = str.maketrans("热点阅学当网联发关", "熱點閱學當網聯發關")
"""First characters of the labels, in Hant."""

LONGEST = max(map(len, LABELS))


def find_chopped_labels(text: str) -> list[Edit]:
    """Find lines that are a label without its first character.

    >>> [(edit.old, edit.new) for edit in find_chopped_labels("正文\\n門文章")]
    [('門文章', '熱門文章')]
    """
    edits = []
    start = 0
    for line in text.split("\n"):
        first = chopped_labels().get(fold(line)) if 1 < len(line) < LONGEST else None
        if first is not None:
            if any(char in simplified_forms() for char in line):
                first = first.translate(TRADITIONAL)
            edits.append(Edit(start=start, end=start + len(line), old=line, new=first + line, kind="label"))
        start += len(line) + 1
    return edits


@cache
def chopped_labels() -> dict[str, str]:
    """Return what is left of a label → its first character; without what two labels leave, or is itself a label."""
    rests = Counter(label[1:] for label in LABELS)
    return {label[1:]: label[0] for label in LABELS if rests[label[1:]] == 1 and label[1:] not in LABELS}

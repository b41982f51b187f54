"""The Chinese of the course: one word for one thing, and the marks and spaces of Chinese print."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HAN = "[\u4e00-\u9fff]"

TERMS = {
    # English: (the course's word, words of other books that are named once and not used)
    "accuracy": ("准确率", ("正确率", "精确度")),
    "activation function": ("激活函数", ("激励函数",)),
    "average pooling": ("平均池化", ("均值池化", "平均值池化")),
    "axis": ("轴", ("维度",)),
    "backward pass": ("反向传播", ("后向传播", "逆向传播")),
    "batch": ("一批", ("批次", "批处理")),
    "bias": ("偏置", ("偏差", "偏倚")),
    "corners of a window": ("起止位置", ("角点",)),
    "data augmentation": ("数据增强", ("数据增广",)),
    "derivative with respect to": ("的导数", ("关于 x 的导", "关于 w 的导", "关于 b 的导")),
    "element by element": ("逐元素", ("对应元素", "按元素", "逐个元素")),
    "example": ("样本", ("样例",)),
    "exercise": ("练习", ("题目", "习题", "这道题", "这一题")),
    "feature map": ("特征图", ("特征映射",)),
    "filter": ("滤波器", ("卷积核", "过滤器")),
    "to flatten": ("展平", ("拉平", "压平", "扁平化")),
    "flipped": ("翻转", ("旋转 180",)),
    "forward pass": ("前向传播", ("正向传播",)),
    "fully connected": ("全连接", ("全联接", "稠密层")),
    "to grade": ("评分", ("批改", "阅卷")),
    "gradebook": ("成绩册", ("成绩库", "成绩簿")),
    "gradient check": ("梯度检验", ("梯度检查", "梯度校验")),
    "import": ("导入", ("取来", "引入模块")),
    "index": ("下标", ("索引",)),
    "to lay out windows": ("展开", ("排好", "摊开")),
    "learning rate": ("学习率", ("学习速率", "学习步长")),
    "loss": ("损失", ("代价函数", "成本函数")),
    "mask": ("掩码", ("掩膜", "掩模", "蒙版")),
    "not implemented": ("未实现", ("未作答",)),
    "notebook": ("notebook", ("笔记本",)),
    "one-hot": ("独热", ("one-hot 标签", "one-hot 编码")),
    "overfitting": ("过拟合", ("过度拟合", "过适应")),
    "padding": ("填充", ("补零", "填补")),
    "place in an array": ("位置", ("格子",)),
    "pooling": ("池化", ("汇聚", "下采样", "子采样")),
    "receptive field": ("感受野", ("感受域", "接受域", "接收域")),
    "size": ("大小", ("尺寸",)),
    "stride": ("步幅", ("跨度", "滑动步长")),
    "unpack": ("解包", ("拆包",)),
    "validation set": ("验证集", ("校验集", "开发集")),
    "volume": ("三维数组", ("数据体",)),
    "weight": ("权重", ("权值",)),
}
INTRODUCES = re.compile(rf"也叫|又称|也译|俗称|^\| {HAN}")
"""Where a synonym is named: at a word's first use, and in the glossary's rows."""

MARKS = {
    "a half-width mark after Chinese": rf"{HAN}[,;!?](?:\s|$|{HAN})|{HAN}[:.](?:\s|$|{HAN})",
    "a half-width bracket after Chinese": rf"{HAN}\(",
    "a space beside a full-width mark": r"[。，：；？！、）] [^| ]|[^|：] [。，：；？！、（）]",
    "no space between Chinese and Latin": rf"{HAN}[A-Za-z0-9]|[A-Za-z0-9]{HAN}",
    "a space within Chinese": rf"{HAN} {HAN}",
    "italics, which Chinese does not have": rf"(?<![*\\])\*(?![*\s])[^*]*{HAN}[^*]*(?<!\s)\*(?!\*)",
    "a space before a per cent sign": r"\d %",
    "a space behind a mark in bold": r"[。，：；？！、]\*\* \S",
    "a letter x for × in a size": r"[\d}] ?x ?[\d{]",
}
CODE = re.compile(r"`[^`]*`|\$[^$]*\$|\([^()]*, [^()]*\)|\w+\([^()]*\)|\(\\d.*")
"""Code, formulas, tuples, calls and regular expressions."""
MARKUP = re.compile(r"(?<=\])\([^)]*\)|<[^>]*>")


def _in_code() -> Iterator[tuple[str, str]]:
    """Yield the Chinese strings of the Python files, with their place."""
    for folder in ("checks", "plots", "solutions", "autograder"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if {"tests", "corpora"} & set(path.parts):
                continue
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node.value


def _in_prose() -> Iterator[tuple[str, str]]:
    """Yield the lines of notebooks and README, and the alt texts, with their place."""
    for path in (*sorted((ROOT / "notebooks" / "source").glob("*.py")), ROOT / "README.zh.md"):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            text = re.sub(r"^ *# (zh: ?)?", "", line)
            yield f"{path.relative_to(ROOT)}:{number}", text
    texts = json.loads((ROOT / "images" / "alt_texts.json").read_text("utf-8"))
    for name, by_language in texts.items():
        yield f"images/alt_texts.json {name}", by_language["zh"]


@pytest.fixture(scope="module")
def sentences() -> list[tuple[str, str]]:
    found = [(place, text) for place, text in (*_in_code(), *_in_prose()) if re.search(HAN, text)]
    assert len(found) > 2_500
    return found


def _words(text: str) -> Iterator[str]:
    """Yield the words in a text that the course does not use."""
    if not INTRODUCES.search(text):
        for word, others in TERMS.values():
            yield from (f"{other}, not {word}" for other in others if other in text)


def _marks(text: str) -> Iterator[str]:
    """Yield what a text breaks of the rules of Chinese print."""
    plain = CODE.sub("x", MARKUP.sub("", text))
    for rule, pattern in MARKS.items():
        if found := re.search(pattern, plain):
            yield f"{rule}: {plain[max(0, found.start() - 15) : found.end() + 10]!r}"


def test_one_word_for_one_thing(sentences):
    """Is every term the course's own, but where its synonyms are introduced?"""
    assert [f"{place}: {said}" for place, text in sentences for said in _words(text)] == []


def test_terms_are_used(sentences):
    """Does every word of the table stand somewhere, so that the table is the course's?"""
    whole = "\n".join(text for _, text in sentences)
    assert [word for word, _ in TERMS.values() if word not in whole] == []


def test_marks_and_spaces(sentences):
    """Are marks full-width, with no space beside them, and one between Chinese and Latin?"""
    assert [f"{place}: {said}" for place, text in sentences for said in _marks(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "卷积核的大小",
        "整个批次的梯度",
        "z 关于 b 的导数",
        "把窗口排好",
        "步幅, 填充",
        "步幅。 填充",
        "用NumPy实现",
        "*步幅*是什么",
        "约 86 %",
        "**隔离。** 每份提交",
        "2 x 3 的数组",
        "{f} x {f} 的窗口",
        "打印 标签",
        "结果: ",
    ],
)
def test_faults_are_found(text):
    """Does each kind of slip get a line that names it?"""
    assert [*_words(text), *_marks(text)]

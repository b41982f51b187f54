"""What commands say to the person who runs them: sentences that several of them share."""

from checks.text import Text

NO_EXERCISE = Text(
    "no exercise {name!r} in {assignment}; there is: {names}",
    "{assignment} 中没有练习 {name!r}；现有：{names}",
)
NOT_GRADED_YET = Text(
    "{assignment} was not graded yet: autograder grade {assignment}",
    "{assignment} 还没有评分：autograder grade {assignment}",
)
NO_ID = Text("{name!r} cannot be a student's id", "{name!r} 不能作为学号")
NO_COMBINATION = Text("{name} does not go with {other}", "{name} 不能与 {other} 一起使用")

AND_MORE = Text("{names} and {count} more", "{names} 以及另外 {count} 人")
GRADEBOOK = Text("gradebook", "成绩册")
MARKS = Text("marks", "成绩表")
FEEDBACK = Text("feedback", "反馈")
REPORT = Text("report", "报告")
"""Where a run has written something."""

ENDED = Text(
    "{count} {noun} graded, {look} {verb} a look{names}{told}",
    "共评分 {count} 份提交，{look} 份需要查看{names}{told}",
)
WHICH = Text(": {names}", "：{names}")
TOLD = Text(
    "; {count} reported above while recording",
    "；记录成绩时有 {count} 个问题，见上文",
)
REMOVED = Text(
    "The submission was removed after it had been graded.",
    "这份提交在评分之后被移除了。",
)
NO_PAGE = Text("{student}: no feedback page ({why})", "{student}：没有反馈页面（{why}）")
CHANGED_BY_ANOTHER = Text(
    "{student}: another program changed the gradebook during this run; see what is left with: "
    "autograder verify {assignment}",
    "{student}：本次运行期间有另一个程序改动了成绩册；请核对现在的内容："
    "autograder verify {assignment}",
)
MERGED_ALREADY = Text(
    "{assignment}: round {number} is merged already; nothing was changed",
    "{assignment}：第 {number} 轮已经合并过；没有改动任何内容",
)
STOPPED_LOOKING = Text(
    "{assignment}: stopped looking for lines; marks, pages and report are whole",
    "{assignment}：已停止查找出错的代码行；成绩、页面和报告都是完整的",
)

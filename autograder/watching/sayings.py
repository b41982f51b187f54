"""What ``autograder watch`` says, a line each, while it runs."""

from checks.text import Text

WATCHING = Text(
    "watching {folder}; stop with Ctrl-C or SIGTERM",
    "正在监视 {folder}；用 Ctrl-C 或 SIGTERM 停止",
)
READY = Text("the first round is prepared", "第一轮已经准备好")
GRADED = Text(
    "{student}: {score:g} of {most:g}, {took:.1f} s{look}",
    "{student}：{score:g} / {most:g} 分，用时 {took:.1f} 秒{look}",
)
LOOK = Text("; needs a look", "；需要查看")
QUEUED = Text("{student}: queued until {when}", "{student}：排队等待到 {when}")
AGAIN = Text("tried again in {seconds:.0f} s: {why}", "{seconds:.0f} 秒后重试：{why}")
NOT_RECORDED = Text(
    "{student}: not recorded; tried again in {seconds:.0f} s: {why}",
    "{student}：没有登记成绩；{seconds:.0f} 秒后重试：{why}",
)
NOT_COLLECTED = Text("not collected: {error}", "没有收取：{error}")
NOT_RELEASED = Text(
    "{student}: the page is not in the exchange: {error}",
    "{student}：反馈页面没有放入 exchange：{error}",
)
STOPPED = Text("stopped", "已停止")

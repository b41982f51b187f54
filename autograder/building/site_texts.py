"""The sentences of the site's own pages."""

from checks.assignments import FIRST
from checks.text import Text

TEXTS = {
    "language": Text("English", "简体中文"),
    "course": Text("Convolutional networks, step by step", "卷积神经网络：一步一步动手实现"),
    "lead": Text(
        "Write the layers of a convolutional network with NumPy alone, forwards and backwards. "
        "A check beside each function says what is correct and, where the numbers show it, "
        "which mistake was made.",
        "只用 NumPy 亲手写出卷积网络的各层，从前向传播到反向传播。"
        "每个函数旁边都有检查：哪里对、哪里错，如果从数值上看得出来，还会指出是哪一种错误。",
    ),
    "work": Text("Work on it here", "在这里动手做"),
    "read": Text("Read it", "只阅读"),
    "open_in": Text("Open in {service}", "在 {service} 中打开"),
    "functions": Text("You write {count} functions", "你要写 {count} 个函数"),
    "how": Text("How it works here", "在浏览器中怎样使用"),
    "start": Text(
        "Nothing is installed: Python runs inside this page. The first start fetches about 40 MB "
        "and takes half a minute or more; wait until the circle at the top right is empty before "
        "you run the first cell.",
        "不用安装任何东西，Python 就在网页里运行。第一次启动要下载约 40 MB，需要半分钟以上；"
        "请等右上角的圆圈变为空心，再运行第一个单元格。",
    ),
    "offline": Text(
        "Python itself comes from this site, too: no other address is asked.",
        "Python 本身也由本站提供，不会访问其他网址。",
    ),
    "kept": Text(
        "Your work is kept in this browser, on this computer, and nowhere else. In a private "
        "window, or where the browser clears its data, it is lost when you close the window.",
        "你的作业只保存在这台电脑的这个浏览器里。如果使用无痕窗口，或者浏览器会自动清除数据，"
        "关闭窗口后作业就没有了。",
    ),
    "download": Text(
        "Download the notebook before you leave and to hand it in: File → Download. The file's "
        "name begins with its folders, as in en_{name}_{name}.ipynb; the "
        "grader knows that, so leave it as it is.",
        "离开之前、提交作业时，都要把 notebook 下载下来：File → Download。"
        "下载的文件名前面带有文件夹名，例如 zh_{name}_{name}.ipynb；"
        "评分程序认得，不用改名。",
    ).format(name=FIRST),
    "loop": Text(
        "A check stops a function that does not end, after 20 seconds. Any other cell can't be "
        "interrupted here. Save, then Kernel → Restart Kernel; "
        "if that does not help, reload the page. The text of your cells stays.",
        "函数如果停不下来，检查会在 20 秒后中止它；"
        "其他停不下来的单元格，在浏览器里无法用 Interrupt 中止。"
        "请先保存，再选择 Kernel → Restart Kernel；如果还不行，就刷新网页。单元格里的代码不会丢。",
    ),
    "slow": Text(
        "It computes two to three times more slowly than an installed Python: all cells of the "
        "finished second notebook take one to two minutes.",
        "这里的计算比本机安装的 Python 慢两三倍：第二个 notebook 完成之后，"
        "从头到尾运行一遍要一两分钟。",
    ),
    "grading": Text(
        "The points count when your teacher grades the file that you hand in, on fresh numbers.",
        "老师给你提交的文件评分时，会换用新的数据；那才是正式的分数。",
    ),
    "reading": Text(
        "This page is for reading. The functions are not written yet, so some cells only say so.",
        "这一页供阅读。函数都还没有写，所以有些单元格只显示一行提示。",
    ),
    "all_notebooks": Text("All notebooks", "所有 notebook"),
    "shows": Text("What the cell shows", "单元格的输出"),
}

# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] lang="en"
# # Convolutional Neural Networks: Train What You Built
#
# In the first notebook you wrote layers that never learned anything. Here they learn: you add what was missing, make it all fast, and train a convolutional network that reads handwritten digits, with nothing but NumPy. No framework, no download, a few seconds of training.
#
# **What you'll do**
#
# - write the rest of the network: ReLU, flatten, the fully connected layer, softmax with cross-entropy, and gradient descent with momentum,
# - measure gradients, and find out where such a measurement goes wrong,
# - turn your loops into matrix products, which are far faster, and equal to ten digits,
# - train on 1437 real digits, look at what the network learned and where it errs, and compare it honestly with another method.
#
# **What you'll learn**
#
# - how to derive the backward pass of any layer with one question,
# - which sanity checks an experienced engineer makes before a long training,
# - why the same arithmetic can take so different times,
# - what a test accuracy says, and what it hides.
#
# **What you'll need**
#
# - Python and NumPy as in the first notebook, and the chain rule,
# - matrix products, their shapes and transposes; for one paragraph each, Taylor's formula and variance,
# - your filled first notebook if you have it. Nothing here fails without it,
# - four to five hours; every section is a good place to stop.

# %% [markdown] lang="zh"
# # 卷积神经网络：训练你自己写的网络
#
# 在第一个 notebook 里，你写出了两种**层**（layer）：卷积层和池化层（pooling layer），但它们什么也没有学过。这一次要让它们真正学习：补上缺少的部分，提高速度，然后只用 NumPy 训练一个能识别手写数字的卷积网络。不用框架，不用下载，训练只要几秒钟。
#
# **你要做什么**
#
# - 写出网络的其余部分：ReLU、展平（flatten）、全连接层（fully connected layer）、softmax 与交叉熵（cross-entropy），以及带动量（momentum）的梯度下降（gradient descent）；
# - 测量梯度（gradient），并弄清这种测量在哪里会失灵；
# - 把循环改写成矩阵乘法：快得多，结果的前十位有效数字却完全一致；
# - 用 1437 个真实的手写数字训练网络，看看它学到了什么、在哪里出错，再与另一种方法作一次公平的比较。
#
# **你会学到什么**
#
# - 怎样只问一个问题，就推导出任何一层的反向传播（backward pass）；
# - 有经验的工程师在长时间训练之前，会先做哪些检查；
# - 为什么同样的计算，快慢会相差悬殊；
# - 测试准确率说明了什么，又掩盖了什么。
#
# **你需要准备什么**
#
# - 和第一个 notebook 一样的 Python、NumPy 基础，以及链式法则；
# - 矩阵乘法、矩阵的形状与转置（另有两小段，一段用到泰勒公式，一段用到方差，都可以跳过）；
# - 你完成的第一个 notebook（如果有的话）；没有也不要紧，这里的内容照样都能做；
# - 四到五个小时；每学完一节，都可以停下来休息。

# %% [markdown] lang="en"
# ## 1 Packages
#
# - `numpy` does the arithmetic, `matplotlib` is there for plots of your own.
# - `public_tests` holds the checks. `plots` reads the data and draws. Neither contains a solution.

# %% [markdown] lang="zh"
# ## 1 导入所需的包
#
# - `numpy` 负责数值计算，`matplotlib` 留给你自己画图用。
# - `public_tests` 里是各项检查；`plots` 负责读数据和画图。两者里面都没有答案。

# %% tags=["demo"]
# Matrix products in one thread.
# zh: 矩阵乘法只用一个线程。
import os

for setting in ("OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ.setdefault(setting, "1")

# %% [markdown] lang="en"
# Why one thread? NumPy leaves matrix products to a library (BLAS), which likes to share each one out among all processor cores. For matrices as small as ours, waking the other cores takes longer than the product. The library reads this setting once, when NumPy is imported, so this cell comes first.

# %% [markdown] lang="zh"
# 为什么只用一个线程？NumPy 把矩阵乘法交给一个叫 BLAS 的库去做，它默认把每次乘法分给处理器的所有核心；可是我们的矩阵很小，唤醒其他核心花的时间比乘法本身还长。BLAS 只在导入 NumPy 时读取一次这个设置，所以上面那个单元格要放在最前面。

# %% tags=["demo"]
# Google Colab opens this file alone: there, this cell fetches what belongs beside it. Elsewhere it does nothing.
# zh: Google Colab 里只会打开这一个文件，所以要由这个单元格下载配套的文件；在其他环境里，它什么也不做。
import os
import sys

address = ""
if "google.colab" in sys.modules and not os.path.exists("public_tests.py"):
    if address:
        os.system(f"git clone --quiet --depth 1 {address} course")
        os.chdir("course/notebooks/en/convnet_application")
        # zh: os.chdir("course/notebooks/zh/convnet_application")
    else:
        print("The course's files are missing: ask for their address and write it into `address`.")
        # zh: print("缺少课程文件：请向老师索要课程的地址，写进上面的 `address`。")

# %%
# %matplotlib inline
import time

import matplotlib.pyplot as plt
import numpy as np

from public_tests import *

import plots
from plots import training

# %% [markdown] lang="en"
# ### A first look: ten averages
#
# How many digits can be read without a network? Here is the simplest reader: for each digit from 0 to 9 the average of all its training pictures. A picture is then read as the digit whose average is nearest, pixel by pixel. Write your number in place of `None` and run the cell: nothing is graded, and you learn why.

# %% [markdown] lang="zh"
# ### 先看一眼：十张平均图像
#
# 不用神经网络，能认出多少数字？先来看最简单的办法：从 0 到 9，把每个数字的所有训练图像求平均，得到十张平均图像；一张图像逐像素比较下来，离哪张平均图像最近，就认作哪个数字。请把 `None` 换成你的数，再运行单元格：不计分，运行后会告诉你为什么。

# %% tags=["demo"]
# Predict: how many percent of the training digits are read correctly: 10, 50, 90 or 99?
# zh: 预测：训练数字能认对百分之几：10、50、90 还是 99？
prediction = None
digits = training.read_digits()
images, answers = digits.train_images, digits.train_labels
averages = np.stack([images[answers == digit].mean(axis=0) for digit in range(10)])
distances = np.sum((images[:, np.newaxis] - averages) ** 2, axis=(2, 3, 4))
nearest = np.argmin(distances, axis=1)
plots.predict(prediction, 100 * np.mean(nearest == answers), why="averages", within=5)
training.digits(averages, range(10), columns=5)
training.wrong_digits(images, answers, nearest, most=10)

# %% [markdown] lang="en"
# Above the ten averages, below ten digits that went wrong. Nothing has been learned here but what is usual at each pixel. A network has to do better to be worth its trouble, and on digits that it has never seen; 8.2 shows whether yours does.
#
# <details>
# <summary>What do those have in common that went wrong?</summary>
#
# Most are whole and easy to read for you, but drawn in another way: a slim 2 with its foot to the left, a 6 that stands as upright as a 1. An average knows one shape in one place, and all pixels count alike. It has no strokes, corners and loops; to find these is what filters are for.
#
# </details>

# %% [markdown] lang="zh"
# 上面是十张平均图像，下面是十个认错的数字。这里什么也没学，只看每个像素通常有多深。网络要做得更好，而且是在从没见过的数字上，才不算白费力气；你的网络做不做得到，8.2 节见分晓。
#
# <details>
# <summary>认错的数字有什么共同点？</summary>
#
# 大多写得很完整，你也认得出，只是写法不同：细长的 2，脚伸向左边；直挺挺的 6，站得像 1。一张平均图像只认一种形状、一个位置，而且所有像素一视同仁。笔画、拐角和圈，它都不认识；要找到这些，靠的是滤波器（filter）。
#
# </details>

# %% [markdown] lang="en"
# **How to use it**
#
# As before: go from top to bottom, replace the lines `raise NotImplementedError(...)` by your code, play, then run the check. Each exercise has three hints to unfold; try for five minutes before each. What is graded, on fresh numbers, is fourteen of your fifteen functions: `network_backward` carries no points.
#
# A check runs a function together with your own earlier ones, and says so where one of those is wrong; for the grade each function counts on its own. After a syntax error the old function stays in memory: run its cell until it shows no error, and only then the check.
#
# <details>
# <summary>You stopped and come back, a cell never ends, or you want to hand in?</summary>
#
# You stopped, and come back: select the cell where you stopped and run all cells above it (*Run → Run All Above Selected Cell*), as later cells use what earlier ones made.
#
# A cell that never ends: *Kernel → Interrupt Kernel* ends it, and nothing is lost. Where Python runs in the browser itself, only *Kernel → Restart Kernel* does; your code stays.
#
# Before you hand in: *Kernel → Restart Kernel and Run All Cells* (half a minute to two minutes, depending on the machine), save, and submit the file under its own name.
#
# In VS Code, *Interrupt*, *Restart* and *Run All* are buttons above the notebook, and *Execute Above Cells* is one above each cell.
#
# </details>
#
# **Honour code:** talk about ideas with anybody, but the code that you hand in is written by you.

# %% [markdown] lang="zh"
# **使用方法**
#
# 和上次一样：从上到下，用你的代码替换掉 `raise NotImplementedError(...)` 那一行，先玩一玩，再运行检查。每个练习都有三条可以展开的提示，每看一条之前，先自己想五分钟。评分的对象是你写的十五个函数中的十四个（`network_backward` 不计分），并且换用新的数据。
#
# 检查一个函数时，用到的是你自己前面写的函数，前面的写错了，检查会告诉你；评分时则每个函数单独算。还有，单元格出现语法错误时，内存里留着的还是旧的函数：要一直改到它运行不再报错，再运行检查。
#
# <details>
# <summary>中途停下后回来、单元格一直不结束、准备提交，各该怎么做？</summary>
#
# 停下来之后再回来时，先选中上次学到的那个单元格，再运行它上面的所有单元格（*Run → Run All Above Selected Cell*）：后面的单元格会用到前面的结果。
#
# 如果某个单元格陷入死循环，一直不结束，选择 *Kernel → Interrupt Kernel* 就能中止它，什么也不会丢。如果 Python 就在浏览器里运行，只有 *Kernel → Restart Kernel* 能中止它，但你写的代码不会丢。
#
# 提交之前：选择 *Kernel → Restart Kernel and Run All Cells*（半分钟到两分钟，看机器快慢），保存，然后提交，不要改文件名。
#
# 在 VS Code 里，中断和重启是 notebook 上方的按钮 *Interrupt* 和 *Restart*，重启后再按 *Run All*；每个单元格上方的 *Execute Above Cells* 会运行它上面的所有单元格。
#
# </details>
#
# **诚信守则**：思路可以和任何人讨论，但提交的代码必须是你自己写的。

# %% [markdown] lang="en"
# ## 2 Outline
#
# | Section | You write (points) | Minutes |
# |---|---|---|
# | [3 The task](#3-The-task) | nothing yet | 20 |
# | [4 The missing layers](#4-The-missing-layers) | `relu_forward` (3), `relu_backward` (5), `flatten` (2), `dense_forward` (5), `dense_backward` (10), `softmax_cross_entropy` (12) | 70 |
# | [5 Measure your gradients](#5-Measure-your-gradients) | `gradient_check` (10) | 35 |
# | [6 Learning](#6-Learning) | `sgd_momentum_step` (6), `network_backward` (0) | 50 |
# | [7 Make it fast](#7-Make-it-fast) | `im2col` (10), `col2im` (9), `conv_forward_fast` (8), `conv_backward_fast` (10), `pool_forward_fast` (5), `pool_backward_fast` (5) | 65 |
# | [8 Train](#8-Train) | nothing, it works for you now | 20 |
# | [9 The honest comparison](#9-The-honest-comparison) | nothing, you judge | 10 |
# | [10 The same in PyTorch](#10-The-same-in-PyTorch) | nothing, you compare | 5 |
# | [11 What to try next](#11-What-to-try-next) | what you like | |
# | [12 Glossary](#12-Glossary) | | |
# | [13 Before you hand in](#13-Before-you-hand-in) | nothing | 5 |

# %% [markdown] lang="zh"
# ## 2 内容安排
#
# | 小节 | 你要写的函数（分值） | 分钟 |
# |---|---|---|
# | [3 任务](#3-任务) | 暂时没有 | 20 |
# | [4 还缺少的层](#4-还缺少的层) | `relu_forward`（3）、`relu_backward`（5）、`flatten`（2）、`dense_forward`（5）、`dense_backward`（10）、`softmax_cross_entropy`（12） | 70 |
# | [5 测量梯度](#5-测量梯度) | `gradient_check`（10） | 35 |
# | [6 学习](#6-学习) | `sgd_momentum_step`（6）、`network_backward`（0） | 50 |
# | [7 让它变快](#7-让它变快) | `im2col`（10）、`col2im`（9）、`conv_forward_fast`（8）、`conv_backward_fast`（10）、`pool_forward_fast`（5）、`pool_backward_fast`（5） | 65 |
# | [8 训练](#8-训练) | 不用写，现在轮到它为你工作 | 20 |
# | [9 公平的比较](#9-公平的比较) | 不用写，由你来判断 | 10 |
# | [10 用 PyTorch 写同一个网络](#10-用-PyTorch-写同一个网络) | 不用写，对照着看 | 5 |
# | [11 接下来可以试试](#11-接下来可以试试) | 由你决定 | |
# | [12 术语表](#12-术语表) | | |
# | [13 提交之前](#13-提交之前) | 不用写 | 5 |

# %% [markdown] lang="en"
# ### What do you still know?
#
# Five questions on the first notebook. Answer each on paper before you unfold it; what you have to dig for now will stay.
#
# <details>
# <summary>Recall 1: pictures of 28 × 28 pixels, filters of 5 × 5, padding 2, stride 1. How many rows does the output have?</summary>
#
# $\lfloor (28 + 2 \cdot 2 - 5)/1 \rfloor + 1 = 28$: a *same* convolution, because $p = (f - 1)/2$.
#
# </details>
#
# <details>
# <summary>Recall 2: how many parameters does a layer of 32 filters of 5 × 5 over 3 channels have?</summary>
#
# $(5 \cdot 5 \cdot 3 + 1) \cdot 32 = 2432$. The size of the picture does not matter.
#
# </details>
#
# <details>
# <summary>Recall 3: on the way back through a convolution, what does one number of <i>dZ</i> do to <i>dA</i><sup>prev</sup>?</summary>
#
# It lays a stamp, *the filter times this number*, on the window that its output came from. Where stamps overlap, they add up.
#
# </details>
#
# <details>
# <summary>Recall 4: a window of 2 × 2 holds 1, 5, 2 and 0, and its output receives the gradient 8. What do the four pixels get from max pooling, what from average pooling?</summary>
#
# From max pooling the 5 gets all 8, the others nothing. From average pooling each gets 2.
#
# </details>
#
# <details>
# <summary>Recall 5: two convolutions of 3 × 3, one after the other: which part of the picture does one output depend on?</summary>
#
# On 5 × 5 pixels: the second sees 3 × 3 numbers of the first, and the windows of those reach one pixel farther on each side.
#
# </details>

# %% [markdown] lang="zh"
# ### 你还记得多少？
#
# 关于第一个 notebook 的五个问题。先在纸上写出答案，再展开对照；现在费力回想起来的，才会真正记牢。
#
# <details>
# <summary>回顾 1：图像 28 × 28 像素，滤波器（filter）5 × 5，填充（padding）2，步幅（stride）1。输出有多少行？</summary>
#
# $\lfloor (28 + 2 \cdot 2 - 5)/1 \rfloor + 1 = 28$：这是等宽卷积（same convolution），因为 $p = (f - 1)/2$。
#
# </details>
#
# <details>
# <summary>回顾 2：一层有 32 个滤波器，大小 5 × 5，输入 3 个通道（channel），共有多少个参数（parameter）？</summary>
#
# $(5 \cdot 5 \cdot 3 + 1) \cdot 32 = 2432$，与图像大小无关。
#
# </details>
#
# <details>
# <summary>回顾 3：卷积反向传播时，<i>dZ</i> 中的一个数对 <i>dA</i><sup>prev</sup> 做了什么？</summary>
#
# 它在自己的输出所对应的窗口上盖一枚印章：**滤波器乘以这个数**。印章重叠的地方相加。
#
# </details>
#
# <details>
# <summary>回顾 4：一个 2 × 2 的窗口里是 1、5、2、0，它的输出得到梯度 8。最大池化时四个像素各得多少？平均池化呢？</summary>
#
# 最大池化：5 得到全部的 8，其余为零。平均池化：每个像素得 2。
#
# </details>
#
# <details>
# <summary>回顾 5：两个 3 × 3 的卷积层叠在一起，一个输出取决于图像的哪一块？</summary>
#
# 5 × 5 个像素：第二层看到第一层的 3 × 3 个数，而这些数的窗口又向四周各多伸出一个像素。
#
# </details>

# %% [markdown] lang="en"
# ## 3 The task
#
# ### 3.1 Look at the data first
#
# The file `digits.h5` holds 1797 handwritten digits from 13 people, scanned and reduced to 8 × 8 pixels; `read_digits` divides their values by 16, so they run from 0 to 1. Four fifths are for training (the *training set*), one fifth is kept for the test (the *test set*): 1437 and 360 digits, chosen at random, with the same share of each digit in both parts. What counts is the second part: whether the network *generalises*, that is, reads digits that it has never seen.
#
# *Source: E. Alpaydin, C. Kaynak, [Optical Recognition of Handwritten Digits](https://doi.org/10.24432/C50P49), UCI Machine Learning Repository, licence CC BY 4.0; the file is made from the copy in scikit-learn (BSD licence).*
#
# Look at the digits before you train on them. Some will humble you: 8 × 8 pixels are few.

# %% [markdown] lang="zh"
# ## 3 任务
#
# ### 3.1 先看数据
#
# 文件 `digits.h5` 里有 1797 个手写数字，出自 13 个人之手，扫描后缩小为 8 × 8 像素；`read_digits` 已把像素值除以 16，所以取值在 0 到 1 之间。其中五分之四（1437 个）用来训练，叫**训练集**（training set）；五分之一（360 个）留作测试，叫**测试集**（test set）。划分是随机的，但各个数字在两部分中所占的比例相同。最终要看的是测试集：网络能不能**泛化**（generalisation），也就是认出从没见过的数字。
#
# 来源：E. Alpaydin、C. Kaynak，[Optical Recognition of Handwritten Digits](https://doi.org/10.24432/C50P49)，UCI Machine Learning Repository，许可证 CC BY 4.0；本文件由 scikit-learn 中的副本（BSD 许可证）整理而成。
#
# 训练之前，先看一看这些数字。有些连你也未必认得准：8 × 8 个像素实在不多。

# %% tags=["demo"]
# Play: look at other digits, [30:60] for example. Which would you get wrong?
# zh: 玩一玩：看看别的数字，例如 [30:60]。哪些你自己也会认错？
print(f"training: {digits.train_images.shape}  test: {digits.test_images.shape}")
# zh: print(f"训练集：{digits.train_images.shape}  测试集：{digits.test_images.shape}")
training.digits(digits.train_images[:30], digits.train_labels[:30])

# %% [markdown] lang="en"
# <details>
# <summary>Which would you get wrong?</summary>
#
# Of `[30:60]` perhaps the third, an 8 whose upper loop is hardly to be seen, and the last but one, a 9 without a hole. The ten averages of section 1 get three of these thirty wrong: this 9 and both 2s, which are clear enough to you. What is hard for one reader need not be hard for another.
#
# </details>
#
# ### 3.2 The network
#
# ![](images/model.png)
#
# Two trios of convolution, ReLU (it sets every negative number to 0) and max pooling, then one fully connected layer that gives ten numbers, one for each digit. The largest of them is the network's answer. It has $80 + 1168 + 650 = 1898$ parameters, as you counted in the first notebook.
#
# Notation is that of the first notebook: $m$ examples in a batch, shapes `(m, n_H, n_W, n_C)`, and $dX$ for the gradient of the loss with respect to $X$, in the shape of $X$. New are these:
#
# | Formula | In the code | Meaning |
# |---|---|---|
# | $n^{\mathrm{prev}}$, $n$ | | inputs and outputs of a fully connected layer |
# | $Z$ | `Z` | output of a layer before its ReLU; of the last layer: the *logits*, ten scores of which the largest is the answer |
# | $y$ | `labels` | the right digit of each example, shape `(m,)` |
# | $\hat{y}$ | `logits` | only in the picture above: the ten numbers that the last layer gives. Other books write $\hat{y}$ for the probabilities, which are $P$ here |
# | $P$ | `P` | probabilities, one row for each example |
# | $L$ | `loss` | the loss, one number for the whole batch |
#
# <details>
# <summary>A few letters do double duty, as in most books: which?</summary>
#
# | Letter | One meaning | The other |
# |---|---|---|
# | $P$ | the probabilities (4.5) | the padded picture of the first notebook (7.1, 7.4) |
# | $k$ | an output or a class (section 4) | a channel (7.1) |
# | $f$ | any function (section 5) | the side of a window, as in the first notebook |
# | $h$ | a small step (section 5) | a row of the output (7.1) |
# | $w$ | a weight, in the example of 6.3 | a column of the output (7.1) |
# | $v$ | a velocity (6.1) | a column of the window (7.1) |
# | $E$ | the error of a measurement (5.1) | upright, $\mathrm{E}$: an expectation (6.2) |
# | $M$ | any matrix, in tools and hints | the number of windows (7.4) |
#
# In section 5, $J$ is the number that is differentiated.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>哪些你自己也会认错？</summary>
#
# 在 `[30:60]` 里，也许是第三个：一个 8，上面的圈几乎看不出来；还有倒数第二个：一个 9，中间没有空。第 1 节的十张平均图像在这三十个里认错三个：就是这个 9，还有两个 2，而它们在你看来清清楚楚。一种办法觉得难的，换一种办法未必难。
#
# </details>
#
# ### 3.2 网络
#
# ![](images/model.png)
#
# 两组“卷积、ReLU（把负数都变成 0）、最大池化”，再加一个全连接层，输出十个数，从 0 到 9 每个数字对应一个；哪个最大，网络的答案就是哪个数字。参数一共 $80 + 1168 + 650 = 1898$ 个，第一个 notebook 里已经数过。
#
# 记号与第一个 notebook 相同：一批（batch）有 $m$ 个样本，形状为 `(m, n_H, n_W, n_C)`；$dX$ 表示损失（loss）对 $X$ 的梯度，形状与 $X$ 相同。新增的记号有：
#
# | 公式 | 代码 | 含义 |
# |---|---|---|
# | $n^{\mathrm{prev}}$、$n$ | | 全连接层的输入个数与输出个数 |
# | $Z$ | `Z` | 一层在 ReLU 之前的输出；最后一层的输出叫 logits，是十个得分，最大的那个就是答案 |
# | $y$ | `labels` | 每个样本的标签（label），也就是正确的数字，形状 `(m,)` |
# | $\hat{y}$ | `logits` | 只出现在上图中：最后一层给出的十个数。别的书常用 $\hat{y}$ 表示概率，这里的概率是 $P$ |
# | $P$ | `P` | 概率，每个样本一行 |
# | $L$ | `loss` | 损失，由损失函数（loss function）算出，整批只有一个数 |
#
# <details>
# <summary>和多数书一样，有几个字母身兼两职：是哪几个？</summary>
#
# | 字母 | 一种含义 | 另一种含义 |
# |---|---|---|
# | $P$ | 概率（4.5 节） | 第一个 notebook 中填充后的图像（7.1、7.4 节） |
# | $k$ | 输出或类别的编号（第 4 节） | 通道（7.1 节） |
# | $f$ | 任意一个函数（第 5 节） | 窗口的边长，与第一个 notebook 相同 |
# | $h$ | 一小步（第 5 节） | 输出的行（7.1 节） |
# | $w$ | 权重（weight，6.3 节的例子） | 输出的列（7.1 节） |
# | $v$ | 速度（6.1 节） | 窗口的列（7.1 节） |
# | $E$ | 测量的误差（5.1 节） | 正体的 $\mathrm{E}$ 表示期望（6.2 节） |
# | $M$ | 任意一个矩阵（“工具”和提示里） | 窗口的个数（7.4 节） |
#
# 在第 5 节里，$J$ 是被求导的那个数。
#
# </details>

# %% [markdown] lang="en"
# ### 3.3 Bring your layers along
#
# The next cell looks for your filled first notebook beside this folder, at `../cnn_step_by_step/cnn_step_by_step.ipynb`, or in this folder. It takes over your eight functions, tries each one on a small example, and says in one line what it found. Apart from imports and function definitions, nothing of that notebook is run. Is yours elsewhere? Write its path between the brackets, as in `take_over("my/path.ipynb")`.
#
# You don't have it, or it is not finished? Go on all the same. A few cells below show what your loops do; they will print one line instead, and section 7.6 shows the same with the fast layers that you write in section 7.

# %% [markdown] lang="zh"
# ### 3.3 带上你写过的层
#
# 下面的单元格会在这个文件夹旁边（`../cnn_step_by_step/cnn_step_by_step.ipynb`）或本文件夹里寻找你完成的第一个 notebook，导入你的八个函数，逐个用小例子试一试，最后用一行话告诉你结果。除了导入语句和函数定义，那个 notebook 里的内容都不会运行。如果放在别处，就把路径写进括号里，例如 `take_over("my/path.ipynb")`。
#
# 没有第一个 notebook，或者还没做完，也可以照样往下做。后面有几个单元格要演示其中的循环，没有循环就只打印一行说明；等你在第 7 节写出快速的层，7.6 节会用这些层演示同样的内容。

# %% tags=["demo"]
loops = training.take_over()

# %% [markdown] lang="en"
# **In short**
#
# - 1437 digits to learn from, 360 to be tested on, and these are touched at the end only.
# - Two trios of convolution, ReLU and pooling, then a fully connected layer: 1898 parameters.
# - The largest of the ten logits is the answer.

# %% [markdown] lang="zh"
# **小结**
#
# - 1437 个数字用来学习，360 个用来测试；测试集留到最后才用。
# - 两组“卷积、ReLU、池化”，再接一个全连接层，共 1898 个参数。
# - 十个 logits 中最大的那个就是答案。

# %% [markdown] lang="en"
# ## 4 The missing layers
#
# For every backward pass we ask the question of the first notebook: **which outputs does a number take part in, and with which factor?** Its gradient is the sum over these outputs of *output's gradient times factor*.
#
# ### 4.1 ReLU
#
# Without something that is not linear between them, two layers are no more than one: a linear map of a linear map is a linear map. What stands between them is called an *activation function*; the *rectified linear unit* is the simplest:
#
# $$A = \max(Z, 0)$$
#
# It works on each number alone, so an array of any shape goes in and one of the same shape comes out.
#
# **By hand.**
#
# $$Z = \begin{pmatrix} -2 & 0.5 \\ 3 & -1 \end{pmatrix} \;\to\; A = \begin{pmatrix} 0 & 0.5 \\ 3 & 0 \end{pmatrix}$$

# %% [markdown] lang="zh"
# ## 4 还缺少的层
#
# 推导每一层的反向传播，问的都是第一个 notebook 里的那个问题：**一个数出现在哪些输出里，系数是多少**？这个数的梯度，就是对这些输出求和，每一项是**输出的梯度乘以系数**。
#
# ### 4.1 ReLU
#
# 两层之间如果没有非线性变换，两层就和一层没有区别：线性映射接着线性映射，合起来还是线性映射。夹在两层中间的非线性函数叫**激活函数**（activation function），**修正线性单元**（ReLU）是其中最简单的一种：
#
# $$A = \max(Z, 0)$$
#
# 它逐元素作用：每个数单独计算，所以输入的数组是什么形状，输出就是什么形状。
#
# **动手算一算**
#
# $$Z = \begin{pmatrix} -2 & 0.5 \\ 3 & -1 \end{pmatrix} \;\to\; A = \begin{pmatrix} 0 & 0.5 \\ 3 & 0 \end{pmatrix}$$

# %% [markdown] lang="en"
# ### Exercise 1 – relu_forward
#
# Replace every negative number by 0.
#
# In the cell to play in, what is indented below `with needs(relu_forward):` runs only once you have written that function; until then, or if it stops with an error, the cell prints one line instead.
#
# <details>
# <summary>Hint 1: a nudge</summary>
#
# What is the larger of $-2$ and $0$? And of $0.5$ and $0$?
#
# </details>
#
# <details>
# <summary>Hint 2: the approach</summary>
#
# NumPy has a function that compares two arrays, or an array and a number, element by element and keeps the larger. It is not `np.max`, which gives one number for the whole array.
#
# </details>
#
# <details>
# <summary>Hint 3: almost the line</summary>
#
# `np.maximum([1, 5], [4, 2])` gives `[4, 5]`. The second argument may be a plain number.
#
# </details>

# %% [markdown] lang="zh"
# ### 练习 1 – relu_forward
#
# 把每个负数换成 0。
#
# 后面“玩一玩”的单元格里有 `with needs(relu_forward):`，它下面缩进的几行，要等你写好这个函数才会运行；在那之前，或者函数运行出错时，单元格只打印一行提示。
#
# <details>
# <summary>提示 1：点拨</summary>
#
# $-2$ 和 $0$ 哪个大？$0.5$ 和 $0$ 呢？
#
# </details>
#
# <details>
# <summary>提示 2：思路</summary>
#
# NumPy 里有个函数，能把两个数组（或者一个数组和一个数）逐元素比较，留下较大的。它不是 `np.max`，后者对整个数组只给出一个数。
#
# </details>
#
# <details>
# <summary>提示 3：只差一步</summary>
#
# `np.maximum([1, 5], [4, 2])` 得到 `[4, 5]`。第二个参数也可以是一个普通的数。
#
# </details>


# %% solution="relu_forward"
def relu_forward(Z):
    """Apply the ReLU to every number.
    # zh: 把 ReLU 作用于每个数。

    Z: array of any shape
    # zh: Z：任意形状的数组
    Returns A: array of the same shape
    # zh: 返回 A：形状相同的数组
    """
    # YOUR CODE STARTS HERE
    # zh: 你的代码从这里开始
    # (about 1 line) Keep what is larger, the number or 0.
    # zh: （约 1 行）取这个数与 0 中较大的一个。
    raise NotImplementedError("relu_forward")
    # YOUR CODE ENDS HERE
    # zh: 你的代码到这里结束
    return A


# %% tags=["demo"]
# Predict: 10000 random numbers, normally distributed around 0. How many percent become 0?
# zh: 预测：10000 个随机数，服从均值为 0 的正态分布。其中百分之几会变成 0？
prediction = None
Z_example = np.array([[-2, 0.5], [3, -1]])
with needs(relu_forward):
    bell = relu_forward(np.random.RandomState(1).randn(10000))
    plots.predict(prediction, 100 * np.mean(bell == 0), why="half", within=2)
    print(relu_forward(Z_example))

# %% test="relu_forward"
check(relu_forward)

# %% [markdown] lang="en"
# **Backward.** The number $Z_j$ takes part in one output only, $A_j$. If it is positive, $A_j$ grows as fast as $Z_j$: factor 1. If it is negative, $A_j$ stays 0, whatever $Z_j$ does. So, with $j$ for any place in the array,
#
# $$dZ_j = \begin{cases} dA_j, & Z_j > 0 \\ 0, & Z_j \le 0 \end{cases}$$
#
# Exactly at $Z_j = 0$ there is a kink and no derivative; the course takes 0 there, as the `relu` of every framework does. No check depends on what happens exactly at 0. Section 5.3 looks at the kink closely.
#
# **By hand.** It is the sign of $Z$ that decides, never the sign of $dA$:
#
# $$Z = \begin{pmatrix} -2 & 0.5 \\ 3 & -1 \end{pmatrix} \qquad dA = \begin{pmatrix} 10 & -20 \\ 30 & 40 \end{pmatrix} \;\to\; dZ = \begin{pmatrix} 0 & -20 \\ 30 & 0 \end{pmatrix}$$
#
# <details>
# <summary>What derivative do frameworks take at 0?</summary>
#
# | Framework | Derivative at 0 |
# |---|---|
# | PyTorch 2.13 | `relu`: 0; `maximum(x, 0)`: 1/2; `clamp(min=0)`: 1 |
# | TensorFlow 2.21 | `relu`: 0; `maximum(x, 0)`: 1 |
# | JAX 0.10 | `relu`: 0; `maximum(x, 0)`: 1/2 |
# | Keras 3.15, here on JAX | `relu`: 0; `ops.maximum(x, 0)`: 1/2 |
# | tinygrad 0.14 | `relu`: 0; `maximum(x, 0)`: 1/2 |
#
# </details>

# %% [markdown] lang="zh"
# **反向**：数 $Z_j$ 只影响一个输出 $A_j$。$Z_j$ 为正时，$A_j$ 与它同步增大，系数为 1；为负时，无论 $Z_j$ 怎样变，$A_j$ 总是 0。所以，设 $j$ 为数组中的任意位置，
#
# $$dZ_j = \begin{cases} dA_j, & Z_j > 0 \\ 0, & Z_j \le 0 \end{cases}$$
#
# 恰好在 $Z_j = 0$ 处有一个折点，导数不存在；本课程和各个框架的 `relu` 一样，在那里取 0。检查不会涉及恰好为 0 的情形。5.3 节会仔细研究这个折点。
#
# **动手算一算**：起决定作用的是 $Z$ 的符号，与 $dA$ 的符号无关：
#
# $$Z = \begin{pmatrix} -2 & 0.5 \\ 3 & -1 \end{pmatrix} \qquad dA = \begin{pmatrix} 10 & -20 \\ 30 & 40 \end{pmatrix} \;\to\; dZ = \begin{pmatrix} 0 & -20 \\ 30 & 0 \end{pmatrix}$$
#
# <details>
# <summary>各个框架在 0 处取什么导数？</summary>
#
# | 框架 | 0 处的导数 |
# |---|---|
# | PyTorch 2.13 | `relu`：0；`maximum(x, 0)`：1/2；`clamp(min=0)`：1 |
# | TensorFlow 2.21 | `relu`：0；`maximum(x, 0)`：1 |
# | JAX 0.10 | `relu`：0；`maximum(x, 0)`：1/2 |
# | Keras 3.15（这里在 JAX 上） | `relu`：0；`ops.maximum(x, 0)`：1/2 |
# | tinygrad 0.14 | `relu`：0；`maximum(x, 0)`：1/2 |
#
# </details>

# %% [markdown] lang="en"
# ### Exercise 2 – relu_backward
#
# Let the gradient pass where $Z$ was positive, and stop it elsewhere.
#
# <details>
# <summary>Hint 1: a nudge</summary>
#
# The mask of max pooling marked the winner. Which places does the mask of a ReLU mark?
#
# </details>
#
# <details>
# <summary>Hint 2: the approach</summary>
#
# Compare the array `Z` with 0: you get `True` and `False`, which count as 1 and 0 in a product.
#
# </details>
#
# <details>
# <summary>Hint 3: almost the line</summary>
#
# One product: the gradient that came in times the mask. Check that it is `Z` and not `dA` that you compare with 0.
#
# </details>

# %% [markdown] lang="zh"
# ### 练习 2 – relu_backward
#
# $Z$ 为正的地方让梯度通过，其余地方把它拦住。
#
# <details>
# <summary>提示 1：点拨</summary>
#
# 最大池化的掩码（mask）标出的是最大值。ReLU 的掩码应该标出哪些位置？
#
# </details>
#
# <details>
# <summary>提示 2：思路</summary>
#
# 把数组 `Z` 与 0 比较，得到 `True` 和 `False`；它们在乘法中相当于 1 和 0。
#
# </details>
#
# <details>
# <summary>提示 3：只差一步</summary>
#
# 只需一次乘法：传进来的梯度乘以掩码。看清楚与 0 比较的是 `Z`，而不是 `dA`。
#
# </details>


# %% solution="relu_backward"
def relu_backward(dA, Z):
    """Compute the backward pass of a ReLU.
    # zh: 计算 ReLU 的反向传播。

    dA: array of any shape, the gradient with respect to A
    # zh: dA：任意形状的数组，损失对 A 的梯度
    Z: array of the same shape, the input of the ReLU
    # zh: Z：形状相同的数组，ReLU 的输入
    Returns dZ: array of the same shape
    # zh: 返回 dZ：形状相同的数组
    """
    # YOUR CODE STARTS HERE
    # zh: 你的代码从这里开始
    # (about 2 lines) Mark where the ReLU lets numbers pass, then multiply.
    # zh: （约 2 行）标出 ReLU 让数通过的位置，再相乘。
    raise NotImplementedError("relu_backward")
    # YOUR CODE ENDS HERE
    # zh: 你的代码到这里结束
    return dZ


# %% tags=["demo"]
# Predict: the example from above, but with 1000 in place of 10. How many numbers of dZ change?
# zh: 预测：上面的例子，只是把 10 换成 1000。dZ 中有几个数会变？
# Play: what passes where a number of Z is exactly 0?
# zh: 玩一玩：如果 Z 中某个数恰好为 0，那里的梯度能通过吗？
prediction = None
Z_example = np.array([[-2, 0.5], [3, -1]])
with needs(relu_backward):
    with_10 = relu_backward(np.array([[10, -20], [30, 40]]), Z_example)
    with_1000 = relu_backward(np.array([[1000, -20], [30, 40]]), Z_example)
    plots.predict(prediction, np.sum(with_10 != with_1000), why="blocked")
    print(with_10)

# %% test="relu_backward"
check(relu_backward)

# %% [markdown] lang="en"
# <details>
# <summary>What passes where a number of Z is exactly 0?</summary>
#
# That depends on your comparison: nothing with `>`, everything with `>=`. Both pass the check, as there is no derivative to be right about: the slope is 0 on the left and 1 on the right. Random numbers are hardly ever exactly 0.
#
# </details>
#
# ### 4.2 Flatten
#
# A fully connected layer knows no rows, columns and channels. It wants one row of numbers for each example:
#
# $$(m,\; n_H,\; n_W,\; n_C) \;\to\; (m,\; n_H \cdot n_W \cdot n_C)$$
#
# **By hand.** One example of 2 × 2 pixels with two channels. NumPy reads the last axis fastest, so the channels of a pixel stay together:
#
# $$\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}, \begin{pmatrix} 5 & 6 \\ 7 & 8 \end{pmatrix} \;\to\; \begin{pmatrix} 1 & 5 & 2 & 6 & 3 & 7 & 4 & 8 \end{pmatrix}$$
#
# **Backward.** Nothing is computed here, numbers only move. So the gradient moves back the same way: give it the old shape again. You need no function for that, one `reshape` will do.

# %% [markdown] lang="zh"
# <details>
# <summary>Z 中某个数恰好为 0，那里的梯度能通过吗？</summary>
#
# 要看你怎样比较：用 `>`，全部拦住；用 `>=`，全部通过。两种写法都能通过检查，因为那里没有导数，也就谈不上谁对谁错：左边的斜率是 0，右边是 1。随机数几乎不会恰好为 0。
#
# </details>
#
# ### 4.2 展平
#
# **展平**（flatten）就是把一个样本的数排成一行。全连接层不认识行、列和通道，它要求每个样本是一行数：
#
# $$(m,\; n_H,\; n_W,\; n_C) \;\to\; (m,\; n_H \cdot n_W \cdot n_C)$$
#
# **动手算一算**：一个样本，2 × 2 像素，两个通道。NumPy 读取时最后一个轴变化最快，所以同一像素的各个通道挨在一起：
#
# $$\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}, \begin{pmatrix} 5 & 6 \\ 7 & 8 \end{pmatrix} \;\to\; \begin{pmatrix} 1 & 5 & 2 & 6 & 3 & 7 & 4 & 8 \end{pmatrix}$$
#
# **反向**：展平不做任何计算，数只是换了位置。所以梯度也只要按原路搬回去，恢复原来的形状。这不需要写函数，一个 `reshape` 就够了。

# %% [markdown] lang="en"
# ### Exercise 3 – flatten
#
# Lay each example out as one row.
#
# <details>
# <summary>Hint 1: a nudge</summary>
#
# Examples must not be mixed: which axis keeps its length?
#
# </details>
#
# <details>
# <summary>Hint 2: the approach</summary>
#
# One `reshape` to two axes. The first one has as many places as there are examples.
#
# </details>
#
# <details>
# <summary>Hint 3: almost the line</summary>
#
# NumPy works out one axis by itself if you write -1 for it: `np.zeros((6, 2)).reshape(4, -1)` has the shape `(4, 3)`.
#
# </details>

# %% [markdown] lang="zh"
# ### 练习 3 – flatten
#
# 把每个样本排成一行。
#
# <details>
# <summary>提示 1：点拨</summary>
#
# 不同的样本不能混在一起：哪个轴的长度保持不变？
#
# </details>
#
# <details>
# <summary>提示 2：思路</summary>
#
# 用一次 `reshape` 变成两个轴。第一个轴的长度就是样本的个数。
#
# </details>
#
# <details>
# <summary>提示 3：只差一步</summary>
#
# 有一个轴可以写 -1，让 NumPy 自己算：`np.zeros((6, 2)).reshape(4, -1)` 的形状是 `(4, 3)`。
#
# </details>


# %% solution="flatten"
def flatten(A):
    """Lay each example out as one row.
    # zh: 把每个样本展开成一行。

    A: array of shape (m, n_H, n_W, n_C)
    # zh: A：形状为 (m, n_H, n_W, n_C) 的数组
    Returns A_flat: array of shape (m, n_H * n_W * n_C)
    # zh: 返回 A_flat：形状为 (m, n_H * n_W * n_C) 的数组
    """
    # YOUR CODE STARTS HERE
    # zh: 你的代码从这里开始
    # (about 2 lines) Count the examples, then change the shape.
    # zh: （约 2 行）先数出样本个数，再改变形状。
    raise NotImplementedError("flatten")
    # YOUR CODE ENDS HERE
    # zh: 你的代码到这里结束
    return A_flat


# %% tags=["demo"]
# Predict: two volumes of 2 × 2 × 16, as before our last layer. How long does each row become?
# zh: 预测：两个 2 × 2 × 16 的三维数组（volume），就像最后一层之前那样。展平之后，每行有多少个数？
prediction = None
two_channels = np.stack([[[1, 2], [3, 4]], [[5, 6], [7, 8]]], axis=-1)
with needs(flatten):
    plots.predict(prediction, flatten(np.zeros((2, 2, 2, 16))).shape[1], why="row")
    print(flatten(two_channels[np.newaxis]))

# %% test="flatten"
check(flatten)

# %% [markdown] lang="en"
# ### 4.3 The fully connected layer, forward
#
# Each output looks at all inputs: a weighted sum and a bias. With $A^{\mathrm{prev}}$ of shape $(m, n^{\mathrm{prev}})$, one row for each example, $W$ of shape $(n^{\mathrm{prev}}, n)$ and $b$ of shape $(1, n)$:
#
# $$Z_{i,k} = \sum_{j} A^{\mathrm{prev}}_{i,j} \, W_{j,k} + b_k , \qquad Z = A^{\mathrm{prev}} W + b$$
#
# The sum over $j$ is a matrix product, and NumPy adds the one row $b$ to every row.
#
# **By hand.**
#
# $$A^{\mathrm{prev}} = \begin{pmatrix} 1 & 2 \\ 0 & 3 \end{pmatrix} \qquad W = \begin{pmatrix} 1 & 0 & -1 \\ 2 & 1 & 0 \end{pmatrix} \qquad b = \begin{pmatrix} 0.5 & 0 & 1 \end{pmatrix} \qquad Z = \begin{pmatrix} 5.5 & 2 & 0 \\ 6.5 & 3 & 1 \end{pmatrix}$$
#
# Upper left: $1 \cdot 1 + 2 \cdot 2 + 0.5 = 5.5$.

# %% [markdown] lang="zh"
# ### 4.3 全连接层的前向传播
#
# 全连接层（fully connected layer，也叫稠密层）的每个输出都用到全部输入：一个加权和，再加一个偏置（bias）。$A^{\mathrm{prev}}$ 的形状是 $(m, n^{\mathrm{prev}})$，每个样本一行；$W$ 的形状是 $(n^{\mathrm{prev}}, n)$，$b$ 的形状是 $(1, n)$：
#
# $$Z_{i,k} = \sum_{j} A^{\mathrm{prev}}_{i,j} \, W_{j,k} + b_k , \qquad Z = A^{\mathrm{prev}} W + b$$
#
# 对 $j$ 求和正是矩阵乘法，而 $b$ 只有一行，NumPy 会把它加到每一行上（广播）。
#
# **动手算一算**
#
# $$A^{\mathrm{prev}} = \begin{pmatrix} 1 & 2 \\ 0 & 3 \end{pmatrix} \qquad W = \begin{pmatrix} 1 & 0 & -1 \\ 2 & 1 & 0 \end{pmatrix} \qquad b = \begin{pmatrix} 0.5 & 0 & 1 \end{pmatrix} \qquad Z = \begin{pmatrix} 5.5 & 2 & 0 \\ 6.5 & 3 & 1 \end{pmatrix}$$
#
# 左上角：$1 \cdot 1 + 2 \cdot 2 + 0.5 = 5.5$。

# %% [markdown] lang="en"
# ### Exercise 4 – dense_forward
#
# Compute the layer for the whole batch at once, without loops.
#
# <details>
# <summary>Hint 1: a nudge</summary>
#
# Shapes lead the way: which product of `(m, n_prev)` and `(n_prev, n)` has the shape `(m, n)`?
#
# </details>
#
# <details>
# <summary>Hint 2: the approach</summary>
#
# In NumPy `*` multiplies element by element, and `@` is the matrix product.
#
# </details>
#
# <details>
# <summary>Hint 3: almost the line</summary>
#
# `x @ M + c` would be the line if the input were called `x`, the weights `M` and the bias `c`.
#
# </details>

# %% [markdown] lang="zh"
# ### 练习 4 – dense_forward
#
# 一次算出整批样本的输出，不用循环。
#
# <details>
# <summary>提示 1：点拨</summary>
#
# 让形状来指路：`(m, n_prev)` 和 `(n_prev, n)` 怎样相乘，才能得到 `(m, n)`？
#
# </details>
#
# <details>
# <summary>提示 2：思路</summary>
#
# 在 NumPy 中，`*` 是逐元素相乘，`@` 才是矩阵乘法。
#
# </details>
#
# <details>
# <summary>提示 3：只差一步</summary>
#
# 假如输入叫 `x`，权重（weight）叫 `M`，偏置叫 `c`，那一行就是 `x @ M + c`。
#
# </details>


# %% solution="dense_forward"
def dense_forward(A_prev, W, b):
    """Compute the forward pass of a fully connected layer.
    # zh: 计算全连接层的前向传播。

    A_prev: array of shape (m, n_prev)
    # zh: A_prev：形状为 (m, n_prev) 的数组
    W: array of shape (n_prev, n)
    # zh: W：形状为 (n_prev, n) 的数组
    b: array of shape (1, n)
    # zh: b：形状为 (1, n) 的数组
    Returns Z: array of shape (m, n)
    # zh: 返回 Z：形状为 (m, n) 的数组
            cache: what dense_backward will need
            # zh: cache：dense_backward 将要用到的内容
    """
    # YOUR CODE STARTS HERE
    # zh: 你的代码从这里开始
    # (about 1 line) A matrix product and a sum.
    # zh: （约 1 行）一次矩阵乘法，一次加法。
    raise NotImplementedError("dense_forward")
    # YOUR CODE ENDS HERE
    # zh: 你的代码到这里结束
    cache = (A_prev, W, b)
    return Z, cache


# %% tags=["demo"]
# Predict: the example from above with twice the inputs. What becomes of the 5.5?
# zh: 预测：上面的例子，输入全都乘以 2。原来的 5.5 变成多少？
prediction = None
two_examples = np.array([[1, 2], [0, 3]])
six_weights = np.array([[1, 0, -1], [2, 1, 0]])
three_biases = np.array([[0.5, 0, 1]])
with needs(dense_forward):
    doubled, _ = dense_forward(2 * two_examples, six_weights, three_biases)
    plots.predict(prediction, doubled[0, 0], why="bias_stays")
    print(dense_forward(two_examples, six_weights, three_biases)[0])

# %% test="dense_forward"
check(dense_forward)

# %% [markdown] lang="en"
# ### 4.4 The fully connected layer, backward
#
# Given $dZ$ of shape $(m, n)$, three gradients are wanted. Ask the question three times.
#
# - The bias $b_k$ takes part in $Z_{i,k}$ of every example $i$, with factor 1.
# - The weight $W_{j,k}$ takes part in $Z_{i,k}$ of every example $i$, with factor $A^{\mathrm{prev}}_{i,j}$.
# - The input $A^{\mathrm{prev}}_{i,j}$ takes part in $Z_{i,k}$ for every output $k$, with factor $W_{j,k}$.
#
# $$db_k = \sum_i dZ_{i,k} \qquad dW_{j,k} = \sum_i A^{\mathrm{prev}}_{i,j} \, dZ_{i,k} \qquad dA^{\mathrm{prev}}_{i,j} = \sum_k dZ_{i,k} \, W_{j,k}$$
#
# A sum over the first index of both factors, or over the last index of both, is a matrix product with one of them transposed:
#
# $$dW = (A^{\mathrm{prev}})^\top dZ \qquad dA^{\mathrm{prev}} = dZ \, W^\top$$
#
# Should you ever forget which one is transposed, the shapes tell you. $dW$ must come out as $(n^{\mathrm{prev}}, n)$, and there is only one way to get that from $(m, n^{\mathrm{prev}})$ and $(m, n)$.
#
# **By hand.** With $A^{\mathrm{prev}}$ and $W$ from above:
#
# $$dZ = \begin{pmatrix} 1 & 0 & 2 \\ -1 & 1 & 0 \end{pmatrix} \qquad dA^{\mathrm{prev}} = \begin{pmatrix} -1 & 2 \\ -1 & -1 \end{pmatrix} \qquad dW = \begin{pmatrix} 1 & 0 & 2 \\ -1 & 3 & 4 \end{pmatrix} \qquad db = \begin{pmatrix} 0 & 1 & 2 \end{pmatrix}$$
#
# Each number of a gradient is a row times a column; the picture below exercise 5 frames one of each. (The sum for $db$ is drawn as a product, too: a row of ones times $dZ$.) There is no division by $m$ here: the loss is a mean over the examples, and its own gradient will carry that factor.
#
# **The tool.** A sum over one axis takes the axis away: for a matrix `M` of 3 rows and 2 columns, `np.sum(M, axis=0)` has the shape `(2,)`. With `keepdims=True` the axis stays, with length 1: `np.sum(M, axis=0, keepdims=True)` has the shape `(1, 2)`, a row. `np.max` and `np.mean` can do the same.

# %% [markdown] lang="zh"
# ### 4.4 全连接层的反向传播
#
# 已知形状为 $(m, n)$ 的 $dZ$，要求三个梯度。把本节开头的那个问题问三遍。
#
# - 偏置 $b_k$ 出现在每个样本 $i$ 的 $Z_{i,k}$ 里，系数为 1。
# - 权重 $W_{j,k}$ 出现在每个样本 $i$ 的 $Z_{i,k}$ 里，系数为 $A^{\mathrm{prev}}_{i,j}$。
# - 输入 $A^{\mathrm{prev}}_{i,j}$ 出现在每个输出 $k$ 的 $Z_{i,k}$ 里，系数为 $W_{j,k}$。
#
# $$db_k = \sum_i dZ_{i,k} \qquad dW_{j,k} = \sum_i A^{\mathrm{prev}}_{i,j} \, dZ_{i,k} \qquad dA^{\mathrm{prev}}_{i,j} = \sum_k dZ_{i,k} \, W_{j,k}$$
#
# 如果求和的下标在两个因子中都排在最前，或者都排在最后，这个和就是矩阵乘法，只是其中一个因子要转置：
#
# $$dW = (A^{\mathrm{prev}})^\top dZ \qquad dA^{\mathrm{prev}} = dZ \, W^\top$$
#
# 万一忘了该转置哪一个，看形状就知道：$dW$ 必须是 $(n^{\mathrm{prev}}, n)$，由 $(m, n^{\mathrm{prev}})$ 和 $(m, n)$ 得到它，只有一种办法。
#
# **动手算一算**：$A^{\mathrm{prev}}$ 和 $W$ 同上：
#
# $$dZ = \begin{pmatrix} 1 & 0 & 2 \\ -1 & 1 & 0 \end{pmatrix} \qquad dA^{\mathrm{prev}} = \begin{pmatrix} -1 & 2 \\ -1 & -1 \end{pmatrix} \qquad dW = \begin{pmatrix} 1 & 0 & 2 \\ -1 & 3 & 4 \end{pmatrix} \qquad db = \begin{pmatrix} 0 & 1 & 2 \end{pmatrix}$$
#
# 每个梯度里的每个数，都是一行乘以一列；练习 5 下面的图为每个梯度各框出了一例（$db$ 的求和也画成了乘法：全 1 的一行乘以 $dZ$）。这里不除以 $m$：损失是对样本求的平均，这个系数已经包含在损失自己的梯度里了。
#
# **工具**：沿一个轴求和，这个轴就没有了：`M` 是 3 行 2 列的矩阵时，`np.sum(M, axis=0)` 的形状是 `(2,)`。写上 `keepdims=True`，这个轴就保留下来，长度为 1：`np.sum(M, axis=0, keepdims=True)` 的形状是 `(1, 2)`，即一行。`np.max` 和 `np.mean` 也可以这样用。

# %% [markdown] lang="en"
# ### Exercise 5 – dense_backward
#
# Compute the three gradients. Each has the shape of the array it belongs to; that includes `db`, which is a row of shape `(1, n)`.
#
# <details>
# <summary>Hint 1: a nudge</summary>
#
# Write the shapes of `dZ`, `A_prev` and `W` on paper, and below them the shapes of what you want.
#
# </details>
#
# <details>
# <summary>Hint 2: the approach</summary>
#
# Two matrix products with a transpose (`M.T`), and one sum over the examples. A sum over axis 0 alone has the shape `(n,)`: it needs its row back.
#
# </details>
#
# <details>
# <summary>Hint 3: almost the line</summary>
#
# For the bias: the sum over axis 0 with `keepdims=True`. For the other two, put `.T` on the array whose shape does not fit otherwise: `A_prev` in one, `W` in the other.
#
# </details>

# %% [markdown] lang="zh"
# ### 练习 5 – dense_backward
#
# 算出三个梯度。每个梯度的形状都与对应的数组相同，`db` 也不例外：它是一行，形状为 `(1, n)`。
#
# <details>
# <summary>提示 1：点拨</summary>
#
# 在纸上写下 `dZ`、`A_prev` 和 `W` 的形状，再在下面写出想要得到的形状。
#
# </details>
#
# <details>
# <summary>提示 2：思路</summary>
#
# 两次带转置（`M.T`）的矩阵乘法，一次对样本求和。只沿轴 0 求和，得到的形状是 `(n,)`：还要把它变回一行。
#
# </details>
#
# <details>
# <summary>提示 3：只差一步</summary>
#
# 偏置：沿轴 0 求和，写上 `keepdims=True`。另外两个：哪个数组的形状对不上，就给它加 `.T`，一个是 `A_prev`，另一个是 `W`。
#
# </details>


# %% solution="dense_backward"
def dense_backward(dZ, cache):
    """Compute the backward pass of a fully connected layer.
    # zh: 计算全连接层的反向传播。

    dZ: array of shape (m, n), the gradient with respect to Z
    # zh: dZ：形状为 (m, n) 的数组，损失对 Z 的梯度
    cache: the second output of dense_forward
    # zh: cache：dense_forward 的第二个返回值
    Returns dA_prev: array of shape (m, n_prev)
    # zh: 返回 dA_prev：形状为 (m, n_prev) 的数组
            dW: array of shape (n_prev, n)
            # zh: dW：形状为 (n_prev, n) 的数组
            db: array of shape (1, n)
            # zh: db：形状为 (1, n) 的数组
    """
    # YOUR CODE STARTS HERE
    # zh: 你的代码从这里开始
    # Take the three parts out of the cache. (1 line)
    # zh: 从 cache 解包出三个部分。（1 行）

    # One matrix product for the inputs, one for the weights. (2 lines)
    # zh: 对输入的梯度用一次矩阵乘法，对权重的梯度也用一次。（2 行）

    # A sum over the examples for the bias, as a row. (1 line)
    # zh: 对偏置的梯度：对样本求和，结果为一行。（1 行）
    raise NotImplementedError("dense_backward")
    # YOUR CODE ENDS HERE
    # zh: 你的代码到这里结束
    return dA_prev, dW, db


# %% tags=["demo"]
# Predict: the example from above, but with 2 in place of -1 in the incoming gradient.
# zh: 预测：上面的例子，只是把传进来的梯度中的 -1 换成 2。
# What is now the number at the lower left of the gradient of W?
# zh: 这时 W 的梯度左下角的数是多少？
# Play: change another one. Which numbers of the three results follow?
# zh: 玩一玩：再改动一个数，三个结果里哪些数会跟着变？
prediction = None
incoming = np.array([[1, 0, 2], [2, 1, 0]])
with needs(dense_backward):
    three_gradients = dense_backward(incoming, (two_examples, six_weights, three_biases))
    plots.predict(prediction, three_gradients[1][1, 0], why="dense")
    training.dense_gradients(two_examples, six_weights, incoming, three_gradients)

# %% test="dense_backward"
check(dense_backward)

# %% [markdown] lang="en"
# <details>
# <summary>Which numbers of the three results follow when one of the incoming gradient changes?</summary>
#
# One row, one column and one entry: the number in row $i$ and column $j$ of $dZ$ goes into row $i$ of $dA^{\mathrm{prev}}$, into column $j$ of $dW$ and into entry $j$ of $db$. Where it is multiplied by 0, nothing changes: the first input of the second example is 0, so the second row of $dZ$ leaves the first row of $dW$ as it is.
#
# </details>
#
# <details>
# <summary>Question 1: a fully connected layer on 64 inputs, or a convolution with a filter as large as the whole picture: what is the difference?</summary>
#
# None. A filter of 2 × 2 over a volume of 2 × 2 × 16 has one place to lie, multiplies all 64 numbers with weights of their own and adds a bias. Ten such filters are the last layer of our network.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>改动传进来的梯度中的一个数，三个结果里哪些数会跟着变？</summary>
#
# $dZ$ 中第 $i$ 行、第 $j$ 列的数，会影响 $dA^{\mathrm{prev}}$ 的第 $i$ 行、$dW$ 的第 $j$ 列和 $db$ 的第 $j$ 个数。与 0 相乘的地方不变：第二个样本的第一个输入是 0，所以无论怎样改 $dZ$ 的第二行，$dW$ 的第一行都不变。
#
# </details>
#
# <details>
# <summary>思考题 1：有 64 个输入的全连接层，与滤波器和整张图一样大的卷积层，有什么区别？</summary>
#
# 没有区别。2 × 2 的滤波器放在 2 × 2 × 16 的三维数组（volume）上，只有一个位置可放；它把 64 个数各乘上自己的权重，再加一个偏置。十个这样的滤波器，就是我们网络的最后一层。
#
# </details>

# %% [markdown] lang="en"
# ### 4.5 Softmax and cross-entropy
#
# The last layer gives ten numbers, the logits, between minus and plus infinity. **Softmax** turns each row of them into probabilities: positive, and adding up to 1.
#
# $$P_{i,k} = \frac{e^{Z_{i,k}}}{\sum_l e^{Z_{i,l}}}$$
#
# The loss function that goes with it is the **cross-entropy**. It looks only at the probability that the network gave to the right class, and is the mean of its negative logarithms over the batch:
#
# $$L = -\frac{1}{m} \sum_i \ln P_{i,y_i}$$
#
# If the right class has probability 1, it costs nothing; if it has a probability close to 0, it costs a lot. A network that knows nothing gives each of ten digits one tenth: $L = \ln 10 \approx 2.303$. Remember this number.
#
# **By hand.** Two examples, three classes. The logits of the first are the logarithms of 1, 2 and 5, so its probabilities are eighths; the right classes are $y = (1, 0)$:
#
# $$Z = \begin{pmatrix} 0 & 0.6931 & 1.6094 \\ 2 & 2 & 2 \end{pmatrix} \qquad P = \begin{pmatrix} 0.125 & 0.25 & 0.625 \\ 0.3333 & 0.3333 & 0.3333 \end{pmatrix}$$
#
# $$L = \frac{-\ln 0.25 - \ln 0.3333}{2} = \frac{1.3863 + 1.0986}{2} = 1.2425$$

# %% [markdown] lang="zh"
# ### 4.5 softmax 与交叉熵
#
# 最后一层给出十个数，叫 logits（未归一化的得分），取值从负无穷到正无穷。**softmax** 把每一行变成概率：全为正，总和为 1。
#
# $$P_{i,k} = \frac{e^{Z_{i,k}}}{\sum_l e^{Z_{i,l}}}$$
#
# 与它搭配的损失函数是**交叉熵**（cross-entropy），它只看网络给正确类别的概率：取对数，变号，再对整批样本求平均：
#
# $$L = -\frac{1}{m} \sum_i \ln P_{i,y_i}$$
#
# 正确类别的概率为 1 时，损失为零；概率接近 0 时，损失很大。一个什么都不知道的网络，给十个数字的概率各是十分之一，这时 $L = \ln 10 \approx 2.303$。请记住这个数。
#
# **动手算一算**：两个样本，三个类别。第一个样本的 logits 是 1、2、5 的对数，所以各个概率都是八分之几；正确类别是 $y = (1, 0)$：
#
# $$Z = \begin{pmatrix} 0 & 0.6931 & 1.6094 \\ 2 & 2 & 2 \end{pmatrix} \qquad P = \begin{pmatrix} 0.125 & 0.25 & 0.625 \\ 0.3333 & 0.3333 & 0.3333 \end{pmatrix}$$
#
# $$L = \frac{-\ln 0.25 - \ln 0.3333}{2} = \frac{1.3863 + 1.0986}{2} = 1.2425$$

# %% [markdown] lang="en"
# **The gradient.** The logarithm undoes the exponential. With $S_i = \sum_l e^{Z_{i,l}}$, the loss of one example is
#
# $$-\ln P_{i,y_i} = \ln S_i - Z_{i,y_i}$$
#
# Its first part depends on every logit: $\partial \ln S_i / \partial Z_{i,k} = e^{Z_{i,k}} / S_i = P_{i,k}$. Its second part depends on the right one alone. Together, and with the mean over the batch:
#
# $$dZ_{i,k} = \frac{1}{m} \left( P_{i,k} - \begin{cases} 1, & k = y_i \\ 0, & k \ne y_i \end{cases} \right)$$
#
# Hardly any formula in deep learning is nicer: *probability given minus probability wanted*. What is wanted is a row with a 1 at the right class and zeros elsewhere, a *one-hot* row. For the example above, with $m = 2$:
#
# $$dZ = \begin{pmatrix} 0.0625 & -0.375 & 0.3125 \\ -0.3333 & 0.1667 & 0.1667 \end{pmatrix}$$
#
# Every row adds up to 0: what the right class gains, the others lose.
#
# **Numbers have limits.** $e^{710}$ is more than the largest number that a computer's float64 holds; it becomes infinite, and infinity divided by infinity is *nan*. So subtract the largest logit of each row from the row: the largest exponent is now 0, and nothing can overflow. What that does to probabilities and loss, the cell below the exercise asks you.
#
# $$(1000,\; 1001) \;\to\; (-1,\; 0) \;\to\; P = (0.2689,\; 0.7311)$$
#
# One trap is left. If the right class is very unlikely, its probability is rounded to 0, and $\ln 0$ is minus infinity. Therefore don't take the logarithm of $P$. Take the formula above: $\ln P_{i,k} = Z_{i,k} - \ln S_i$, with the shifted logits. For shifted logits $(-900, 0)$ and $y = 0$ it gives a loss of exactly 900.
#
# **The tool.** A pair of index arrays picks one number from each row: `M[np.arange(3), [2, 0, 1]]` is the array of `M[0, 2]`, `M[1, 0]` and `M[2, 1]`. It works on both sides of an assignment: `M[np.arange(3), [2, 0, 1]] -= 5` changes these three places only.

# %% [markdown] lang="zh"
# **梯度**：对数正好抵消指数。记 $S_i = \sum_l e^{Z_{i,l}}$，一个样本的损失是
#
# $$-\ln P_{i,y_i} = \ln S_i - Z_{i,y_i}$$
#
# 第一项与每个 logit 都有关：$\partial \ln S_i / \partial Z_{i,k} = e^{Z_{i,k}} / S_i = P_{i,k}$；第二项只与正确类别的那个 logit 有关。合起来，再对整批样本求平均：
#
# $$dZ_{i,k} = \frac{1}{m} \left( P_{i,k} - \begin{cases} 1, & k = y_i \\ 0, & k \ne y_i \end{cases} \right)$$
#
# 深度学习里很少有比这更漂亮的公式：**给出的概率减去应有的概率**。应有的概率在正确类别处为 1，其余为 0，这样的一行叫**独热**（one-hot）编码。对上面的例子，$m = 2$：
#
# $$dZ = \begin{pmatrix} 0.0625 & -0.375 & 0.3125 \\ -0.3333 & 0.1667 & 0.1667 \end{pmatrix}$$
#
# 每一行的和都是 0：正确类别得到多少，其他类别就失去多少。
#
# **计算机里的数有界限**：$e^{710}$ 已经超出计算机 float64 能表示的最大数，会变成无穷大，而无穷大除以无穷大得到 nan（not a number，即“不是数”）。所以，让每一行都减去这一行的最大值：最大的 logit 变成了 0，取指数再也不会溢出。这样做，概率和损失会怎样变？练习下面的单元格会问到。
#
# $$(1000,\; 1001) \;\to\; (-1,\; 0) \;\to\; P = (0.2689,\; 0.7311)$$
#
# 还剩一个陷阱。如果正确类别的概率极小，舍入之后就成了 0，而 $\ln 0$ 是负无穷。所以不要对 $P$ 取对数，而要用上面的式子 $\ln P_{i,k} = Z_{i,k} - \ln S_i$，并代入平移之后的 logits。平移之后的 logits 为 $(-900, 0)$、$y = 0$ 时，损失正好是 900。
#
# **工具**：用一对下标数组，可以从每行取出一个数：`M[np.arange(3), [2, 0, 1]]` 依次是 `M[0, 2]`、`M[1, 0]` 和 `M[2, 1]`。它也可以写在赋值的左边：`M[np.arange(3), [2, 0, 1]] -= 5` 只改变这三个位置。

# %% [markdown] lang="en"
# ### Exercise 6 – softmax_cross_entropy
#
# Return the loss of a batch of logits, one number, and its gradient with respect to the logits. The checks also ask for logits around 1000 and −1000, and for a right class whose probability rounds to 0.
#
# <details>
# <summary>Hint 1: a nudge</summary>
#
# Each example is a row, and classes run along axis 1. Which of your sums and maxima are taken along which axis? And where do you divide by $m$: twice, once, never?
#
# </details>
#
# <details>
# <summary>Hint 2: the approach</summary>
#
# 1. Subtract each row's largest logit, then take the exponential.
# 2. Sum up each row. With `keepdims=True` the sums form a column, which divides every row by its own sum.
# 3. The logarithms of the probabilities are the shifted logits minus the logarithm of the sums. Pick the one of the right class in each row, take the mean, flip the sign.
# 4. The gradient starts as a copy of the probabilities. Subtract 1 at the right classes, then divide by $m$.
#
# </details>
#
# <details>
# <summary>Hint 3: almost the line</summary>
#
# The pair of index arrays is `np.arange(m)` and `labels`. You need it twice: on the right-hand side, to pick the logarithms for the loss, and on the left of `-= 1`, in the copy of the probabilities. Maxima and sums run along `axis=1`, with `keepdims=True`.
#
# </details>

# %% [markdown] lang="zh"
# ### 练习 6 – softmax_cross_entropy
#
# 返回一批 logits 的损失（一个数），以及损失对 logits 的梯度。检查里还会用到 1000 和 −1000 附近的 logits，以及正确类别的概率舍入为 0 的情形。
#
# <details>
# <summary>提示 1：点拨</summary>
#
# 每个样本是一行，类别沿轴 1 排列。求和与取最大值各沿哪个轴？还有，一共要除以 $m$ 几次：两次、一次，还是不除？
#
# </details>
#
# <details>
# <summary>提示 2：思路</summary>
#
# 1. 每行减去本行最大的 logit，再取指数。
# 2. 每行求和。写上 `keepdims=True`，各行的和就排成一列，相除时每行除以自己的和。
# 3. 概率的对数，等于平移后的 logits 减去“和”的对数。每行取出正确类别的那一个，求平均，变号。
# 4. 梯度从概率的一份副本开始：在正确类别处减 1，再除以 $m$。
#
# </details>
#
# <details>
# <summary>提示 3：只差一步</summary>
#
# 那一对下标数组就是 `np.arange(m)` 和 `labels`，要用两次：一次在等号右边，取出算损失用的对数；一次在 `-= 1` 的左边，用在概率的副本上。最大值与和都沿 `axis=1` 取，并写上 `keepdims=True`。
#
# </details>


# %% solution="softmax_cross_entropy"
def softmax_cross_entropy(Z, labels):
    """Compute the mean cross-entropy of a batch, and its gradient.
    # zh: 计算一批样本的平均交叉熵及其梯度。

    Z: array of shape (m, n), the logits
    # zh: Z：形状为 (m, n) 的数组，即 logits
    labels: array of shape (m,), the right class of each example, whole numbers from 0 to n - 1
    # zh: labels：形状为 (m,) 的数组，每个样本的正确类别，取 0 到 n - 1 的整数
    Returns loss: a single number
    # zh: 返回 loss：一个数
            dZ: array of shape (m, n), the gradient of the loss with respect to Z
            # zh: dZ：形状为 (m, n) 的数组，损失对 Z 的梯度
    """
    # YOUR CODE STARTS HERE
    # zh: 你的代码从这里开始
    # Subtract the largest logit of each row, and take the exponential. (2 lines)
    # zh: 每一行减去该行最大的 logit，再取指数。（2 行）

    # Sum up each row, and divide: the probabilities. (2 lines)
    # zh: 每一行求和，再相除，得到概率。（2 行）

    # The logarithms of the probabilities, without taking a logarithm of 0. (1 line)
    # zh: 算出概率的对数，但不要对 0 取对数。（1 行）

    # The loss: the mean over the right classes, with the sign flipped. (1 line)
    # zh: 损失：取正确类别的对数概率，求平均，再变号。（1 行）

    # The gradient: probability given minus probability wanted, divided by m. (3 lines)
    # zh: 梯度：预测的概率减去应有的概率，再除以 m。（3 行）
    raise NotImplementedError("softmax_cross_entropy")
    # YOUR CODE ENDS HERE
    # zh: 你的代码到这里结束
    return loss, dZ


# %% tags=["demo"]
# Predict: add 1000 to all logits of the example. By how much does the loss change?
# zh: 预测：例子中的所有 logits 都加 1000，损失会改变多少？
prediction = None
six_logits = np.log([[1, 2, 5], [np.e**2, np.e**2, np.e**2]])
with needs(softmax_cross_entropy):
    example_loss, example_gradient = softmax_cross_entropy(six_logits, np.array([1, 0]))
    far_loss, _ = softmax_cross_entropy(six_logits + 1000, np.array([1, 0]))
    plots.predict(prediction, round(far_loss - example_loss, 9) + 0.0, why="differences")
    print(f"loss: {example_loss}")
    # zh: print(f"损失：{example_loss}")
    print(example_gradient)

# %% test="softmax_cross_entropy"
check(softmax_cross_entropy)

# %% [markdown] lang="en"
# **See it move.** Three classes, of which the first is wanted. First its own logit moves while the two others stay at 0 and 1. Then the logits $(0,\; 0.5,\; 1)$ are all multiplied by $c$; dividing them by a *temperature* is the same, with $c = 1/T$. All curves come from your function: for $m$ rows, $m \cdot dZ$ is the probability less the one-hot row.

# %% [markdown] lang="zh"
# **看它怎样变化**：三个类别，正确的是第一个。先只改变它自己的 logit，另外两个固定为 0 和 1。再把 logits $(0,\; 0.5,\; 1)$ 全都乘以 $c$；这与除以**温度**（temperature）是一回事，$c = 1/T$。曲线全部由你的函数算出：有 $m$ 行时，$m \cdot dZ$ 就是概率减去独热的那一行。

# %% tags=["demo"]
# Predict: Z = (-6, 0, 1), and class 0 is wanted: what is m · dZ for class 0, to a whole number?
# zh: 预测：Z = (-6, 0, 1)，正确的是类别 0。类别 0 的 m · dZ 大约是多少？写一个整数。
# Play: where is the wanted class's gradient strongest (farthest from 0)? And a factor of 20?
# zh: 玩一玩：正确类别的梯度在哪里绝对值最大？倍数取 20 会怎样？
prediction = None
with needs(softmax_cross_entropy):

    def chances(rows):
        _, slopes = softmax_cross_entropy(rows, np.zeros(len(rows), dtype=int))
        slopes = len(rows) * slopes
        return slopes + np.array([1, 0, 0]), slopes

    first_logit = np.linspace(-6, 6, 61)
    times = np.linspace(0, 4, 41)
    probabilities, slopes = chances(
        np.stack([first_logit, 0 * first_logit, 0 * first_logit + 1], axis=1)
    )
    scaled, _ = chances(times[:, np.newaxis] * np.array([0, 0.5, 1]))
    plots.predict(prediction, round(slopes[0, 0]), why="softmax")
    training.softmax(first_logit, probabilities, slopes, times, scaled)

# %% [markdown] lang="en"
# <details>
# <summary>Where is the gradient strongest, and what does a factor of 20 do?</summary>
#
# At the far left. There the wanted class has hardly any probability, so its gradient is $P_0 - 1 \approx -1$, as far from 0 as it can be. The surer the network is of a wrong answer, the harder it is pulled away from it; at the right, where its answer is right, there is almost nothing left to do. A factor of 20 makes $(0, 0.5, 1)$ into $(0, 10, 20)$. The probabilities are then about $2 \cdot 10^{-9}$, $0.00005$ and $0.99995$: nothing about this maximum is soft any more.
#
# </details>
#
# <details>
# <summary>Question 1: the loss of one example is 0.01. Which probability did the right class get?</summary>
#
# $e^{-0.01} \approx 0.99$. For small losses, the loss is about what is missing to 1.
#
# </details>
#
# <details>
# <summary>Question 2: can the loss go up while the accuracy goes up as well?</summary>
#
# Yes. Accuracy counts which class is largest; the loss also asks how sure the network was. One confident mistake can cost more than ten more right answers gain.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>梯度在哪里绝对值最大？倍数取 20 会怎样？</summary>
#
# 在最左边。那里正确类别几乎分不到概率，它的梯度 $P_0 - 1 \approx -1$，离 0 已经不能再远了。网络对错误答案越有把握，就被纠正得越厉害；到了右边，答案已经正确，几乎没有什么可改的了。倍数取 20，$(0, 0.5, 1)$ 就变成 $(0, 10, 20)$，概率约为 $2 \cdot 10^{-9}$、$0.00005$ 和 $0.99995$：这样的“软最大值”，已经一点也不软了。
#
# </details>
#
# <details>
# <summary>思考题 1：一个样本的损失是 0.01，网络给正确类别的概率是多少？</summary>
#
# $e^{-0.01} \approx 0.99$。损失很小时，它大约就等于 1 减去这个概率。
#
# </details>
#
# <details>
# <summary>思考题 2：准确率上升的同时，损失也可能上升吗？</summary>
#
# 可能。准确率只看哪个类别最大，损失还要看网络有多大把握。一个很有把握的错误，代价可能超过多答对十个带来的好处。
#
# </details>

# %% [markdown] lang="en"
# **In short**
#
# - A gradient is a sum over the outputs that a number takes part in: output's gradient times factor.
# - A fully connected layer is a matrix product, and so are its gradients; shapes tell which factor is transposed.
# - Softmax and cross-entropy together have the gradient *probability less one-hot*, divided by $m$.

# %% [markdown] lang="zh"
# **小结**
#
# - 一个数出现在哪些输出里，就把这些输出的梯度各乘以系数再相加，这就是它的梯度。
# - 全连接层是矩阵乘法，它的梯度也是；该转置哪一个，看形状就知道。
# - softmax 与交叉熵合在一起，梯度就是**概率减去独热编码**，再除以 $m$。

# %% [markdown] lang="en"
# ## 5 Measure your gradients
#
# A wrong forward pass is easy to notice. A wrong backward pass often is not: the network still learns a little, just worse, and nobody tells you. So measure.
#
# ### 5.1 Central differences
#
# The measurement is called a **central difference**, and comparing a backward pass with it a **gradient check**.
#
# In this section $f$ is any function and $h$ a small step. Take any $f$ from arrays to arrays, a layer for example. Its output $f(x)$ is an array, but a gradient needs one number. So weight the output with fixed numbers $dZ$ of the same shape and add up:
#
# $$J(x) = \sum dZ \cdot f(x)$$
#
# The gradient of this $J$ is exactly what a backward pass returns when it is given $dZ$. With random numbers in $dZ$, no mistake can hide in a sum. Now move one entry $x_j$ by $h$ up and down, and leave all others alone ($e_j$ is the array that is 1 at place $j$ and 0 elsewhere):
#
# $$\mathrm{numeric}_j = \frac{J(x + h e_j) - J(x - h e_j)}{2h} = \frac{1}{2h} \sum dZ \cdot \bigl( f(x + h e_j) - f(x - h e_j) \bigr)$$
#
# Why on both sides, and how small should $h$ be? The paragraphs below the exercise answer this; for now take $h = 10^{-5}$.
#
# **How far apart?** Compare two arrays by one number from 0 to 1, the relative error:
#
# $$\mathrm{error} = \frac{\lVert \mathrm{numeric} - dx \rVert}{\lVert \mathrm{numeric} \rVert + \lVert dx \rVert}$$
#
# where $\lVert \cdot \rVert$ is the square root of the sum of all squares. Below $10^{-7}$: fine, and what to expect of a smooth function. Above $10^{-3}$: a mistake, or a kink within reach of $h$ (5.3). In between: suspicious, look as well. If both gradients are zero everywhere, the fraction is 0/0; they agree, so the error is 0 by definition. No check asks for this case, and NumPy's *nan* there is no mistake of yours.
#
# **The tool.** `for place in np.ndindex(2, 3):` runs through `(0, 0)`, `(0, 1)` and so on to `(1, 2)`, and `M[place]` is the entry there. A shape may be given as a whole, `np.ndindex(M.shape)`, with any number of axes. `np.linalg.norm(M)` is $\lVert M \rVert$.
#
# **By hand.** $f(x) = (x_0 x_1,\; x_0 + x_1)$ at $x = (2, 3)$, with $dZ = (1, 10)$. The gradient is $(3 + 10,\; 2 + 10) = (13, 12)$, and so is the numeric one. Somebody hands in $dx = (13, 10)$ instead. Then the error is
#
# $$\frac{\sqrt{0^2 + 2^2}}{\sqrt{13^2 + 12^2} + \sqrt{13^2 + 10^2}} = \frac{2}{17.692 + 16.401} = 0.0587$$

# %% [markdown] lang="zh"
# ## 5 测量梯度
#
# 前向传播写错了，很容易发现。反向传播写错了却往往看不出来：网络还是能学到一点，只是学得差一些，没有任何报错。所以要动手测量。
#
# ### 5.1 中心差分
#
# 用来测量的办法叫**中心差分**（central difference），这种检查叫**梯度检验**（gradient check）。
#
# 在这一节里，$f$ 是任意一个函数，$h$ 是一小步。取任意一个从数组到数组的 $f$，例如某一层。它的输出 $f(x)$ 是数组，而梯度需要的是一个数。于是取一组与输出形状相同、固定不变的数 $dZ$ 作权重，对输出加权求和：
#
# $$J(x) = \sum dZ \cdot f(x)$$
#
# 把 $dZ$ 交给反向传播，它返回的正是这个 $J$ 的梯度。$dZ$ 取随机数，错误就不会在求和时互相抵消、蒙混过去。现在把一个元素 $x_j$ 分别增大、减小 $h$，其余都不动（$e_j$ 是在位置 $j$ 处为 1、其余为 0 的数组）：
#
# $$\mathrm{numeric}_j = \frac{J(x + h e_j) - J(x - h e_j)}{2h} = \frac{1}{2h} \sum dZ \cdot \bigl( f(x + h e_j) - f(x - h e_j) \bigr)$$
#
# 为什么两边都要走，$h$ 又取多小才好？练习后面会推导，这里先取 $h = 10^{-5}$。
#
# **相差多少**？两个数组相差多少，用一个 0 到 1 之间的数来衡量，即相对误差：
#
# $$\mathrm{error} = \frac{\lVert \mathrm{numeric} - dx \rVert}{\lVert \mathrm{numeric} \rVert + \lVert dx \rVert}$$
#
# 其中 $\lVert \cdot \rVert$ 是所有元素平方和的平方根。小于 $10^{-7}$：没有问题，光滑的函数都应如此。大于 $10^{-3}$：不是写错了，就是 $h$ 的范围内有折点（见 5.3 节）。介于两者之间：可疑，也要查一查。如果两个梯度处处为零，这个分数就成了 0/0；两者既然一致，就规定误差为 0。检查不会涉及这种情形，NumPy 在这里给出 nan，也不算你的错。
#
# **工具**：`for place in np.ndindex(2, 3):` 依次走过 `(0, 0)`、`(0, 1)`，直到 `(1, 2)`，`M[place]` 就是那里的元素。也可以把整个形状直接传进去：`np.ndindex(M.shape)`，有几个轴都行。`np.linalg.norm(M)` 就是 $\lVert M \rVert$。
#
# **动手算一算**：$f(x) = (x_0 x_1,\; x_0 + x_1)$，$x = (2, 3)$，$dZ = (1, 10)$。梯度是 $(3 + 10,\; 2 + 10) = (13, 12)$，数值梯度也一样。假如有人交来的却是 $dx = (13, 10)$，那么误差为
#
# $$\frac{\sqrt{0^2 + 2^2}}{\sqrt{13^2 + 12^2} + \sqrt{13^2 + 10^2}} = \frac{2}{17.692 + 16.401} = 0.0587$$

# %% [markdown] lang="en"
# ### Exercise 7 – gradient_check
#
# Return the numeric gradient, in the shape of `x`, and its relative error against `dx`. The array `x` may have any number of axes, and `f` may be any function of it.
#
# <details>
# <summary>Hint 1: a nudge</summary>
#
# One entry moves at a time. So how often is `f` called for an `x` of shape `(2, 3)`?
#
# </details>
#
# <details>
# <summary>Hint 2: the approach</summary>
#
# Loop over all places of `x`. For each, make an array of zeros in the shape of `x`, put `h` at that place, and call `f` twice, with this step added and subtracted. Multiply the difference of the outputs with `dZ`, sum up, divide by $2h$. The caller's `x` must stay as it is.
#
# </details>
#
# <details>
# <summary>Hint 3: almost the line</summary>
#
# The loop is `for place in np.ndindex(x.shape):`, and `step[place] = h` makes the step out of zeros. What changes is `f(x + step)` less `f(x - step)`; it goes, weighted and divided, to the same `place` of the numeric gradient.
#
# </details>

# %% [markdown] lang="zh"
# ### 练习 7 – gradient_check
#
# 返回形状与 `x` 相同的数值梯度，以及它与 `dx` 的相对误差。`x` 可以有任意多个轴，`f` 可以是以它为自变量的任意函数。
#
# <details>
# <summary>提示 1：点拨</summary>
#
# 每次只动一个元素。那么 `x` 的形状为 `(2, 3)` 时，`f` 要调用多少次？
#
# </details>
#
# <details>
# <summary>提示 2：思路</summary>
#
# 走遍 `x` 的所有位置。每到一处，先建一个与 `x` 同形状的全零数组，在这个位置放上 `h`，给自变量加上、减去这一步，各调用一次 `f`。两个输出之差乘以 `dZ`，求和，除以 $2h$。不能改动调用者的 `x`。
#
# </details>
#
# <details>
# <summary>提示 3：只差一步</summary>
#
# 循环是 `for place in np.ndindex(x.shape):`；在全零的数组里写上 `step[place] = h`，就得到这一步。改变量是 `f(x + step)` 减去 `f(x - step)`；加权、求和、相除之后，存到数值梯度的同一个 `place` 上。
#
# </details>


# %% solution="gradient_check"
def gradient_check(f, x, dx, dZ, h=1e-5):
    """Compare dx with the gradient of sum(dZ * f(x)), measured by central differences.
    # zh: 用中心差分测出 sum(dZ * f(x)) 的梯度，与 dx 比较。

    f: function that takes an array of x's shape and returns an array of dZ's shape
    # zh: f：函数，输入与 x 形状相同的数组，返回与 dZ 形状相同的数组
    x: array of any shape, the place where the gradient is measured
    # zh: x：任意形状的数组，在这一点测量梯度
    dx: array of x's shape, what a backward pass says
    # zh: dx：与 x 形状相同的数组，反向传播给出的梯度
    dZ: array, the weights of f's outputs
    # zh: dZ：数组，f 各个输出的权重
    h: how far each entry of x is moved up and down
    # zh: h：x 的每个元素上下移动的距离
    Returns numeric: array of x's shape
    # zh: 返回 numeric：与 x 形状相同的数组
            error: a single number from 0 to 1, the relative error
            # zh: error：0 到 1 之间的一个数，即相对误差
    """
    # YOUR CODE STARTS HERE
    # zh: 你的代码从这里开始
    # Start with a numeric gradient full of zeros. (1 line)
    # zh: 先建一个全零的数值梯度。（1 行）

    # Go through all places of x. (1 loop)
    # zh: 遍历 x 的所有位置。（1 层循环）
    #     Make a step: zeros, and h at this place. (2 lines)
    # zh:     构造一步移动：处处为零，只有这个位置为 h。（2 行）
    #     How much does f change from one side to the other? (1 line)
    # zh:     从一侧到另一侧，f 改变了多少？（1 行）
    #     Weight it with dZ, sum up, divide by the distance. (1 line)
    # zh:     用 dZ 加权，求和，再除以两侧的距离。（1 行）

    # Norm of the difference, divided by the sum of both norms. (2 lines)
    # zh: 差的范数，除以两个范数之和。（2 行）
    raise NotImplementedError("gradient_check")
    # YOUR CODE ENDS HERE
    # zh: 你的代码到这里结束
    return numeric, error


# %% tags=["demo"]
# Predict: somebody forgets a factor 1/2 and hands in (26, 24), not (13, 12). What is the error?
# zh: 预测：有人漏了系数 1/2，交来的是 (26, 24)，而不是 (13, 12)。误差是多少？
# Play: correct the second number of [13.0, 10.0] below. What is the error then?
# zh: 玩一玩：把下面 [13.0, 10.0] 的第二个数改对。误差是多少？
prediction = None
with needs(gradient_check):

    def product_and_sum(pair):
        return np.array([pair[0] * pair[1], pair[0] + pair[1]])

    at, weighting = np.array([2.0, 3.0]), np.array([1.0, 10.0])
    _, twice = gradient_check(product_and_sum, at, np.array([26.0, 24.0]), weighting)
    plots.predict(prediction, twice, why="forgotten_factor", within=0.005)
    measured, wrong_by = gradient_check(product_and_sum, at, np.array([13.0, 10.0]), weighting)
    print(measured, wrong_by)

# %% test="gradient_check"
check(gradient_check)

# %% [markdown] lang="en"
# <details>
# <summary>What is the error with the correct gradient?</summary>
#
# About $10^{-11}$, with $(13, 12)$ in place of $(13, 10)$. Both functions are straight lines in each variable, so the central difference has no remainder; what is left is rounding.
#
# </details>
#
# **Why on both sides?** (Nothing later needs this derivation. If Taylor's formula is new to you: it continues a smooth function from $x$ by means of its derivatives there. Take the two results below as they are, and the table under them for a test.) For one variable, Taylor's formula with its remainder says, with some $\xi_+$ and $\xi_-$ between $x - h$ and $x + h$:
#
# $$f(x \pm h) = f(x) \pm h f'(x) + \frac{h^2}{2} f''(x) \pm \frac{h^3}{6} f'''(\xi_\pm)$$
#
# Subtract one from the other: $f(x)$ and the term with $f''$ stand in both and cancel, $f'$ stands there twice. What is left of the remainders is the mean of two values of $f'''$, and by the intermediate value theorem a continuous $f'''$ takes this mean at some $\xi$ between. On one side, where $f(x)$ is subtracted, nothing cancels $f''$:
#
# $$\frac{f(x + h) - f(x - h)}{2h} = f'(x) + \frac{h^2}{6} f'''(\xi) \qquad \frac{f(x + h) - f(x)}{h} = f'(x) + \frac{h}{2} f''(\xi)$$
#
# For $f(x) = x^3$ at $x = 1$ with $h = 0.1$:
#
# | | | error |
# |---|---|---|
# | one side | $(1.331 - 1)/0.1 = 3.31$ | $0.31$ |
# | central | $(1.331 - 0.729)/0.2 = 3.01$ | $0.01$ |
#
# **How small should $h$ be?** Not as small as possible. A float64 has about 16 digits, so each value of $f$ is rounded by up to $\varepsilon \lvert f \rvert$ with $\varepsilon \approx 10^{-16}$. Two such values are subtracted, which makes up to $2 \varepsilon \lvert f \rvert$, and the division by $2h$ enlarges it. Rounding and remainder together:
#
# $$E(h) = \frac{\varepsilon \lvert f \rvert}{h} + \frac{h^2}{6} \lvert f''' \rvert$$
#
# One part falls with $h$, the other one grows. The sum is smallest where its derivative vanishes:
#
# $$-\frac{\varepsilon \lvert f \rvert}{h^2} + \frac{h}{3} \lvert f''' \rvert = 0 \quad\Rightarrow\quad h = \sqrt[3]{\frac{3 \varepsilon \lvert f \rvert}{\lvert f''' \rvert}}$$
#
# Where $f$ and $f'''$ are of about the same size, this is $\sqrt[3]{3 \cdot 10^{-16}} \approx 7 \cdot 10^{-6}$. So $h = 10^{-5}$ is a good choice, and some ten digits of the gradient can be trusted. On one side the best is $h \approx 10^{-8}$, and only eight digits are right.
#
# **Watch rounding and remainder meet.** Your own two functions: the gradient of `softmax_cross_entropy`, measured by `gradient_check` with $h = 1, 0.1, 0.01, \dots, 10^{-13}$. Say first how fast the error falls where the remainder rules. (The picture shows the relative error, and $E(h)$ is the absolute one; so of its straight lines, dashed and dotted, compare the slope only.)

# %% [markdown] lang="zh"
# <details>
# <summary>换成正确的梯度，误差是多少？</summary>
#
# 把 $(13, 10)$ 换成 $(13, 12)$，误差大约是 $10^{-11}$。这两个函数对每个变量都是一次的，中心差分没有余项，剩下的只是舍入误差。
#
# </details>
#
# **为什么两边都要走**？（后面用不到这段推导。如果还没学过泰勒公式：它用函数在 $x$ 处的各阶导数，推算附近的函数值。可以直接看下面的两个结果，再用表里的数验证。）先看一元函数。由带余项的泰勒公式，存在 $x - h$ 与 $x + h$ 之间的 $\xi_+$ 和 $\xi_-$，使得
#
# $$f(x \pm h) = f(x) \pm h f'(x) + \frac{h^2}{2} f''(x) \pm \frac{h^3}{6} f'''(\xi_\pm)$$
#
# 两式相减：$f(x)$ 和含 $f''$ 的项两边都有，抵消了，$f'$ 出现两次。两个余项合起来，得到 $f'''$ 的两个值的平均；只要 $f'''$ 连续，由介值定理，它就能在中间某个 $\xi$ 处取到这个平均值。单边差分减的是 $f(x)$，没有什么能抵消 $f''$：
#
# $$\frac{f(x + h) - f(x - h)}{2h} = f'(x) + \frac{h^2}{6} f'''(\xi) \qquad \frac{f(x + h) - f(x)}{h} = f'(x) + \frac{h}{2} f''(\xi)$$
#
# 以 $f(x) = x^3$ 为例，$x = 1$，$h = 0.1$：
#
# | | | 误差 |
# |---|---|---|
# | 单边 | $(1.331 - 1)/0.1 = 3.31$ | $0.31$ |
# | 中心 | $(1.331 - 0.729)/0.2 = 3.01$ | $0.01$ |
#
# **$h$ 取多小才好**？并不是越小越好。float64 大约有 16 位有效数字，所以 $f$ 的每个值都有舍入误差，最大为 $\varepsilon \lvert f \rvert$，其中 $\varepsilon \approx 10^{-16}$。两个值相减，误差最大为 $2 \varepsilon \lvert f \rvert$，再除以 $2h$，误差还会放大。舍入误差与余项（截断误差）合起来是
#
# $$E(h) = \frac{\varepsilon \lvert f \rvert}{h} + \frac{h^2}{6} \lvert f''' \rvert$$
#
# $h$ 增大时，一部分减小，另一部分增大。导数为零的地方，总误差最小：
#
# $$-\frac{\varepsilon \lvert f \rvert}{h^2} + \frac{h}{3} \lvert f''' \rvert = 0 \quad\Rightarrow\quad h = \sqrt[3]{\frac{3 \varepsilon \lvert f \rvert}{\lvert f''' \rvert}}$$
#
# 如果 $f$ 与 $f'''$ 大小相近，它就是 $\sqrt[3]{3 \cdot 10^{-16}} \approx 7 \cdot 10^{-6}$。所以 $h = 10^{-5}$ 比较合适，测出的梯度约有十位有效数字可信。单边差分最好的选择是 $h \approx 10^{-8}$，却只有八位有效数字是对的。
#
# **看舍入误差与余项在哪里相当**：用的都是你自己的函数，由 `gradient_check` 来测 `softmax_cross_entropy` 的梯度，$h = 1, 0.1, 0.01, \dots, 10^{-13}$。先预测一下：在余项起主要作用的地方，误差下降得多快？（图中画的是相对误差，而 $E(h)$ 是绝对误差，所以虚线和点线只比较斜率。）

# %% tags=["demo"]
# Predict: how many times as large is the error at h = 0.1 as at h = 0.01?
# zh: 预测：h = 0.1 时的误差，是 h = 0.01 时的多少倍？
prediction = None
with needs(softmax_cross_entropy, gradient_check):
    random = np.random.RandomState(4)
    some_logits, some_labels = random.randn(3, 4), np.array([1, 0, 3])
    _, slopes = softmax_cross_entropy(some_logits, some_labels)
    errors = {
        10.0**power: gradient_check(
            # A function without a name: it takes `moved` and returns what follows the colon.
            # zh: 没有名字的函数：参数是 `moved`，返回冒号后面的值。
            lambda moved: softmax_cross_entropy(moved, some_labels)[0],
            some_logits,
            slopes,
            1.0,
            10.0**power,
        )[1]
        for power in range(0, -14, -1)
    }
    plots.predict(prediction, round(errors[0.1] / errors[0.01]), why="remainder")
    training.step_sizes(errors)

# %% [markdown] lang="en"
# ### 5.2 Check every layer
#
# Now your own layers: first those of section 4; then, in the second cell, convolution and pooling, if your first notebook lies beside this one. (If not, 7.6 checks those of section 7.) On these random numbers no kink is near, so everything should be below $10^{-7}$; an arrow marks what is not. There the backward pass (or the forward pass!) is wrong. If all lines have an arrow, it is `gradient_check` itself that is wrong.

# %% [markdown] lang="zh"
# ### 5.2 检验每一层
#
# 现在来检验你自己的层。第一个单元格检验第 4 节的各层；如果带来了第一个 notebook，第二个单元格就检验卷积层和池化层（没有的话，7.6 节会检验你在第 7 节写的那些）。这些随机数附近没有折点，所以结果都应小于 $10^{-7}$；哪一层达不到，就会标上箭头：那就是它的反向传播（也可能是前向传播！）有错。如果每一行都有箭头，错的就是 `gradient_check` 本身。

# %% tags=["demo"]
# Predict: somebody takes the mean over the 3 examples for db, not the sum.
# zh: 预测：有人求 db 时，对 3 个样本求了平均，而不是求和。
# Which error does the check report?
# zh: 检验得到的误差是多少？
prediction = None


def report(name, forward, at, slopes, weighting):
    _, wrong_by = gradient_check(forward, at, slopes, weighting)
    verdict = "" if wrong_by < 1e-7 else "  <- look here"
    # zh: verdict = "" if wrong_by < 1e-7 else "  <- 看这里"
    print(f"{name:24}{wrong_by:.1e}{verdict}")


with needs(
    relu_forward,
    relu_backward,
    dense_forward,
    dense_backward,
    softmax_cross_entropy,
    gradient_check,
):
    random = np.random.RandomState(4)
    values, weighting = random.randn(3, 4), random.randn(3, 4)
    report("relu", relu_forward, values, relu_backward(weighting, values), weighting)

    inputs, factors, offsets = random.randn(3, 5), random.randn(5, 4), random.randn(1, 4)
    by_inputs, by_factors, by_offsets = dense_backward(weighting, (inputs, factors, offsets))
    report(
        "dense, by A_prev",
        # zh: "全连接层，对 A_prev",
        lambda moved: dense_forward(moved, factors, offsets)[0],
        inputs,
        by_inputs,
        weighting,
    )
    report(
        "dense, by W",
        # zh: "全连接层，对 W",
        lambda moved: dense_forward(inputs, moved, offsets)[0],
        factors,
        by_factors,
        weighting,
    )
    report(
        "dense, by b",
        # zh: "全连接层，对 b",
        lambda moved: dense_forward(inputs, factors, moved)[0],
        offsets,
        by_offsets,
        weighting,
    )

    answers = np.array([1, 0, 3])
    by_logits = softmax_cross_entropy(values, answers)[1]
    report("softmax", lambda moved: softmax_cross_entropy(moved, answers)[0], values, by_logits, 1)

    def by_the_bias(moved):
        return dense_forward(inputs, factors, moved)[0]

    _, mean_for_sum = gradient_check(by_the_bias, offsets, by_offsets / 3, weighting)
    plots.predict(prediction, mean_for_sum, why="mean_for_sum", within=0.005)


# %% tags=["demo"]
# The layers of the first notebook, with a stride of 2 and random numbers.
# zh: 第一个 notebook 中的层，步幅为 2，输入为随机数。
def check_conv_and_pool(layers):
    random = np.random.RandomState(3)
    volume, kernels, offsets = (
        random.randn(*sizes) for sizes in ((1, 4, 5, 2), (3, 3, 2, 3), (1, 1, 1, 3))
    )
    settings = {"stride": 2, "pad": 1}
    output, memory = layers.conv_forward(volume, kernels, offsets, settings)
    weighting = random.randn(*output.shape)
    by_volume, by_kernels, by_offsets = layers.conv_backward(weighting, memory)
    report(
        "convolution, by A_prev",
        # zh: "卷积层，对 A_prev",
        lambda moved: layers.conv_forward(moved, kernels, offsets, settings)[0],
        volume,
        by_volume,
        weighting,
    )
    report(
        "convolution, by W",
        # zh: "卷积层，对 W",
        lambda moved: layers.conv_forward(volume, moved, offsets, settings)[0],
        kernels,
        by_kernels,
        weighting,
    )
    report(
        "convolution, by b",
        # zh: "卷积层，对 b",
        lambda moved: layers.conv_forward(volume, kernels, moved, settings)[0],
        offsets,
        by_offsets,
        weighting,
    )
    overlapping = {"f": 2, "stride": 1}
    for kind in ("max", "average"):
        output, memory = layers.pool_forward(volume, overlapping, mode=kind)
        weighting = random.randn(*output.shape)
        by_volume = layers.pool_backward(weighting, memory, mode=kind)

        def pool_with(moved, kind=kind):
            return layers.pool_forward(moved, overlapping, mode=kind)[0]

        report(f"pooling, {kind}", pool_with, volume, by_volume, weighting)
        # zh: report(f"池化层，{kind}", pool_with, volume, by_volume, weighting)


with needs(gradient_check), training.if_possible():
    check_conv_and_pool(loops)

# %% [markdown] lang="en"
# ### 5.3 Find out where it breaks
#
# Your ReLU is right, and yet you can make its check fail. **Before you run the next cell, say for each line which slopes are measured, and write down the one at the 0.** (The cell shows the values of $Z$ and $h$.) The weights $dZ$ are all 1, so each number should be 0 or 1.

# %% [markdown] lang="zh"
# ### 5.3 找出它在哪里失灵
#
# 你的 ReLU 是对的，可是仍有办法让它通不过检验。**运行下面的单元格之前，先说出每一行测得的斜率，并写下在 0 处测得的那一个**（$Z$ 和 $h$ 的值见单元格）。权重 $dZ$ 全为 1，所以每个数本该是 0 或 1。

# %% tags=["demo"]
# Predict: Z = 0, h = 0.01. Which slope is measured there?
# zh: 预测：Z = 0、h = 0.01 时，测得的斜率是多少？
# Play: try other numbers near 0, and another h.
# zh: 玩一玩：换一些接近 0 的数，再换一个 h。
prediction = None
with needs(relu_forward, relu_backward, gradient_check):
    at_zero, _ = gradient_check(relu_forward, np.zeros(1), np.zeros(1), np.ones(1), 0.01)
    plots.predict(prediction, at_zero[0], why="kink")
    for near_the_kink, size in (
        (np.array([-1.0, 2.0]), 0.01),
        (np.array([0.0, 2.0]), 0.01),
        (np.array([0.004, 2.0]), 0.01),
        (np.array([0.004, 2.0]), 0.0001),
    ):
        slopes = relu_backward(np.ones(2), near_the_kink)
        measured, wrong_by = gradient_check(relu_forward, near_the_kink, slopes, np.ones(2), size)
        print(f"Z = {near_the_kink}, h = {size}:")
        print(f"    formula {slopes}, measured {measured}, error {wrong_by:.2f}")
        # zh: print(f"    公式 {slopes}，测量 {measured}，误差 {wrong_by:.2f}")

# %% [markdown] lang="en"
# <details>
# <summary>What is measured at the kink, and what close to it?</summary>
#
# At the **kink** the step down stays on the flat side and the step up goes along the slope: $(h - 0)/2h = 0.5$, whatever $h$ is. Close to it, at $0.004$, a step of $0.01$ reaches over the kink: $(0.014 - 0)/0.02 = 0.7$. There a smaller $h$ helps, at the kink itself nothing does. Neither is a mistake of yours: there is no derivative to be found.
#
# </details>
#
# The next picture shows it for every $Z$ near the kink.

# %% [markdown] lang="zh"
# <details>
# <summary>在折点上测得的是什么？离折点很近时呢？</summary>
#
# 在**折点**上，往下走一步还在平坦的一侧，往上走一步就到了斜坡上：$(h - 0)/2h = 0.5$，与 $h$ 无关。离折点很近时，比如在 $0.004$ 处，$0.01$ 的一步会跨过折点：$(0.014 - 0)/0.02 = 0.7$。这时换小一点的 $h$ 就好了；而在折点上，怎么换都没有用。两种情形都不是你的错：那里本来就没有导数。
#
# </details>
#
# 折点附近的每个 $Z$ 会怎样，看下面的图。

# %% tags=["demo"]
# Predict: Z = -0.005, h = 0.01. Which slope is measured there?
# zh: 预测：Z = -0.005、h = 0.01 时，测得的斜率是多少？
# Play: a smaller step. What becomes of the ramp, and what of its middle?
# zh: 玩一玩：把步子换小一点。斜坡会怎样？它的正中间呢？
prediction = None
size = 0.01
with needs(relu_forward, relu_backward, gradient_check):
    around = np.arange(-30, 31) / 1000
    slopes = relu_backward(np.ones(61), around)
    measured, _ = gradient_check(relu_forward, around, slopes, np.ones(61), size)
    plots.predict(prediction, measured[around == -0.005][0], why="near_kink")
    training.kink(around, relu_forward(around), slopes, measured, 34, size)

# %% [markdown] lang="en"
# <details>
# <summary>What does a smaller step do to the ramp, and what to its middle?</summary>
#
# The ramp goes from $-h$ to $h$, so a smaller step makes it narrower; outside it the measurement is right. At $Z = -0.005$ the step up of $0.01$ still reaches the slope, $(0.005 - 0)/0.02 = 0.25$, while one of $0.001$ does not. The middle stays at $0.5$ for every $h$.
#
# </details>
#
# A **tie** of max pooling is such a kink, too. Which rule for the mask agrees with the measurement: 1, mark all winners; 2, mark one; or 3, give each of two winners one half?

# %% [markdown] lang="zh"
# <details>
# <summary>步子变小，斜坡会怎样？它的正中间呢？</summary>
#
# 斜坡从 $-h$ 到 $h$，步子越小，斜坡越窄；斜坡之外，测得的都是对的。在 $Z = -0.005$ 处，往上走 $0.01$ 还能到达另一侧：$(0.005 - 0)/0.02 = 0.25$；只走 $0.001$ 就到不了。正中间则无论 $h$ 多大，始终是 $0.5$。
#
# </details>
#
# 最大池化中的**并列**也是这样的折点。掩码的哪种规则与测量结果一致：1 全标；2 只标一个；3 两个各分一半？

# %% tags=["demo"]
# Predict: a window with a tie, its maximum 4 is there twice. Which rule agrees, 1, 2 or 3?
# zh: 预测：窗口里有并列，最大值 4 出现了两次。哪种规则与测量一致，1、2 还是 3？
prediction = None
with needs(gradient_check):
    window_with_tie = np.array([[4.0, 1.0], [4.0, 2.0]])
    rules = {
        "mark all": np.array([[1.0, 0.0], [1.0, 0.0]]),
        # zh: "全标": np.array([[1.0, 0.0], [1.0, 0.0]]),
        "mark one": np.array([[1.0, 0.0], [0.0, 0.0]]),
        # zh: "只标一个": np.array([[1.0, 0.0], [0.0, 0.0]]),
        "share   ": np.array([[0.5, 0.0], [0.5, 0.0]]),
        # zh: "平均分": np.array([[0.5, 0.0], [0.5, 0.0]]),
    }
    gaps = [gradient_check(np.max, window_with_tie, slopes, 1.0)[1] for slopes in rules.values()]
    plots.predict(prediction, 1 + np.argmin(gaps), why="shares")
    for rule, slopes in rules.items():
        measured, wrong_by = gradient_check(np.max, window_with_tie, slopes, 1.0)
        measured = np.round(measured, 3).tolist()
        print(f"{rule}  formula {slopes.tolist()}  measured {measured}  error {wrong_by:.2f}")
        # zh: print(f"{rule}  公式 {slopes.tolist()}  测量 {measured}  误差 {wrong_by:.2f}")

# %% [markdown] lang="en"
# <details>
# <summary>Which rule agrees, and why?</summary>
#
# Neither of the two rules for a mask, only equal shares. Move one of the winners up, and the maximum follows; move it down, and the other one holds the place: half a slope each. Even equal shares are no derivative, though.
#
# </details>
#
# At kinks and ties there is no derivative, so check gradients on random numbers, where they practically never occur. Then, if a check on real data fails, you know where to look first. Section 7 has such a case.
#
# <details>
# <summary>Question 1: real digits are full of empty background, so ties are everywhere. Why do they do little harm in our network?</summary>
#
# A max pooling layer follows a ReLU here. Most ties are between zeros that the ReLU has just made, and on the way back the ReLU stops whatever arrives there. What remains are ties between equal positive numbers, on flat background under a positive bias. They make some gradients too large if your mask marks all winners; we trained with both rules and saw no difference in accuracy.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>哪种规则与测量一致？为什么？</summary>
#
# 掩码的两种规则都不一致，只有平均分才一致。把其中一个最大值调大，结果跟着变大；把它调小，还有另一个撑着，结果不变：所以各得一半的斜率。不过，平均分也算不上导数。
#
# </details>
#
# 折点和并列处没有导数，所以检验梯度要用随机数，其中几乎不会出现零和并列。这样，如果在真实数据上检验失败，你就知道首先该查哪里。第 7 节就有这样一个例子。
#
# <details>
# <summary>思考题 1：真实的手写数字图像里到处是空白背景，并列比比皆是。为什么它们在我们的网络里危害不大？</summary>
#
# 这里的最大池化跟在 ReLU 后面。大多数并列发生在 ReLU 刚刚产生的零之间，而反向传播时，到达那里的梯度又被 ReLU 拦住。剩下的是相等的正数之间的并列，出现在偏置为正的平坦背景上。如果你的掩码标出全部最大值，就会使一部分梯度偏大；我们用两种规则都训练过，准确率看不出差别。
#
# </details>

# %% [markdown] lang="en"
# **In short**
#
# - Central differences measure a gradient; the remainder falls as $h^2$, rounding grows as $1/h$, and $h = 10^{-5}$ is where they meet.
# - The relative error tells: below $10^{-7}$ fine, in between suspicious, above $10^{-3}$ a mistake or a kink.
# - At kinks and ties there is no derivative to measure; check on random numbers.

# %% [markdown] lang="zh"
# **小结**
#
# - 中心差分可以测出梯度：余项按 $h^2$ 减小，舍入误差按 $1/h$ 增大，两者在 $h = 10^{-5}$ 附近大小相当。
# - 看相对误差：小于 $10^{-7}$ 没有问题，介于两者之间可疑，大于 $10^{-3}$ 则有错误或折点。
# - 折点和并列处没有导数可测，所以检验要用随机数。

# %% [markdown] lang="en"
# ## 6 Learning
#
# ### 6.1 Gradient descent with momentum
#
# The gradient says in which direction the loss grows fastest; so go the other way. Plain gradient descent subtracts the gradient times the **learning rate** $\eta$ (`learning_rate`), which says how far a step goes. (With the gradient of a small random batch in place of all digits it is called *stochastic gradient descent*, SGD.) In a long narrow valley, say one of the height $\frac{1}{2}(x^2 + 25 y^2)$ at the place $(x, y)$, that is a poor way to travel: its gradient is $(x, 25 y)$, and a step that is short enough for the steep walls is far too short along the valley.
#
# **Momentum** lets the steps roll on like a ball. The velocity $v$ (`velocity`, an array for each parameter, in its shape) keeps a share $\mu$ (`momentum`) of what it was and adds the new gradient; the parameter then follows the new velocity:
#
# $$v \leftarrow \mu v + g, \qquad \theta \leftarrow \theta - \eta v$$
#
# Here $\theta$ is the parameter and $g$ its gradient. Across the valley the gradients change sign and cancel in the sum; along the valley they add up. For a gradient that stays the same, $v$ grows to $g + \mu g + \mu^2 g + \dots = g / (1 - \mu)$: with $\mu = 0.9$, ten times as fast. Where the gradient changes, as on both sides of the bottom of a valley, the ball rolls past and swings, and each step makes the swing smaller by the factor $\sqrt{\mu}$ only. (This is the way PyTorch does it; other books put $\eta$ or $1 - \mu$ into the velocity.)
#
# <details>
# <summary>Why just √μ, and when? (For those who know eigenvalues; nothing later needs it.)</summary>
#
# Where the gradient is $g = \lambda \theta$, a step multiplies the pair $(\theta, v)$ by the matrix $\begin{pmatrix} 1 - \eta\lambda & -\eta\mu \\ \lambda & \mu \end{pmatrix}$, whose determinant is $\mu$: if its two eigenvalues are complex, that is, if $(1 + \mu - \eta\lambda)^2 < 4\mu$, they are conjugate with the product $\mu$, so each has the absolute value $\sqrt{\mu}$.
#
# </details>
#
# **By hand.** $\theta = 1$, $v = 0$, $\eta = 0.1$, $\mu = 0.9$, and gradients of 4 and then 2:
#
# | step | $g$ | $v$ | $\theta$ |
# |---|---|---|---|
# | 1 | 4 | $0.9 \cdot 0 + 4 = 4$ | $1 - 0.1 \cdot 4 = 0.6$ |
# | 2 | 2 | $0.9 \cdot 4 + 2 = 5.6$ | $0.6 - 0.1 \cdot 5.6 = 0.04$ |

# %% [markdown] lang="zh"
# ## 6 学习
#
# ### 6.1 带动量的梯度下降
#
# 梯度指向损失上升最快的方向，所以要往反方向走。普通的梯度下降，每一步都从参数中减去“学习率（learning rate）乘以梯度”；**学习率**$\eta$ 决定一步走多远，代码里是 `learning_rate`。（不用全部样本、只用随机抽取的一小批来算梯度，就叫**随机梯度下降**，stochastic gradient descent，简称 SGD。）在狭长的山谷里，例如 $(x, y)$ 处的高度为 $\frac{1}{2}(x^2 + 25 y^2)$、梯度为 $(x, 25 y)$ 的山谷，这样走效率很低：要想不在两侧陡壁之间来回撞，步子就得很小，可是这样小的步子，沿着谷底又几乎走不动。
#
# **动量**（momentum）让参数像滚动的球一样带着惯性。速度 $v$（`velocity`，每个参数各有一个形状相同的数组）保留原来的一部分，比例为 $\mu$（`momentum`），再加上新的梯度；然后参数按新的速度移动：
#
# $$v \leftarrow \mu v + g, \qquad \theta \leftarrow \theta - \eta v$$
#
# 其中 $\theta$ 是参数，$g$ 是它的梯度。横跨山谷的方向上，梯度正负交替，加起来互相抵消；沿着山谷的方向上，梯度不断累积。如果梯度一直不变，$v$ 会增大到 $g + \mu g + \mu^2 g + \dots = g / (1 - \mu)$：$\mu = 0.9$ 时快十倍。如果梯度会变号，例如在谷底的两侧，球就会滚过头、来回摆动；每走一步，摆动的幅度只缩小到原来的 $\sqrt{\mu}$ 倍。（这是 PyTorch 的写法；有些书把 $\eta$ 或 $1 - \mu$ 写进速度里。）
#
# <details>
# <summary>为什么恰好是 √μ？什么时候成立？（学过特征值的可以看，后面用不到。）</summary>
#
# 梯度为 $g = \lambda \theta$ 时，每走一步，$(\theta, v)$ 就乘以矩阵 $\begin{pmatrix} 1 - \eta\lambda & -\eta\mu \\ \lambda & \mu \end{pmatrix}$，它的行列式是 $\mu$。如果两个特征值是复数，即 $(1 + \mu - \eta\lambda)^2 < 4\mu$，它们就互为共轭，乘积为 $\mu$，所以模都是 $\sqrt{\mu}$。
#
# </details>
#
# **动手算一算**：$\theta = 1$，$v = 0$，$\eta = 0.1$，$\mu = 0.9$，梯度先是 4，然后是 2：
#
# | 步 | $g$ | $v$ | $\theta$ |
# |---|---|---|---|
# | 1 | 4 | $0.9 \cdot 0 + 4 = 4$ | $1 - 0.1 \cdot 4 = 0.6$ |
# | 2 | 2 | $0.9 \cdot 4 + 2 = 5.6$ | $0.6 - 0.1 \cdot 5.6 = 0.04$ |

# %% [markdown] lang="en"
# ### Exercise 8 – sgd_momentum_step
#
# Make one step, and return the new parameter and the new velocity. Leave the arrays that you were given as they are.
#
# <details>
# <summary>Hint 1: a nudge</summary>
#
# Two lines, and their order matters: does the parameter follow the old velocity or the new one?
#
# </details>
#
# <details>
# <summary>Hint 2: the approach</summary>
#
# Write both formulas down as they stand. The learning rate appears in the second one only, with a minus sign.
#
# </details>
#
# <details>
# <summary>Hint 3: almost the line</summary>
#
# Write `v = mu * v + g` with the names of this function. Don't use `+=` or `*=`: on an array they change the caller's array, too.
#
# </details>

# %% [markdown] lang="zh"
# ### 练习 8 – sgd_momentum_step
#
# 走一步，返回新的参数和新的速度。传进来的数组不要改动。
#
# <details>
# <summary>提示 1：点拨</summary>
#
# 只有两行，但顺序很重要：参数按旧的速度走，还是按新的速度走？
#
# </details>
#
# <details>
# <summary>提示 2：思路</summary>
#
# 把两个公式照原样写下来。学习率只出现在第二个公式里，前面是减号。
#
# </details>
#
# <details>
# <summary>提示 3：只差一步</summary>
#
# 把 `v = mu * v + g` 换成这个函数里的名字。不要用 `+=` 或 `*=`：它们作用在数组上时，会把调用者的数组也改掉。
#
# </details>


# %% solution="sgd_momentum_step"
def sgd_momentum_step(parameter, gradient, velocity, learning_rate, momentum):
    """Make one step of gradient descent with momentum.
    # zh: 做一步带动量的梯度下降。

    parameter: array of any shape
    # zh: parameter：任意形状的数组
    gradient: array of the same shape, the gradient of the loss with respect to the parameter
    # zh: gradient：形状相同的数组，损失对该参数的梯度
    velocity: array of the same shape, zeros before the first step
    # zh: velocity：形状相同的数组，第一步之前全为零
    learning_rate: number > 0
    # zh: learning_rate：大于 0 的数
    momentum: number from 0 to 1
    # zh: momentum：0 到 1 之间的数
    Returns parameter: array of the same shape, after the step
    # zh: 返回 parameter：形状相同的数组，走完这一步之后的参数
            velocity: array of the same shape, after the step
            # zh: velocity：形状相同的数组，走完这一步之后的速度
    """
    # YOUR CODE STARTS HERE
    # zh: 你的代码从这里开始
    # (about 2 lines) First the velocity, then the parameter.
    # zh: （约 2 行）先更新速度，再更新参数。
    raise NotImplementedError("sgd_momentum_step")
    # YOUR CODE ENDS HERE
    # zh: 你的代码到这里结束
    return parameter, velocity


# %% tags=["demo"]
# Predict: 30 steps down the valley of 6.1, with its height, from x = -10, y = 1.5. How many times
# zh: 预测：从 x = -10、y = 1.5 出发，在 6.1 节的那个山谷中下降 30 步。走完之后，
# as high does it end without momentum as with 0.8: about 1, 10, 100 or 1000?
# zh: 不用动量时的高度大约是动量取 0.8 时的多少倍：1、10、100 还是 1000？
# Play: a rate of 0.07 or 0.09. What happens without momentum, and why?
# zh: 玩一玩：把学习率改成 0.07 或 0.09。不用动量会怎样？为什么？
prediction = None
steepness = np.array([1.0, 25.0])
with needs(sgd_momentum_step):
    paths = {}
    for share in (0.0, 0.8):
        place, speed = np.array([-10.0, 1.5]), np.zeros(2)
        path = [place]
        for _ in range(30):
            place, speed = sgd_momentum_step(place, steepness * place, speed, 0.03, share)
            path.append(place)
        paths[share] = path
    slow, quick = (np.sum(steepness * path[-1] ** 2) for path in paths.values())
    plots.predict(prediction, slow / quick, why="valley", factor=2)
    training.valley(paths, steepness)

# %% test="sgd_momentum_step"
check(sgd_momentum_step)

# %% [markdown] lang="en"
# <details>
# <summary>Why just that many times?</summary>
#
# Without momentum each step multiplies what is left of the way along the valley by $1 - 0.03 = 0.97$, and $0.97^{30} \approx 0.4$. With $\mu = 0.8$ the speed grows to $1/(1 - \mu) = 5$ times as much only where the gradient stays the same. Near the bottom it does not: the ball rolls past and comes back, as the picture shows. There its swings shrink by the factor $\sqrt{\mu} \approx 0.894$ with each step, and $0.894^{30} \approx 0.035$. Heights go with the square of the distance, and $(0.4/0.035)^2 \approx 130$; in the cell it is 88, because a little of the swing across the valley is left as well, and the walls are steep.
#
# </details>
#
# <details>
# <summary>What happens at 0.07 and 0.09 without momentum, and why?</summary>
#
# At 0.07 it jumps from side to side, each time less far; at 0.09 each time farther, and it is lost. Across the valley the slope is 25 times the distance from the bottom, so a step multiplies that distance by $1 - 25 \eta$: $0.25$ at the rate of 0.03, $-0.75$ at 0.07, $-1.25$ at 0.09. After 30 steps of the last, $1.5 \cdot 1.25^{30} \approx 1200$. The limit is $\eta = 2/25 = 0.08$. With momentum, pushes to the left and to the right cancel in part, and 0.09 still does well.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>为什么恰好是这个倍数？</summary>
#
# 不用动量时，每走一步，沿谷底剩下的路程就乘以 $1 - 0.03 = 0.97$，而 $0.97^{30} \approx 0.4$。用了 $\mu = 0.8$，只有在梯度一直不变时，速度才会增大到 $1/(1 - \mu) = 5$ 倍。靠近谷底时却不是这样：球会滚过头，再滚回来，如图所示。这时，每走一步，摆动的幅度就乘以 $\sqrt{\mu} \approx 0.894$，而 $0.894^{30} \approx 0.035$。高度与距离的平方成正比，$(0.4/0.035)^2 \approx 130$；单元格里得到的是 88，因为横向也还剩一点摆动，而两侧的山壁很陡。
#
# </details>
#
# <details>
# <summary>学习率取 0.07 和 0.09，不用动量会怎样？为什么？</summary>
#
# 取 0.07 时，它在山谷两侧来回跳，但一次比一次近；取 0.09 时，一次比一次远，再也回不来。横向的斜率是到谷底距离的 25 倍，所以每走一步，这个距离就乘以 $1 - 25 \eta$：学习率为 0.03 时是 $0.25$，0.07 时是 $-0.75$，0.09 时是 $-1.25$。最后一种情形走完 30 步，距离是 $1.5 \cdot 1.25^{30} \approx 1200$。学习率的上限是 $\eta = 2/25 = 0.08$。用了动量，一左一右的推力会抵消一部分，取 0.09 也照样走得好。
#
# </details>

# %% [markdown] lang="en"
# ### 6.2 Put the network together
#
# This is the whole network: your functions, one after the other. Read it line by line; there is nothing else. `layers` stands for whoever convolves and pools, your loops first and the fast functions of section 7 later. Beside the logits, `network_forward` returns `memory`, all that the way back will ask for: each layer's cache, the $Z$ in front of each ReLU, and the volume that was flattened.
#
# The weights start as random numbers with mean 0 and the standard deviation $\sqrt{2/n^{\mathrm{prev}}}$ (He's rule, derived below the cell), and all biases at 0. The random numbers are worked out from the *seed*: the same seed, the same start. The last layer's weights are very small, so that all ten logits begin near 0: the network prefers no digit, and its loss begins at $\ln 10$.

# %% [markdown] lang="zh"
# ### 6.2 把网络组装起来
#
# 整个网络就写在下面的单元格里：依次调用你写的函数，此外再没有别的。请逐行读一遍。`layers` 代表负责卷积和池化的函数：先用你的循环，以后换成第 7 节的快速版本。除了 logits，`network_forward` 还返回 `memory`，也就是反向时要用到的一切：各层的缓存（cache）、每个 ReLU 前面的 $Z$，以及展平之前的三维数组。
#
# 权重的初值是随机数，均值为 0，标准差为 $\sqrt{2/n^{\mathrm{prev}}}$（He 初始化，也叫何恺明初始化，推导见单元格下方）；偏置全部为 0。随机数由随机种子（seed）算出来：种子相同，初值就相同。最后一层的权重取得很小，这样十个 logits 一开始都接近 0：网络不偏向任何数字，损失从 $\ln 10$ 开始。

# %% tags=["demo"]
SAME = {"stride": 1, "pad": 1}
HALVE = {"f": 2, "stride": 2}


def new_network(seed, channels=(8, 16)):
    random = np.random.RandomState(seed)
    first, second = channels
    return {
        "W1": random.randn(3, 3, 1, first) * np.sqrt(2 / 9),
        "b1": np.zeros((1, 1, 1, first)),
        "W2": random.randn(3, 3, first, second) * np.sqrt(2 / (9 * first)),
        "b2": np.zeros((1, 1, 1, second)),
        "W3": random.randn(4 * second, 10) * 0.01,
        "b3": np.zeros((1, 10)),
    }


def network_forward(network, images, layers):
    Z1, conv1 = layers.conv_forward(images, network["W1"], network["b1"], SAME)
    A1, pool1 = layers.pool_forward(relu_forward(Z1), HALVE)
    Z2, conv2 = layers.conv_forward(A1, network["W2"], network["b2"], SAME)
    A2, pool2 = layers.pool_forward(relu_forward(Z2), HALVE)
    logits, dense = dense_forward(flatten(A2), network["W3"], network["b3"])
    return logits, (Z1, conv1, pool1, Z2, conv2, pool2, A2, dense)


# %% [markdown] lang="en"
# **Why this standard deviation of the first weights?** (Nothing later needs this derivation. If you have not met variance and expectation yet, take the rule at its end and go on to the cell; there, variance is a number that says how large the signal's numbers are, squared.) One output is a sum of $n$ products (write $n$ for $n^{\mathrm{prev}}$; the biases are 0): $Z = \sum_j W_j A_j$. Draw the weights independently, with mean 0 and variance $\sigma^2$. Then products of different $j$ are uncorrelated, and variances add up:
#
# $$\mathrm{Var}(Z) = \sum_j \mathrm{E}[W_j^2] \, \mathrm{E}[A_j^2] = n \sigma^2 \, \mathrm{E}[A^2]$$
#
# But $A = \max(Z', 0)$ has been through a ReLU. The number $Z'$ before it is positive as often as negative, with the same sizes, and the ReLU cuts one half: of the squares, half remain, $\mathrm{E}[A^2] = \frac{1}{2} \mathrm{Var}(Z')$. So one layer multiplies the variance by a number,
#
# $$\mathrm{Var}(Z) = \frac{n \sigma^2}{2} \, \mathrm{Var}(Z')$$
#
# and the signal neither fades nor grows if that number is 1: $\sigma = \sqrt{2/n}$. This is **He's rule**. For a convolution $n$ counts the numbers in a window, $f \cdot f \cdot n_C^{\mathrm{prev}}$; look for it in `new_network`. Try it with ten layers of your own.

# %% [markdown] lang="zh"
# **初始权重为什么取这个标准差**？（后面用不到这段推导。如果还没学过期望和方差，记住最后的结论，直接看单元格就行；看的时候，把方差当作信号中各个数的平方的平均值就可以了。）一个输出是 $n$ 个乘积之和（$n$ 就是 $n^{\mathrm{prev}}$；偏置为 0）：$Z = \sum_j W_j A_j$。各个权重独立抽取，均值为 0，方差为 $\sigma^2$。于是不同 $j$ 的乘积互不相关，方差可以直接相加：
#
# $$\mathrm{Var}(Z) = \sum_j \mathrm{E}[W_j^2] \, \mathrm{E}[A_j^2] = n \sigma^2 \, \mathrm{E}[A^2]$$
#
# 不过 $A = \max(Z', 0)$ 是经过 ReLU 的。ReLU 之前的数 $Z'$ 正负各半，大小的分布也相同，而 ReLU 削掉了其中一半，平方的均值也就只剩一半：$\mathrm{E}[A^2] = \frac{1}{2} \mathrm{Var}(Z')$。所以每经过一层，方差就乘以一个数：
#
# $$\mathrm{Var}(Z) = \frac{n \sigma^2}{2} \, \mathrm{Var}(Z')$$
#
# 这个数为 1 时，信号既不衰减也不膨胀：$\sigma = \sqrt{2/n}$，这就是 **He 初始化**。对卷积层来说，$n$ 是一个窗口里数的个数 $f \cdot f \cdot n_C^{\mathrm{prev}}$；请在 `new_network` 里找到它。用你自己写的层叠上十层，试试看。

# %% tags=["demo"]
# Predict: by which factor does each layer change the variance if the weights have 1/n, not 2/n?
# zh: 预测：如果权重的方差取 1/n 而不是 2/n，每经过一层，信号的方差乘以多少？
prediction = None
with needs(relu_forward, dense_forward):
    spreads = {2: [], 1: []}
    for variance, after_layers in spreads.items():
        random = np.random.RandomState(0)
        signal = random.randn(100, 400)
        for _ in range(10):
            factors = random.randn(400, 400) * np.sqrt(variance / 400)
            signal, _ = dense_forward(relu_forward(signal), factors, np.zeros((1, 400)))
            after_layers.append(np.var(signal))
    plots.predict(prediction, round((spreads[1][-1] / spreads[1][0]) ** (1 / 9), 1), why="variance")
    for variance, after_layers in spreads.items():
        print(f"{variance}/n:", *(f"{value:.3f}" for value in after_layers))

# %% [markdown] lang="en"
# ### 6.3 All the way back
#
# Every layer can go back by itself. What is missing is the way through all of them: **from the loss to the first filter**.
#
# Take one number $t$ in the network. The loss feels it only by way of the numbers $u_1, u_2, \dots$ of the next step that $t$ takes part in, so the chain rule gives
#
# $$\frac{\partial L}{\partial t} = \sum_k \frac{\partial L}{\partial u_k} \cdot \frac{\partial u_k}{\partial t}$$
#
# That is the question of the first notebook again: *output's gradient times factor*, added up. But the $\partial L / \partial u_k$ follow from the step after that in the same way, and so on up to the logits, whose gradient `softmax_cross_entropy` returns. So begin at the end: with the gradient of a step's output in hand, its backward function gives the gradient of its input, **which is the output of the step before**. Parameters receive theirs as you pass. Each step is done once, and needs what it has kept from the way forward ($R_2$ and $R_1$ are what the two ReLUs gave to the pooling):
#
# | on the way forward | kept | on the way back: from | to | and on the way |
# |---|---|---|---|---|
# | the fully connected layer | `dense` | `dlogits` | the gradient of the flat rows | `dW3`, `db3` |
# | flatten | `A2` | those rows | $dA_2$ | |
# | pooling | `pool2` | $dA_2$ | $dR_2$ | |
# | ReLU | `Z2` | $dR_2$ | $dZ_2$ | |
# | convolution | `conv2` | $dZ_2$ | $dA_1$ | `dW2`, `db2` |
# | pooling | `pool1` | $dA_1$ | $dR_1$ | |
# | ReLU | `Z1` | $dR_1$ | $dZ_1$ | |
# | convolution | `conv1` | $dZ_1$ | the gradient of the pictures, which nobody needs | `dW1`, `db1` |
#
# <details>
# <summary>What is that worth? How many forward passes would it take to measure the gradients of all 1898 parameters?</summary>
#
# To both sides, one by one, $2 \cdot 1898 = 3796$ of them. One backward pass gives all gradients for about the price of two.
#
# </details>
#
# **By hand.** One picture of 2 × 2 pixels, a filter of a single number $w = 2$ with bias $-3$, ReLU, max pooling over everything, and two logits:
#
# $$X = \begin{pmatrix} 3 & 1 \\ 0 & 2 \end{pmatrix} \;\to\; Z = \begin{pmatrix} 3 & -1 \\ -3 & 1 \end{pmatrix} \;\to\; \begin{pmatrix} 3 & 0 \\ 0 & 1 \end{pmatrix} \;\to\; A = 3 \;\to\; \begin{pmatrix} 3 & -3 \end{pmatrix} \qquad W_3 = \begin{pmatrix} 1 & -1 \end{pmatrix}$$
#
# Let the gradient of the logits be $\begin{pmatrix} -0.5 & 0.5 \end{pmatrix}$. Walk back on paper before you unfold.
#
# <details>
# <summary>What are <i>dW</i><sub>3</sub>, <i>dA</i>, <i>dZ</i>, <i>dw</i> and <i>db</i>?</summary>
#
# The last layer gives $dW_3 = 3 \cdot \begin{pmatrix} -0.5 & 0.5 \end{pmatrix} = \begin{pmatrix} -1.5 & 1.5 \end{pmatrix}$ and $dA = 1 \cdot (-0.5) + (-1) \cdot 0.5 = -1$. All of it goes to the winner of the pooling, where $Z$ is positive, so it passes the ReLU:
#
# $$dA = -1 \;\to\; \begin{pmatrix} -1 & 0 \\ 0 & 0 \end{pmatrix} \;\to\; dZ = \begin{pmatrix} -1 & 0 \\ 0 & 0 \end{pmatrix} \;\to\; dw = 3 \cdot (-1) = -3, \quad db = -1$$
#
# </details>
#
# <details>
# <summary>Check yourself: the same with average pooling. What are <i>dZ</i>, <i>dw</i> and <i>db</i>?</summary>
#
# Now $A = 1$, and $dA = -1$ is spread over the window, $-0.25$ for each number. The ReLU stops two of them, where $Z$ is negative: $dZ = \begin{pmatrix} -0.25 & 0 \\ 0 & -0.25 \end{pmatrix}$, $dw = 3 \cdot (-0.25) + 2 \cdot (-0.25) = -1.25$ and $db = -0.5$.
#
# </details>

# %% [markdown] lang="zh"
# ### 6.3 一路走回去
#
# 每一层都会反向传播了，还缺一条把它们全部连起来的路：**从损失一直走到第一个滤波器**。
#
# 在网络中任取一个数 $t$。$t$ 只能通过下一步里用到它的那些数 $u_1, u_2, \dots$ 影响损失，所以由链式法则：
#
# $$\frac{\partial L}{\partial t} = \sum_k \frac{\partial L}{\partial u_k} \cdot \frac{\partial u_k}{\partial t}$$
#
# 这就是第一个 notebook 里的那个问题：**输出的梯度乘以系数**，再相加。而 $\partial L / \partial u_k$ 又由再下一步用同样的办法得到，如此一直到 logits，它的梯度由 `softmax_cross_entropy` 给出。所以要从末尾开始：手里有了某一步输出的梯度，它的反向函数就给出输入的梯度，**而这个输入正是上一步的输出**。参数的梯度在经过时顺便得到。每一步只做一次，用到的是它在前向时留下的东西（$R_2$ 和 $R_1$ 表示两个 ReLU 交给池化的输出）：
#
# | 前向时 | 留下了 | 反向时：从 | 到 | 顺便得到 |
# |---|---|---|---|---|
# | 全连接层 | `dense` | `dlogits` | 展平后各行的梯度 | `dW3`、`db3` |
# | 展平 | `A2` | 这些行 | $dA_2$ | |
# | 池化 | `pool2` | $dA_2$ | $dR_2$ | |
# | ReLU | `Z2` | $dR_2$ | $dZ_2$ | |
# | 卷积 | `conv2` | $dZ_2$ | $dA_1$ | `dW2`、`db2` |
# | 池化 | `pool1` | $dA_1$ | $dR_1$ | |
# | ReLU | `Z1` | $dR_1$ | $dZ_1$ | |
# | 卷积 | `conv1` | $dZ_1$ | 图像的梯度，用不着 | `dW1`、`db1` |
#
# <details>
# <summary>这样做有什么好处？如果靠测量来求全部 1898 个参数的梯度，要前向走多少趟？</summary>
#
# 一个一个向两边去测，要走 $2 \cdot 1898 = 3796$ 趟。往回走一趟就得到全部梯度，代价大约只是前向走两趟。
#
# </details>
#
# **动手算一算**：一张 2 × 2 像素的图像，滤波器只有一个数 $w = 2$，偏置 $-3$，然后是 ReLU、覆盖全图的最大池化，最后是两个 logits：
#
# $$X = \begin{pmatrix} 3 & 1 \\ 0 & 2 \end{pmatrix} \;\to\; Z = \begin{pmatrix} 3 & -1 \\ -3 & 1 \end{pmatrix} \;\to\; \begin{pmatrix} 3 & 0 \\ 0 & 1 \end{pmatrix} \;\to\; A = 3 \;\to\; \begin{pmatrix} 3 & -3 \end{pmatrix} \qquad W_3 = \begin{pmatrix} 1 & -1 \end{pmatrix}$$
#
# 设 logits 的梯度为 $\begin{pmatrix} -0.5 & 0.5 \end{pmatrix}$。先在纸上往回走一遍，再展开对照。
#
# <details>
# <summary><i>dW</i><sub>3</sub>、<i>dA</i>、<i>dZ</i>、<i>dw</i> 和 <i>db</i> 各是多少？</summary>
#
# 最后一层得到 $dW_3 = 3 \cdot \begin{pmatrix} -0.5 & 0.5 \end{pmatrix} = \begin{pmatrix} -1.5 & 1.5 \end{pmatrix}$，$dA = 1 \cdot (-0.5) + (-1) \cdot 0.5 = -1$。它全部归于池化的最大值，那里的 $Z$ 为正，所以能通过 ReLU：
#
# $$dA = -1 \;\to\; \begin{pmatrix} -1 & 0 \\ 0 & 0 \end{pmatrix} \;\to\; dZ = \begin{pmatrix} -1 & 0 \\ 0 & 0 \end{pmatrix} \;\to\; dw = 3 \cdot (-1) = -3, \quad db = -1$$
#
# </details>
#
# <details>
# <summary>自己验证：换成平均池化，<i>dZ</i>、<i>dw</i> 和 <i>db</i> 各是多少？</summary>
#
# 这时 $A = 1$，$dA = -1$ 平均分给整个窗口，每个数得 $-0.25$。其中两个数的 $Z$ 为负，被 ReLU 拦住：$dZ = \begin{pmatrix} -0.25 & 0 \\ 0 & -0.25 \end{pmatrix}$，$dw = 3 \cdot (-0.25) + 2 \cdot (-0.25) = -1.25$，$db = -0.5$。
#
# </details>

# %% [markdown] lang="en"
# ### Exercise 9 – network_backward
#
# Walk the network back, from the gradient of the logits to the first filters, and return the gradients of all six parameters. For ReLU and the fully connected layer call your own functions. The two that go back through a convolution and a pooling are handed to you; they return what those of the first notebook return.
#
# The check brings two of its own, with made-up numbers in place of convolutions. It sees whether each layer gets the correct gradient and the correct cache, in the correct order; your loops don't matter here. This exercise carries no points: you write it to see the whole way once.
#
# <details>
# <summary>Hint 1: a nudge</summary>
#
# Unpack `memory`, then read `network_forward` from its last line to its first. Each function that you meet has a partner that goes back.
#
# </details>
#
# <details>
# <summary>Hint 2: the approach</summary>
#
# Go down the table above, one line of code for each of its rows. What one line returns first, the next one takes. `flatten` has no partner of its own: what returns is a row for each example, and you give it its old shape.
#
# </details>
#
# <details>
# <summary>Hint 3: almost the line</summary>
#
# The line after the one that unpacks `memory` is `rows, dW3, db3 = dense_backward(...)`. The shape to give to `rows` is that of the array that was flattened. Then three lines for the second trio, pooling, ReLU, convolution, and three for the first, with the numbers changed.
#
# </details>

# %% [markdown] lang="zh"
# ### 练习 9 – network_backward
#
# 让网络反向走一遍：从 logits 的梯度出发，走到第一层的滤波器，返回全部六个参数的梯度。ReLU 和全连接层用你自己的函数；卷积和池化的两个反向函数由参数传入，它们的返回值与第一个 notebook 中的相同。
#
# 检查用的是它自带的两个函数，里面的数是编出来的，并不真的做卷积。它看的是各层的顺序对不对，每一层得到的梯度和缓存对不对；至于你的循环写得如何，在这里没有影响。这个练习不计分：写它，是为了把整条路完整地走一遍。
#
# <details>
# <summary>提示 1：点拨</summary>
#
# 先把 `memory` 解包，再把 `network_forward` 从最后一行读到第一行。遇到的每个函数，都有一个反向的搭档。
#
# </details>
#
# <details>
# <summary>提示 2：思路</summary>
#
# 顺着上面的表格往下走，每一行写一行代码：前一行代码返回的第一个结果，就是后一行的输入。`flatten` 没有搭档：传回来的是每个样本一行，要由你恢复成原来的形状。
#
# </details>
#
# <details>
# <summary>提示 3：只差一步</summary>
#
# 解包 `memory` 之后的那一行是 `rows, dW3, db3 = dense_backward(...)`。`rows` 要恢复成的形状，就是展平之前那个数组的形状。接着是第二组的三行：池化、ReLU、卷积；再是第一组的三行，换一下编号即可。
#
# </details>


# %% solution="network_backward"
def network_backward(dlogits, memory, conv_backward, pool_backward):
    """Go back through the whole network and collect the gradients of its parameters.
    # zh: 让整个网络反向传播，得到所有参数的梯度。

    dlogits: array of shape (m, n), the gradient of the loss with respect to the logits
    # zh: dlogits：形状为 (m, n) 的数组，损失对 logits 的梯度
    memory: (Z1, conv1, pool1, Z2, conv2, pool2, A2, dense), as network_forward returned it
    # zh: memory：(Z1, conv1, pool1, Z2, conv2, pool2, A2, dense)，由 network_forward 返回
    conv_backward: function; conv_backward(dZ, cache) returns dA_prev, dW, db
    # zh: conv_backward：函数，conv_backward(dZ, cache) 返回 dA_prev、dW、db
    pool_backward: function; pool_backward(dA, cache) returns dA_prev
    # zh: pool_backward：函数，pool_backward(dA, cache) 返回 dA_prev
    Returns dW1, db1, dW2, db2, dW3, db3: arrays in the shapes of the parameters
    # zh: 返回 dW1、db1、dW2、db2、dW3、db3：数组，形状与各个参数相同
    """
    # YOUR CODE STARTS HERE
    # zh: 你的代码从这里开始
    # (about 9 lines) Unpack the memory.
    # zh: （约 9 行）把 memory 解包。
    # The last layer, and its rows back in the shape of a volume.
    # zh: 最后一层；把得到的各行恢复成三维数组的形状。
    # The second trio, in the opposite order. Then the first one.
    # zh: 第二组，次序相反。然后是第一组。
    raise NotImplementedError("network_backward")
    # YOUR CODE ENDS HERE
    # zh: 你的代码到这里结束
    return dW1, db1, dW2, db2, dW3, db3


# %% tags=["demo"]
# Predict: how many numbers are in the gradient that reaches the first convolution, for two pictures?
# zh: 预测：输入两张图像时，传到第一个卷积层的梯度有多少个数？
# Play: more pictures.
# zh: 玩一玩：多输入几张图像。
prediction = None
notes = []

# These layers compute nothing. They write down the shapes that reach them on the way back, so that
# zh: 下面的这些层什么也不算，只记下反向时收到的数组的形状，
# you can follow your network_backward; you need not read them.
# zh: 让你看清 network_backward 走的路；它们的代码不必细读。


def noted(name, gradient, *results):
    notes.append((name, gradient.shape))
    return results if len(results) > 1 else results[0]


silent = training.Layers(
    lambda A, W, b, settings: (np.ones((*A.shape[:3], W.shape[3])), (A, W, b, settings)),
    lambda gradient, kept: noted("convolution", gradient, *kept[:3]),
    # zh: lambda gradient, kept: noted("卷积", gradient, *kept[:3]),
    lambda A, settings: (A[:, ::2, ::2], (A, settings)),
    lambda gradient, kept: noted("pooling", gradient, kept[0]),
    # zh: lambda gradient, kept: noted("池化", gradient, kept[0]),
)
with needs(relu_forward, relu_backward, flatten, dense_forward, dense_backward, network_backward):
    scores, kept = network_forward(new_network(seed=0), digits.train_images[:2], silent)
    network_backward(scores, kept, silent.conv_backward, silent.pool_backward)
    plots.predict(prediction, np.prod(notes[-1][1]), why="first_layer")
    for layer, sizes in notes:
        print(layer, "receives", sizes)
        # zh: print(layer, "收到", sizes)

# %% test="network_backward"
check(network_backward)

# %% [markdown] lang="en"
# <details>
# <summary>Question 1: somebody passes the ReLU first, with a mask taken from what the pooling gave, and the pooling after it. In this network the gradients come out right. By luck?</summary>
#
# Yes, thanks to max pooling: a window's output is positive exactly where its winner is, and nobody but the winner gets anything. With average pooling an output is positive as soon as one of its numbers is, so gradient would reach numbers that the ReLU had cut. The layers of the check are of neither kind, and notice every swap.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>思考题 1：有人反向时先过 ReLU（掩码取自池化的输出），再过池化。在这个网络里，梯度居然是对的。这是碰巧吗？</summary>
#
# 是碰巧，多亏用的是最大池化：窗口的输出为正，当且仅当其中的最大值为正，而除了最大值，谁也得不到梯度。换成平均池化，窗口里只要有一个数为正，输出就为正，于是梯度会流到被 ReLU 截断的数那里。检查所用的层两者都不是，次序一颠倒就会发现。
#
# </details>

# %% [markdown] lang="en"
# With the gradients in hand every parameter can make its step. `update` also pulls each weight a little towards 0 by adding `decay` times the weight to its gradient; this is *weight decay*. Once a digit is right, larger weights alone lower its loss further: they push its probability towards 1, without telling digits apart any better. The decay pulls against that, and keeps the network from growing too sure of itself.

# %% [markdown] lang="zh"
# 有了梯度，每个参数就能走一步了。`update` 还在梯度上加了 `decay` 乘以权重，把每个权重轻轻拉向 0，这叫**权重衰减**（weight decay）。一个数字认对之后，只要把权重放大，它的概率就更接近 1，损失还会下降，可是分辨能力并没有提高。权重衰减正是往相反的方向拉，防止网络变得过于自信。


# %% tags=["demo"]
def all_gradients(network, dlogits, memory, layers):
    slopes = network_backward(dlogits, memory, layers.conv_backward, layers.pool_backward)
    # zip puts each name beside its gradient; dict lets you look the gradient up by its name.
    # zh: zip 把每个参数名与它的梯度配成对；dict 用这些对建成字典，按名字就能查到梯度。
    return dict(zip(network, slopes, strict=True))


def update(network, gradients, speeds, rate, decay=0.0):
    for name in network:
        slope = gradients[name]
        if name.startswith("W"):
            slope = slope + decay * network[name]
        network[name], speeds[name] = sgd_momentum_step(
            network[name], slope, speeds[name], rate, 0.9
        )


# %% [markdown] lang="en"
# ### 6.4 Two checks before any training
#
# **The loss at the start.** The untrained network knows nothing, so its loss must be close to $\ln 10 = 2.3026$. A start at 5 or 20 would mean that it is sure of nonsense: weights too large, or a mistake in the loss.
#
# **Overfit a handful.** To *fit* is to choose the parameters so that the answers agree with given examples; to *overfit* is to learn these by heart. That is usually a fault (8.1), but here it is a test: a network of 1898 parameters must be able to do it with 20 digits. If it can't, there is no point in showing it 1437. This finds more mistakes than any other test, in seconds.
#
# The next cell does both with your loops; without them it prints one line, and 7.6 does both with the fast layers. Each of the 25 steps sends 20 digits forward and back; in the convolutions alone, a window meets a filter some 15 000 times each way. With loops that takes its time, which is why section 7 follows.

# %% [markdown] lang="zh"
# ### 6.4 训练之前的两项检查
#
# **最初的损失**：没有训练过的网络什么都不知道，损失应接近 $\ln 10 = 2.3026$。如果一开始就是 5 或 20，说明它对瞎猜的答案很有把握：不是权重太大，就是损失写错了。
#
# **先对几个样本过拟合**（overfitting）：**拟合**（fit）是调整参数，让网络的答案与给定的样本相符；过拟合则是把这些样本死记下来。平时要避免它（见 8.1 节），这里却拿它来检查：有 1898 个参数的网络，把 20 个数字背下来应该不在话下。如果连这都做不到，给它看 1437 个也没有意义。这项检查几秒钟就能做完，发现的错误却比其他任何测试都多。
#
# 下面的单元格用你的循环做这两件事；如果没有循环，它只打印一行说明，等到 7.6 节再用快速的层来做。一共 25 步，每一步让 20 个数字前向、反向各走一遍，单是卷积，每个方向就有约 1.5 万次“窗口乘以滤波器”。用循环要等一会儿；第 7 节就是为此而写的。

# %% tags=["demo"]
# Predict: two of each digit, 20 in all. How many of them does the network get right before its first step?
# zh: 预测：每个数字取两张，共 20 张。网络还没有走第一步时，能认对几张？
prediction = None
few = np.concatenate([np.flatnonzero(digits.train_labels == digit)[:2] for digit in range(10)])
few_images, few_labels = digits.train_images[few], digits.train_labels[few]


def learn_by_heart(layers, live=None):
    network = new_network(seed=0)
    speeds = {name: np.zeros(values.shape) for name, values in network.items()}
    costs, rights = [], []
    for _ in range(25):
        logits, memory = network_forward(network, few_images, layers)
        cost, dlogits = softmax_cross_entropy(logits, few_labels)
        update(network, all_gradients(network, dlogits, memory, layers), speeds, rate=0.1)
        costs.append(cost)
        rights.append(np.sum(np.argmax(logits, axis=1) == few_labels))
        if live:
            live.step(cost)
    print(f"loss at the start {costs[0]:.4f}, log(10) = {np.log(10):.4f}")
    # zh: print(f"最初的损失 {costs[0]:.4f}，log(10) = {np.log(10):.4f}")
    print(f"loss at the end   {costs[-1]:.4f}, {rights[-1]} of 20 right")
    # zh: print(f"最后的损失 {costs[-1]:.4f}，20 个中认对 {rights[-1]} 个")
    return costs, rights


# Where the loops are missing, the fast layers answer your prediction in 7.6.
# zh: 如果没有循环版本，你的预测就由 7.6 节的快速版本来回答。
def compare_the_start(rights, guess=prediction):
    plots.predict(guess, rights[0], why="untrained", within=2)


learning = {}
with needs(relu_forward, softmax_cross_entropy, network_backward), training.if_possible():
    start = time.perf_counter()
    learning["loops"], rights = learn_by_heart(loops, training.Live(steps=25))
    print(f"{time.perf_counter() - start:.1f} seconds with loops")
    # zh: print(f"用循环：{time.perf_counter() - start:.1f} 秒")
    compare_the_start(rights)

# %% [markdown] lang="en"
# <details>
# <summary>Question 1: how many times as long as these 25 steps of 20 digits do 40 rounds through all 1437 training digits take?</summary>
#
# $40 \cdot 1437 / (25 \cdot 20) \approx 115$ times as long. With loops that is many minutes, on slower machines an hour. And then you would like to try another learning rate.
#
# </details>
#
# <details>
# <summary>Question 2: a network has learned these 20 digits by heart. Has it learned to read?</summary>
#
# Hardly: 1898 parameters can store 20 pictures. Whether it has understood something shows on digits that it has never seen, and only there.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>思考题 1：把全部 1437 个训练数字走 40 轮，所用的时间是这 25 步（每步 20 个数字）的多少倍？</summary>
#
# $40 \cdot 1437 / (25 \cdot 20) \approx 115$ 倍。用循环的话，少则十几分钟，慢一点的机器要一小时。训练完之后，你还会想换个学习率再试试。
#
# </details>
#
# <details>
# <summary>思考题 2：如果网络把这 20 个数字背下来了，它就学会认数字了吗？</summary>
#
# 恐怕没有：1898 个参数足够死记 20 张图。它究竟学会了没有，只能拿它从没见过的数字来考。
#
# </details>

# %% [markdown] lang="en"
# **In short**
#
# - Momentum adds up what stays the same and cancels what changes sign; first weights with the standard deviation $\sqrt{2/n^{\mathrm{prev}}}$ keep the signal's variance from layer to layer.
# - Backwards, one layer after the other: each takes its output's gradient and its own cache.
# - Before a training: the loss at the start must be $\ln 10$, and a handful of digits must be learned by heart.

# %% [markdown] lang="zh"
# **小结**
#
# - 动量把方向一致的梯度累积起来，把正负交替的抵消掉；初始权重的标准差取 $\sqrt{2/n^{\mathrm{prev}}}$，信号的方差就能一层层保持下去。
# - 反向时逐层往回走：每一层用的是自己输出的梯度和自己的缓存。
# - 训练之前先检查两点：最初的损失应为 $\ln 10$；少数几个数字，网络应能背下来。

# %% [markdown] lang="en"
# ## 7 Make it fast
#
# The loops spend nearly all of their time on the way to the next multiplication: Python looks up names, makes small arrays, calls functions. The multiplications themselves are cheap, if one hands over many at once. A matrix product is the best way to do so; decades of work went into making it fast. So put the convolution into that form.
#
# ### 7.1 Windows as rows
#
# One number of a convolution is a window times a filter, summed up. Lay the window out as a row and the filter as a column, and it is a row times a column. Lay **all** windows out as rows and all filters as columns, and the whole layer is one matrix product. This arrangement is called *im2col*, "image to columns": in MATLAB, where it comes from, each window became a column. In NumPy the last axis lies together in memory, so rows suit it better; the name stayed, also in our `columns`.
#
# ![](images/im2col.png)
#
# **By hand.** The picture and filter of the first notebook, $f = 2$, $s = 1$; here $P = X$, there is no padding:
#
# $$X = \begin{pmatrix} 1 & 2 & 0 \\ 0 & 1 & 3 \\ 2 & 0 & 1 \end{pmatrix} \qquad W = \begin{pmatrix} 1 & 2 \\ 0 & -1 \end{pmatrix}$$
#
# $$\begin{pmatrix} 1 & 2 & 0 & 1 \\ 2 & 0 & 1 & 3 \\ 0 & 1 & 2 & 0 \\ 1 & 3 & 0 & 1 \end{pmatrix} \begin{pmatrix} 1 \\ 2 \\ 0 \\ -1 \end{pmatrix} = \begin{pmatrix} 4 \\ -1 \\ 2 \\ 6 \end{pmatrix} \;\to\; Z = \begin{pmatrix} 4 & -1 \\ 2 & 6 \end{pmatrix}$$
#
# The order within a row is *row of the window, column of the window, channel*, the order of the axes of $W$ and of `reshape`. Any other order would do as well, if $W$ followed it; mixing two of them is the classic mistake.

# %% [markdown] lang="zh"
# ## 7 让它变快
#
# 循环版本的时间几乎都花在乘法以外的杂事上：Python 要查名字、建小数组、调用函数。乘法本身很快，前提是一次就把很多乘法一起交出去。最适合这样做的就是矩阵乘法：几十年来，人们一直在设法让它更快。所以，我们就把卷积也写成矩阵乘法。
#
# ### 7.1 把窗口排成行
#
# 卷积中的一个数，是一个窗口乘以一个滤波器再求和。把窗口排成一行，滤波器排成一列，这就是行乘以列。把**所有**窗口排成行，所有滤波器排成列，整个卷积层就是一次矩阵乘法。这种排法叫 **im2col**，意思是“图像变成列”：它来自 MATLAB，在那里每个窗口成为一列。NumPy 的数组中，最后一个轴在内存里是连续的，排成行更合适；名字却留了下来，我们的变量也仍叫 `columns`。
#
# ![](images/im2col.png)
#
# **动手算一算**：用第一个 notebook 里的图像和滤波器，$f = 2$，$s = 1$；这里不填充，所以 $P = X$：
#
# $$X = \begin{pmatrix} 1 & 2 & 0 \\ 0 & 1 & 3 \\ 2 & 0 & 1 \end{pmatrix} \qquad W = \begin{pmatrix} 1 & 2 \\ 0 & -1 \end{pmatrix}$$
#
# $$\begin{pmatrix} 1 & 2 & 0 & 1 \\ 2 & 0 & 1 & 3 \\ 0 & 1 & 2 & 0 \\ 1 & 3 & 0 & 1 \end{pmatrix} \begin{pmatrix} 1 \\ 2 \\ 0 \\ -1 \end{pmatrix} = \begin{pmatrix} 4 \\ -1 \\ 2 \\ 6 \end{pmatrix} \;\to\; Z = \begin{pmatrix} 4 & -1 \\ 2 & 6 \end{pmatrix}$$
#
# 一行之内的顺序是：**窗口的行、窗口的列、通道**，与 $W$ 的轴的顺序、与 `reshape` 的顺序都一致。换一种顺序也可以，只要 $W$ 也跟着换；两种顺序混用，是最典型的错误。

# %% tags=["demo"]
# Predict: a second filter, with a 1 everywhere, is a second column.
# zh: 预测：第二个滤波器全为 1，排成第二列。
# What does it make of the last window?
# zh: 它由最后一个窗口得到几？
# Play: exchange two columns, four_windows[:, [1, 0, 2, 3]].
# zh: 玩一玩：调换两列，写成 four_windows[:, [1, 0, 2, 3]]。
# Which of the two results stays as it is, and why?
# zh: 两列结果中，哪一列不变？为什么？
prediction = None
four_windows = np.array([[1, 2, 0, 1], [2, 0, 1, 3], [0, 1, 2, 0], [1, 3, 0, 1]])
two_filters = np.stack([[1, 2, 0, -1], [1, 1, 1, 1]], axis=1)
two_maps = four_windows @ two_filters
plots.predict(prediction, two_maps[3, 1], why="second_column")
print(two_maps)

# %% [markdown] lang="en"
# <details>
# <summary>Which of the two results stays as it is, and why?</summary>
#
# The second: its weights are all alike, so no order matters to it. The first filter now multiplies its 1 and 2 with each other's numbers, and nothing tells you. Exchange the first two rows of `two_filters` as well, and all is right again.
#
# </details>
#
# **How to fill it without visiting each window.** Turn the loops inside out. All windows have a number at place $(u, v)$; for stride $s$ these are the pixels in the rows $u, u + s, u + 2s, \dots$ and the columns $v, v + s, v + 2s, \dots$. One slice with a step takes all of them, for all examples and channels at once:
#
# $$\mathrm{columns}_{i,h,w,(u,v,k)} = X_{i,\; hs+u,\; ws+v,\; k}$$
#
# So two short loops over $u$ and $v$ are enough, nine rounds for a filter of 3 × 3, however many windows there are. As slices in NumPy have the form `start:stop:step`, with $n_H$ rows wanted the stop is $u + s \cdot n_H$.

# %% [markdown] lang="zh"
# <details>
# <summary>两列结果中，哪一列不变？为什么？</summary>
#
# 第二列：这个滤波器的权重全都相同，所以什么顺序都行。第一个滤波器的 1 和 2 却乘错了对象，而且没有任何报错。把 `two_filters` 的前两行也调换过来，就又对了。
#
# </details>
#
# **怎样填好这个矩阵，又不必逐个走过窗口**？把循环内外对调。每个窗口在位置 $(u, v)$ 上都有一个数；步幅为 $s$ 时，它们就是第 $u, u + s, u + 2s, \dots$ 行、第 $v, v + s, v + 2s, \dots$ 列的像素。用一个按步幅跳着取的切片就能一次取出，所有样本、所有通道都包括在内：
#
# $$\mathrm{columns}_{i,h,w,(u,v,k)} = X_{i,\; hs+u,\; ws+v,\; k}$$
#
# 因此，对 $u$ 和 $v$ 的两层小循环就够了：3 × 3 的滤波器只要循环九次，不管有多少个窗口。NumPy 的切片写作 `start:stop:step`，需要 $n_H$ 行时，终点是 $u + s \cdot n_H$。

# %% [markdown] lang="en"
# ### Exercise 10 – im2col
#
# Lay every window of the batch `X` (padded already, if it has to be) out as a row. Loops that visit window after window would be correct as well, and pass the check, but they would be as slow as the loops that you are about to replace: 7.6 would show no gain.
#
# <details>
# <summary>Hint 1: a nudge</summary>
#
# Each round of the two loops fills one place of **all** windows. Give the result separate axes for $u$, $v$ and channel while you fill it: six axes in all.
#
# </details>
#
# <details>
# <summary>Hint 2: the approach</summary>
#
# 1. Work out `n_H` and `n_W` by the formula that you know, without padding.
# 2. Make zeros of the shape `(m, n_H, n_W, f, f, n_C)`.
# 3. For each of the `f * f` places: take the slice of `X` and store it at that place of all windows.
# 4. At the end, merge the last three axes into one.
#
# </details>
#
# <details>
# <summary>Hint 3: almost the line</summary>
#
# In one dimension: with `x = np.arange(10)`, stride 3 and 3 windows, the numbers at place 1 of all windows are `x[1 : 1 + 3 * 3 : 3]`, that is 1, 4 and 7. You need such a slice for the rows and one for the columns; examples and channels stay `:`.
#
# </details>

# %% [markdown] lang="zh"
# ### 练习 10 – im2col
#
# 把这批数据 `X`（如果需要填充，已经填好）的每个窗口排成一行。用循环逐个走过窗口，结果也对，也能通过检查，只是和要替换掉的循环一样慢，到 7.6 节就看不出加速了。
#
# <details>
# <summary>提示 1：点拨</summary>
#
# 两层循环每走一次，就填好**所有**窗口的同一个位置。填的时候，让 $u$、$v$ 和通道各占一个轴，结果一共六个轴。
#
# </details>
#
# <details>
# <summary>提示 2：思路</summary>
#
# 1. 用你熟悉的公式（不填充）算出 `n_H` 和 `n_W`。
# 2. 建一个形状为 `(m, n_H, n_W, f, f, n_C)` 的全零数组。
# 3. 对 `f * f` 个位置中的每一个：取出 `X` 的切片，存到所有窗口的这个位置上。
# 4. 最后把末尾三个轴合成一个。
#
# </details>
#
# <details>
# <summary>提示 3：只差一步</summary>
#
# 先看一维：`x = np.arange(10)`，步幅为 3，共 3 个窗口，所有窗口中位置 1 上的数就是 `x[1 : 1 + 3 * 3 : 3]`，即 1、4、7。行和列各需要一个这样的切片；样本和通道仍写 `:`。
#
# </details>


# %% solution="im2col"
def im2col(X, f, stride):
    """Lay every window of a batch out as a row.
    # zh: 把一批图像的每个窗口展开成一行。

    X: array of shape (m, n_H_prev, n_W_prev, n_C)
    # zh: X：形状为 (m, n_H_prev, n_W_prev, n_C) 的数组
    f: side of the window
    # zh: f：窗口的边长
    stride: how far the window moves
    # zh: stride：步幅，窗口每次移动几行（几列）
    Returns columns: array of shape (m, n_H, n_W, f * f * n_C); the numbers of a window stand
    # zh: 返回 columns：形状为 (m, n_H, n_W, f * f * n_C) 的数组；同一个窗口中的数
            in the order row, column, channel
            # zh: 按行、列、通道的顺序排列
    """
    # YOUR CODE STARTS HERE
    # zh: 你的代码从这里开始
    # Read the sizes, and work out n_H and n_W. (3 lines)
    # zh: 读出各个大小，算出 n_H 和 n_W。（3 行）

    # Start with zeros, with axes of their own for a window's rows, columns and channels. (1 line)
    # zh: 先建全零数组，窗口的行、列、通道各占一个轴。（1 行）

    # Go through the places within a window. (2 loops)
    # zh: 遍历窗口内的各个位置。（2 层循环）
    #     Store what all windows have at this place: a slice of X with a step. (1 line)
    # zh:     存入所有窗口在这个位置上的数：它们是 X 的一个按步幅跳着取的切片。（1 行）

    # Merge the last three axes into one. (1 line)
    # zh: 把最后三个轴合并成一个。（1 行）
    raise NotImplementedError("im2col")
    # YOUR CODE ENDS HERE
    # zh: 你的代码到这里结束
    return columns


# %% tags=["demo"]
# Predict: the example from above, with a second channel. How many numbers do its columns hold?
# zh: 预测：给上面的例子再加一个通道。它的 columns 里共有多少个数？
# Play: try stride 2.
# zh: 玩一玩：试试步幅 2。
prediction = None
nine_pixels = np.array([[1.0, 2, 0], [0, 1, 3], [2, 0, 1]]).reshape(1, 3, 3, 1)
with needs(im2col):
    laid_out = im2col(nine_pixels, 2, 1)
    with_tens = im2col(np.concatenate([nine_pixels, 10 * nine_pixels], axis=3), 2, 1)
    plots.predict(prediction, with_tens.size, why="columns")
    for shown in (laid_out, with_tens):
        print(shown.reshape(-1, shown.shape[-1]))

# %% test="im2col"
check(im2col)

# %% [markdown] lang="en"
# ### 7.2 And back again
#
# On the way back, every number of the matrix has a gradient, and must hand it to the pixel from which it was copied. A pixel that lies in several windows was copied several times, so it takes part in several numbers, each time with factor 1: its gradients **add up**. This is *col2im*.
#
# $$dX_{i,\; hs+u,\; ws+v,\; k} \;\mathrel{+}=\; dC_{i,h,w,(u,v,k)}$$
#
# Here $dC$ is the gradient of the matrix and $dX$ that of the pictures. The function below takes the first as `columns` and returns the second as `X`.
#
# ![](images/col2im.png)
#
# It is not the inverse of im2col. With ones everywhere, it counts how many windows a pixel lies in:
#
# $$\begin{pmatrix} 1 & 1 & 1 & 1 \\ 1 & 1 & 1 & 1 \\ 1 & 1 & 1 & 1 \\ 1 & 1 & 1 & 1 \end{pmatrix} \;\to\; \begin{pmatrix} 1 & 2 & 1 \\ 2 & 4 & 2 \\ 1 & 2 & 1 \end{pmatrix}$$

# %% [markdown] lang="zh"
# ### 7.2 再放回去
#
# 反向传播时，矩阵中的每个数都有一个梯度，要交还给当初复制出它的那个像素。一个像素落在几个窗口里，就被复制了几次，也就在矩阵里出现了几次，每次的系数都是 1：所以这些梯度要**相加**。这就是 **col2im**。
#
# $$dX_{i,\; hs+u,\; ws+v,\; k} \;\mathrel{+}=\; dC_{i,h,w,(u,v,k)}$$
#
# 其中 $dC$ 是这个矩阵的梯度，$dX$ 是图像的梯度。下面的函数用 `columns` 接收前者，用 `X` 返回后者。
#
# ![](images/col2im.png)
#
# 它并不是 im2col 的逆运算。如果矩阵里全是 1，它数出的是每个像素落在几个窗口里：
#
# $$\begin{pmatrix} 1 & 1 & 1 & 1 \\ 1 & 1 & 1 & 1 \\ 1 & 1 & 1 & 1 \\ 1 & 1 & 1 & 1 \end{pmatrix} \;\to\; \begin{pmatrix} 1 & 2 & 1 \\ 2 & 4 & 2 \\ 1 & 2 & 1 \end{pmatrix}$$

# %% [markdown] lang="en"
# ### Exercise 11 – col2im
#
# Add every number of `columns` to its place in an array of the given shape. Pixels that no window covers stay 0.
#
# <details>
# <summary>Hint 1: a nudge</summary>
#
# Read your `im2col` from bottom to top. Which side of each line becomes the other one?
#
# </details>
#
# <details>
# <summary>Hint 2: the approach</summary>
#
# Give `columns` its six axes back, start with zeros in the given shape, and go through the same places with the same slices. Only the direction is new, and that you add instead of storing.
#
# </details>
#
# <details>
# <summary>Hint 3: almost the line</summary>
#
# Within one round, no pixel occurs twice, so `+=` on the slice is safe: `x[1 : 1 + 3 * 3 : 3] += [5, 6, 7]` adds to the places 1, 4 and 7.
#
# </details>

# %% [markdown] lang="zh"
# ### 练习 11 – col2im
#
# 建一个给定形状的数组，把 `columns` 的每个数加到它该在的位置上。没有窗口覆盖的像素保持为 0。
#
# <details>
# <summary>提示 1：点拨</summary>
#
# 把你的 `im2col` 从下往上读。每一行里，等号两边的角色怎样互换？
#
# </details>
#
# <details>
# <summary>提示 2：思路</summary>
#
# 先恢复 `columns` 的六个轴，再建一个给定形状的全零数组，用同样的切片走过同样的位置。不同的只有两点：方向反过来；是相加，而不是存入。
#
# </details>
#
# <details>
# <summary>提示 3：只差一步</summary>
#
# 同一次循环里，没有哪个像素会出现两次，所以对切片用 `+=` 是安全的：`x[1 : 1 + 3 * 3 : 3] += [5, 6, 7]` 会加到位置 1、4、7 上。
#
# </details>


# %% solution="col2im"
def col2im(columns, shape, f, stride):
    """Add every number of columns to the place from which im2col took it.
    # zh: 把 columns 中的每个数加回到 im2col 取出它的位置。

    columns: array of shape (m, n_H, n_W, f * f * n_C)
    # zh: columns：形状为 (m, n_H, n_W, f * f * n_C) 的数组
    shape: (m, n_H_prev, n_W_prev, n_C), the shape of the result
    # zh: shape：(m, n_H_prev, n_W_prev, n_C)，结果的形状
    f: side of the window
    # zh: f：窗口的边长
    stride: how far the window moves
    # zh: stride：步幅，窗口每次移动几行（几列）
    Returns X: array of the given shape
    # zh: 返回 X：给定形状的数组
    """
    # YOUR CODE STARTS HERE
    # zh: 你的代码从这里开始
    # Read the sizes from shape, and work out n_H and n_W. (3 lines)
    # zh: 从 shape 读出各个大小，算出 n_H 和 n_W。（3 行）

    # Give columns its six axes back, and start with zeros. (2 lines)
    # zh: 把 columns 恢复成六个轴，再建一个全零数组。（2 行）

    # Go through the places within a window. (2 loops)
    # zh: 遍历窗口内的各个位置。（2 层循环）
    #     Add what all windows have at this place to the slice of X. (1 line)
    # zh:     把所有窗口在这个位置上的数加到 X 的切片上。（1 行）
    raise NotImplementedError("col2im")
    # YOUR CODE ENDS HERE
    # zh: 你的代码到这里结束
    return X


# %% tags=["demo"]
# Predict: which is the largest number in this result?
# zh: 预测：结果中最大的数是几？
# Play: how many windows is a pixel in? Try stride 2: then only 2 times 2 windows fit, so pass
# zh: 玩一玩：每个像素属于几个窗口？试试步幅 2：这时只放得下 2 × 2 个窗口，所以要传入
# np.ones((1, 2, 2, 9)).
# zh: np.ones((1, 2, 2, 9))。
prediction = None
with needs(col2im):
    counted = col2im(np.ones((1, 4, 4, 9)), (1, 6, 6, 1), 3, 1)[0, :, :, 0]
    plots.predict(prediction, counted.max(), why="overlaps")
    print(counted)

# %% test="col2im"
check(col2im)

# %% [markdown] lang="en"
# <details>
# <summary>How many windows is a pixel in?</summary>
#
# Count for its row and for its column, and multiply. With stride 1 the rows 0 to 5 lie in 1, 2, 3, 3, 2 and 1 windows, and so do the columns: 9 in the middle, 1 in the corners. With stride 2 it is 1, 1, 2, 1, 1 and 0: the one pixel in which all four windows overlap has 4, and no window reaches the last row and the last column.
#
# </details>
#
# ### 7.3 The fast convolution, forward
#
# Pad, lay out, multiply. The matrix product works on the last axis alone, so `columns` may keep its four axes:
#
# | | shape |
# |---|---|
# | columns | $(m,\; n_H,\; n_W,\; f \cdot f \cdot n_C^{\mathrm{prev}})$ |
# | $W$ as a matrix | $(f \cdot f \cdot n_C^{\mathrm{prev}},\; n_C)$ |
# | their product | $(m,\; n_H,\; n_W,\; n_C)$ |
#
# In the order of 7.1, $W$ becomes that matrix by a `reshape`, nothing has to be moved.

# %% [markdown] lang="zh"
# <details>
# <summary>每个像素属于几个窗口？</summary>
#
# 行和列分别数，再相乘。步幅为 1 时，第 0 到 5 行依次属于 1、2、3、3、2、1 个窗口，列也一样：正中间是 9 个，角上是 1 个。步幅为 2 时依次是 1、1、2、1、1、0：四个窗口重叠的那个像素是 4 个，最后一行和最后一列不在任何窗口里。
#
# </details>
#
# ### 7.3 快速卷积的前向传播
#
# 填充、展开、相乘。矩阵乘法只作用在最后一个轴上，所以 `columns` 可以保留它的四个轴：
#
# | | 形状 |
# |---|---|
# | columns | $(m,\; n_H,\; n_W,\; f \cdot f \cdot n_C^{\mathrm{prev}})$ |
# | 写成矩阵的 $W$ | $(f \cdot f \cdot n_C^{\mathrm{prev}},\; n_C)$ |
# | 二者的乘积 | $(m,\; n_H,\; n_W,\; n_C)$ |
#
# 按 7.1 节的顺序，$W$ 只要 `reshape` 一下就成了这个矩阵，什么都不用搬动。

# %% [markdown] lang="en"
# ### Exercise 12 – conv_forward_fast
#
# The same inputs and outputs as the `conv_forward` of the first notebook, and the same numbers, without loops of your own.
#
# <details>
# <summary>Hint 1: a nudge</summary>
#
# What has the shape `(f, f, n_C_prev, n_C)`, and what should it look like to multiply the rows that `im2col` gives?
#
# </details>
#
# <details>
# <summary>Hint 2: the approach</summary>
#
# 1. Pad height and width with `np.pad`, as in `zero_pad`.
# 2. Lay out the windows of the padded batch.
# 3. Give `W` two axes, multiply with `@`, add the bias of each filter.
#
# </details>
#
# <details>
# <summary>Hint 3: almost the line</summary>
#
# `W.reshape(-1, n_C)` is the matrix. The bias of shape `(1, 1, 1, n_C)` fits the product as it is: NumPy lines the two up at the last axis.
#
# </details>

# %% [markdown] lang="zh"
# ### 练习 12 – conv_forward_fast
#
# 输入、输出与第一个 notebook 的 `conv_forward` 相同，数值也相同，只是你自己不再写循环。
#
# <details>
# <summary>提示 1：点拨</summary>
#
# 什么东西的形状是 `(f, f, n_C_prev, n_C)`？它要变成什么样子，才能与 `im2col` 给出的各行相乘？
#
# </details>
#
# <details>
# <summary>提示 2：思路</summary>
#
# 1. 像 `zero_pad` 那样，用 `np.pad` 填充高和宽。
# 2. 展开填充后的窗口。
# 3. 把 `W` 变成两个轴，用 `@` 相乘，再加上每个滤波器的偏置。
#
# </details>
#
# <details>
# <summary>提示 3：只差一步</summary>
#
# `W.reshape(-1, n_C)` 就是那个矩阵。形状为 `(1, 1, 1, n_C)` 的偏置可以直接与乘积相加：按最后一个轴对齐。
#
# </details>


# %% solution="conv_forward_fast"
def conv_forward_fast(A_prev, W, b, hparameters):
    """Compute the forward pass of a convolution layer by one matrix product.
    # zh: 用一次矩阵乘法计算卷积层的前向传播。

    A_prev: array of shape (m, n_H_prev, n_W_prev, n_C_prev)
    # zh: A_prev：形状为 (m, n_H_prev, n_W_prev, n_C_prev) 的数组
    W: array of shape (f, f, n_C_prev, n_C)
    # zh: W：形状为 (f, f, n_C_prev, n_C) 的数组
    b: array of shape (1, 1, 1, n_C)
    # zh: b：形状为 (1, 1, 1, n_C) 的数组
    hparameters: dictionary with "stride" and "pad"
    # zh: hparameters：字典，含有 "stride" 和 "pad"
    Returns Z: array of shape (m, n_H, n_W, n_C)
    # zh: 返回 Z：形状为 (m, n_H, n_W, n_C) 的数组
            cache: what conv_backward_fast will need
            # zh: cache：conv_backward_fast 将要用到的内容
    """
    # YOUR CODE STARTS HERE
    # zh: 你的代码从这里开始
    # Read the sizes from W.shape, and stride and pad. (3 lines)
    # zh: 从 W.shape 读出各个大小，再读出 stride 和 pad。（3 行）

    # Pad the input, and lay its windows out. (2 lines)
    # zh: 填充输入，把它的窗口展开。（2 行）

    # W as a matrix; the product, and the bias. (2 lines)
    # zh: 把 W 变成矩阵；相乘，再加偏置。（2 行）
    raise NotImplementedError("conv_forward_fast")
    # YOUR CODE ENDS HERE
    # zh: 你的代码到这里结束
    cache = (A_prev, W, b, hparameters)
    return Z, cache


# %% tags=["demo"]
# Predict: the example of 7.1 gave 4, -1, 2 and 6. With padding 1, what stands at the upper left?
# zh: 预测：7.1 节的例子得到 4、-1、2 和 6。填充取 1 时，左上角的数是多少？
prediction = None
four_weights = np.array([[1.0, 2], [0, -1]]).reshape(2, 2, 1, 1)
example_memory = (nine_pixels, four_weights, np.zeros((1, 1, 1, 1)), {"stride": 1, "pad": 0})
with needs(im2col, conv_forward_fast):
    four_sums, _ = conv_forward_fast(*example_memory)
    with_border, _ = conv_forward_fast(*example_memory[:3], {"stride": 1, "pad": 1})
    plots.predict(prediction, with_border[0, 0, 0, 0], why="corner")
    print(four_sums[0, :, :, 0])
    print(with_border[0, :, :, 0])

# %% test="conv_forward_fast"
check(conv_forward_fast)

# %% [markdown] lang="en"
# **A filter of 1 × 1.** With $f = 1$ and $s = 1$ a window is one pixel, so im2col has nothing to copy: a row of `columns` holds the channels of one pixel. The product is that of a fully connected layer, the same one at every pixel. Such a filter sees no edge, as it sees no neighbour. It mixes channels, and makes fewer or more of them cheaply, often just before a larger filter.
#
# <details>
# <summary>A volume has 64 channels, and 16 are wanted. How many parameters does a layer of 1 × 1 filters have, and one of 3 × 3?</summary>
#
# $(1 \cdot 1 \cdot 64 + 1) \cdot 16 = 1040$ and $(3 \cdot 3 \cdot 64 + 1) \cdot 16 = 9232$, nearly nine times as many. The multiplications for each pixel are exactly nine times as many.
#
# </details>
#
# ### 7.4 The fast convolution, backward
#
# Seen as matrices, a convolution layer is a fully connected layer: the rows of `columns` are its examples, one for each window, $M = m \cdot n_H \cdot n_W$ in all. So its backward pass is the one of exercise 5. With $C$ for the columns as a matrix of $M$ rows, and $dZ$ and $W$ as matrices with $n_C$ columns:
#
# $$db_c = \sum_j dZ_{j,c} \qquad dW = C^\top dZ \qquad dC = dZ \, W^\top$$
#
# And $dC$ goes back to the picture by col2im; then the border of the padding is cut off.
#
# **By hand.** The example of the first notebook's section 6, with $dZ = (1, 0, 2, -1)$ as a column:
#
# $$dW = \begin{pmatrix} 1 & 2 & 0 & 1 \\ 2 & 0 & 1 & 3 \\ 0 & 1 & 2 & 0 \\ 1 & 3 & 0 & 1 \end{pmatrix}^\top \begin{pmatrix} 1 \\ 0 \\ 2 \\ -1 \end{pmatrix} = \begin{pmatrix} 0 \\ 1 \\ 4 \\ 0 \end{pmatrix} \qquad dC = \begin{pmatrix} 1 & 2 & 0 & -1 \\ 0 & 0 & 0 & 0 \\ 2 & 4 & 0 & -2 \\ -1 & -2 & 0 & 1 \end{pmatrix}$$
#
# Each row of $dC$ is a stamp, *the filter times one number of* $dZ$, and col2im adds the stamps up:
#
# $$dP = \begin{pmatrix} 1 & 2 & 0 \\ 2 & 2 & -2 \\ 0 & -2 & 1 \end{pmatrix}$$
#
# The same result as with the loops, and the same thought behind it.

# %% [markdown] lang="zh"
# **1 × 1 的滤波器**：$f = 1$、$s = 1$ 时，一个窗口就是一个像素，im2col 没有什么要复制：`columns` 的一行就是一个像素的各个通道。这次乘法就是一个全连接层，每个像素都用同一个。这种滤波器看不到相邻的像素，也就看不到边缘；它做的是把通道混合起来，以很小的代价减少或增加通道数，常常放在较大的滤波器前面。
#
# <details>
# <summary>输入有 64 个通道，想变成 16 个。用 1 × 1 的滤波器，这一层有多少个参数？用 3 × 3 的呢？</summary>
#
# $(1 \cdot 1 \cdot 64 + 1) \cdot 16 = 1040$ 和 $(3 \cdot 3 \cdot 64 + 1) \cdot 16 = 9232$，后者将近九倍；每个像素要做的乘法则正好是九倍。
#
# </details>
#
# ### 7.4 快速卷积的反向传播
#
# 从矩阵的角度看，卷积层就是全连接层：`columns` 的每一行就是一个“样本”，每个窗口对应一行，一共 $M = m \cdot n_H \cdot n_W$ 个。所以它的反向传播就是练习 5 的反向传播。用 $C$ 表示 columns 写成的 $M$ 行矩阵，$dZ$ 和 $W$ 也都写成有 $n_C$ 列的矩阵：
#
# $$db_c = \sum_j dZ_{j,c} \qquad dW = C^\top dZ \qquad dC = dZ \, W^\top$$
#
# 然后用 col2im 把 $dC$ 放回图像，再裁掉填充的边框。
#
# **动手算一算**：第一个 notebook 第 6 节的例子，把 $dZ = (1, 0, 2, -1)$ 写成一列：
#
# $$dW = \begin{pmatrix} 1 & 2 & 0 & 1 \\ 2 & 0 & 1 & 3 \\ 0 & 1 & 2 & 0 \\ 1 & 3 & 0 & 1 \end{pmatrix}^\top \begin{pmatrix} 1 \\ 0 \\ 2 \\ -1 \end{pmatrix} = \begin{pmatrix} 0 \\ 1 \\ 4 \\ 0 \end{pmatrix} \qquad dC = \begin{pmatrix} 1 & 2 & 0 & -1 \\ 0 & 0 & 0 & 0 \\ 2 & 4 & 0 & -2 \\ -1 & -2 & 0 & 1 \end{pmatrix}$$
#
# $dC$ 的每一行就是一枚印章，**滤波器乘以** $dZ$ **的一个数**，col2im 再把这些印章加起来：
#
# $$dP = \begin{pmatrix} 1 & 2 & 0 \\ 2 & 2 & -2 \\ 0 & -2 & 1 \end{pmatrix}$$
#
# 结果与循环版本相同，背后的道理也相同。

# %% [markdown] lang="en"
# ### Exercise 13 – conv_backward_fast
#
# Compute all three gradients, each in the shape of the array it belongs to. Remember the trap of the first notebook: for `pad = 0` nothing may be cut off.
#
# <details>
# <summary>Hint 1: a nudge</summary>
#
# You have solved this already, in `dense_backward`. What plays the part of its `A_prev` here, and what has to be done with the first result?
#
# </details>
#
# <details>
# <summary>Hint 2: the approach</summary>
#
# 1. Pad and lay out as in the forward pass; then give the columns two axes, one row for each window.
# 2. Give `W` and `dZ` two axes as well, with `n_C` columns each.
# 3. Two products and a sum, each brought back to the right shape.
# 4. The gradient of the columns gets its four axes back for `col2im`; at the end, cut off the border.
#
# </details>
#
# <details>
# <summary>Hint 3: almost the line</summary>
#
# `x.reshape(-1, n)` keeps the last axis of length `n` and merges all others into one. Shapes: `(f * f * n_C_prev, M)` times `(M, n_C)` for the weights, `(M, n_C)` times `(n_C, f * f * n_C_prev)` for the columns. `col2im` wants the shape of the padded input.
#
# </details>

# %% [markdown] lang="zh"
# ### 练习 13 – conv_backward_fast
#
# 算出三个梯度，每个都与对应数组的形状相同。还记得第一个 notebook 里的陷阱吗：`pad = 0` 时什么也不能裁掉。
#
# <details>
# <summary>提示 1：点拨</summary>
#
# 同样的推导，你在 `dense_backward` 里已经做过。那里的 `A_prev`，在这里对应什么？得到的第一个结果，还要再做什么？
#
# </details>
#
# <details>
# <summary>提示 2：思路</summary>
#
# 1. 像前向传播那样填充、展开；再把 columns 变成两个轴，每个窗口一行。
# 2. `W` 和 `dZ` 也变成两个轴，都有 `n_C` 列。
# 3. 两次乘法、一次求和，各自变回该有的形状。
# 4. 把 columns 的梯度恢复成四个轴，交给 `col2im`；最后裁掉边框。
#
# </details>
#
# <details>
# <summary>提示 3：只差一步</summary>
#
# `x.reshape(-1, n)` 保留长度为 `n` 的最后一个轴，把其余的轴合成一个。形状：求权重的梯度是 `(f * f * n_C_prev, M)` 乘以 `(M, n_C)`，求 columns 的梯度是 `(M, n_C)` 乘以 `(n_C, f * f * n_C_prev)`。`col2im` 要的是填充后输入的形状。
#
# </details>


# %% solution="conv_backward_fast"
def conv_backward_fast(dZ, cache):
    """Compute the backward pass of a convolution layer by matrix products.
    # zh: 用矩阵乘法计算卷积层的反向传播。

    dZ: array of shape (m, n_H, n_W, n_C), the gradient with respect to Z
    # zh: dZ：形状为 (m, n_H, n_W, n_C) 的数组，损失对 Z 的梯度
    cache: the second output of conv_forward_fast
    # zh: cache：conv_forward_fast 的第二个返回值
    Returns dA_prev: array of shape (m, n_H_prev, n_W_prev, n_C_prev)
    # zh: 返回 dA_prev：形状为 (m, n_H_prev, n_W_prev, n_C_prev) 的数组
            dW: array of shape (f, f, n_C_prev, n_C)
            # zh: dW：形状为 (f, f, n_C_prev, n_C) 的数组
            db: array of shape (1, 1, 1, n_C)
            # zh: db：形状为 (1, 1, 1, n_C) 的数组
    """
    # YOUR CODE STARTS HERE
    # zh: 你的代码从这里开始
    # Take the four parts out of the cache; read the sizes, stride and pad.
    # zh: 从 cache 解包出四个部分，读出各个大小、stride 和 pad。

    # Pad the input, lay its windows out, one row for each window.
    # zh: 填充输入，把它的窗口展开，每个窗口一行。

    # W and dZ as matrices.
    # zh: 把 W 和 dZ 变成矩阵。

    # The gradients of the weights, of the biases and of the columns. (3 lines)
    # zh: 权重、偏置和 columns 的梯度。（3 行）

    # Add the columns up to a padded picture, and cut the border off.
    # zh: 把 columns 累加成填充后的图像，再裁掉填充的边框。
    raise NotImplementedError("conv_backward_fast")
    # YOUR CODE ENDS HERE
    # zh: 你的代码到这里结束
    return dA_prev, dW, db


# %% tags=["demo"]
# Predict: the example from above. What is the gradient of the bias?
# zh: 预测：上面的例子。偏置的梯度是多少？
prediction = None
with needs(im2col, col2im, conv_backward_fast):
    parts = conv_backward_fast(np.array([[1.0, 0], [2, -1]]).reshape(1, 2, 2, 1), example_memory)
    plots.predict(prediction, np.sum(parts[2]), why="bias")
    for title, part in zip(("dA_prev", "dW", "db"), parts, strict=True):
        print(f"{title}:\n{part.squeeze()}")

# %% test="conv_backward_fast"
check(conv_backward_fast)

# %% [markdown] lang="en"
# <details>
# <summary>Question 1: what does the speed cost?</summary>
#
# Memory. A filter of 3 × 3 copies each number up to nine times: a batch of 8 MB becomes 72 MB of columns. Frameworks therefore often work on a part of the picture at a time, or do without the copy altogether.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>思考题 1：速度的代价是什么？</summary>
#
# 内存。滤波器为 3 × 3 时，每个数最多会被复制九份：8 MB 的一批数据会变成 72 MB 的 columns。所以框架常常一次只处理图像的一部分，或者干脆不复制。
#
# </details>

# %% [markdown] lang="en"
# ### 7.5 Fast pooling
#
# Pooling looks at windows, too, so im2col lays them out for it. The difference: channels are not mixed. Split the last axis again, into $f \cdot f$ places and $n_C$ channels, and take the maximum or the mean over the places:
#
# $$(m,\; n_H,\; n_W,\; f \cdot f \cdot n_C) \;\to\; (m,\; n_H,\; n_W,\; f \cdot f,\; n_C) \;\to\; (m,\; n_H,\; n_W,\; n_C)$$
#
# **By hand.** One window of 2 × 2 with two channels, the one from 4.2, is the row $(1, 5, 2, 6, 3, 7, 4, 8)$. Split into four places with two channels each:
#
# $$\begin{pmatrix} 1 & 5 \\ 2 & 6 \\ 3 & 7 \\ 4 & 8 \end{pmatrix} \;\to\; \text{max: } \begin{pmatrix} 4 & 8 \end{pmatrix} \qquad \text{mean: } \begin{pmatrix} 2.5 & 6.5 \end{pmatrix}$$

# %% [markdown] lang="zh"
# ### 7.5 快速池化
#
# 池化看的也是窗口，所以同样可以用 im2col 展开。不同之处在于通道不能混在一起：把最后一个轴重新拆成 $f \cdot f$ 个位置和 $n_C$ 个通道，再对位置求最大值或平均值：
#
# $$(m,\; n_H,\; n_W,\; f \cdot f \cdot n_C) \;\to\; (m,\; n_H,\; n_W,\; f \cdot f,\; n_C) \;\to\; (m,\; n_H,\; n_W,\; n_C)$$
#
# **动手算一算**：一个 2 × 2、两个通道的窗口，就用 4.2 节的那个，排成一行是 $(1, 5, 2, 6, 3, 7, 4, 8)$。拆成四个位置，每个位置两个通道（max 为最大值，mean 为平均值）：
#
# $$\begin{pmatrix} 1 & 5 \\ 2 & 6 \\ 3 & 7 \\ 4 & 8 \end{pmatrix} \;\to\; \text{max: } \begin{pmatrix} 4 & 8 \end{pmatrix} \qquad \text{mean: } \begin{pmatrix} 2.5 & 6.5 \end{pmatrix}$$

# %% [markdown] lang="en"
# ### Exercise 14 – pool_forward_fast
#
# Both kinds of pooling, with the inputs and outputs of `pool_forward`.
#
# <details>
# <summary>Hint 1: a nudge</summary>
#
# After the split there are five axes. Over which one do you take the maximum?
#
# </details>
#
# <details>
# <summary>Hint 2: the approach</summary>
#
# Lay the windows out, `reshape` to five axes with `f * f` and `n_C` as the last two, then `np.max` or `np.mean` over one axis.
#
# </details>
#
# <details>
# <summary>Hint 3: almost the line</summary>
#
# For an array `M` of shape `(6, 4, 2)`, `np.max(M, axis=1)` has the shape `(6, 2)`: the axis in the middle is gone. Count your axes from 0.
#
# </details>

# %% [markdown] lang="zh"
# ### 练习 14 – pool_forward_fast
#
# 写出两种池化，输入、输出与 `pool_forward` 相同。
#
# <details>
# <summary>提示 1：点拨</summary>
#
# 拆开之后有五个轴。最大值沿哪一个轴取？
#
# </details>
#
# <details>
# <summary>提示 2：思路</summary>
#
# 把窗口展开，`reshape` 成五个轴，最后两个是 `f * f` 和 `n_C`，然后沿一个轴用 `np.max` 或 `np.mean`。
#
# </details>
#
# <details>
# <summary>提示 3：只差一步</summary>
#
# 数组 `M` 的形状为 `(6, 4, 2)` 时，`np.max(M, axis=1)` 的形状是 `(6, 2)`：中间那个轴没有了。数一数你的轴，从 0 开始。
#
# </details>


# %% solution="pool_forward_fast"
def pool_forward_fast(A_prev, hparameters, mode="max"):
    """Compute the forward pass of a pooling layer without loops over windows.
    # zh: 不用遍历窗口的循环，计算池化层的前向传播。

    A_prev: array of shape (m, n_H_prev, n_W_prev, n_C_prev)
    # zh: A_prev：形状为 (m, n_H_prev, n_W_prev, n_C_prev) 的数组
    hparameters: dictionary with "f" and "stride"
    # zh: hparameters：字典，含有 "f" 和 "stride"
    mode: "max" or "average"
    # zh: mode："max" 或 "average"
    Returns A: array of shape (m, n_H, n_W, n_C_prev)
    # zh: 返回 A：形状为 (m, n_H, n_W, n_C_prev) 的数组
            cache: what pool_backward_fast will need
            # zh: cache：pool_backward_fast 将要用到的内容
    """
    # YOUR CODE STARTS HERE
    # zh: 你的代码从这里开始
    # Read the number of channels, f and stride.
    # zh: 读出通道数、f 和 stride。

    # Lay the windows out, and split places from channels.
    # zh: 展开窗口，把窗口中的位置和通道分成两个轴。

    # The largest number or the mean over the places, depending on mode.
    # zh: 按 mode 对各个位置取最大值或平均值。
    raise NotImplementedError("pool_forward_fast")
    # YOUR CODE ENDS HERE
    # zh: 你的代码到这里结束
    cache = (A_prev, hparameters)
    return A, cache


# %% tags=["demo"]
# Predict: a digit of 8 × 8 pixels, f = 3 and stride 2. How many rows does its pooling have?
# zh: 预测：一个 8 × 8 像素的数字，f = 3，步幅 2。池化之后有几行？
prediction = None
with needs(im2col, pool_forward_fast):
    threes, _ = pool_forward_fast(digits.test_images[:1], {"f": 3, "stride": 2})
    plots.predict(prediction, threes.shape[1], why="last_row")
    for kind in ("max", "average"):
        pooled, _ = pool_forward_fast(two_channels[np.newaxis], {"f": 2, "stride": 2}, mode=kind)
        print(kind, pooled)

# %% test="pool_forward_fast"
check(pool_forward_fast)

# %% [markdown] lang="en"
# **Backward.** The same path in the other direction. Each $dA_{i,h,w,c}$ goes to the $f \cdot f$ places of its window, times the mask for max pooling, divided by $f^2$ for average pooling; col2im adds up where windows overlap.
#
# **The tool.** `M[:, np.newaxis, :]` gives a matrix of shape `(6, 2)` one more axis, of length 1: `(6, 1, 2)`. In a product with an array of shape `(6, 4, 2)` NumPy then stretches it to four equal copies.
#
# **By hand.** The four places from above, with $dA = (10, 20)$ for the two channels. The winners are 4 and 8, in the last place:
#
# $$\text{max: } \begin{pmatrix} 0 & 0 \\ 0 & 0 \\ 0 & 0 \\ 10 & 20 \end{pmatrix} \qquad \text{mean: } \begin{pmatrix} 2.5 & 5 \\ 2.5 & 5 \\ 2.5 & 5 \\ 2.5 & 5 \end{pmatrix}$$

# %% [markdown] lang="zh"
# **反向**：沿原路返回。每个 $dA_{i,h,w,c}$ 回到它的窗口的 $f \cdot f$ 个位置：最大池化乘以掩码，平均池化除以 $f^2$；窗口重叠的地方，由 col2im 相加。
#
# **工具**：`M[:, np.newaxis, :]` 给形状为 `(6, 2)` 的矩阵添一个长度为 1 的轴，变成 `(6, 1, 2)`；再与形状为 `(6, 4, 2)` 的数组相乘时，NumPy 会沿这个轴把它广播成相同的四份。
#
# **动手算一算**：还是上面的四个位置，两个通道的 $dA = (10, 20)$。最大值 4 和 8 都在最后一个位置：
#
# $$\text{max: } \begin{pmatrix} 0 & 0 \\ 0 & 0 \\ 0 & 0 \\ 10 & 20 \end{pmatrix} \qquad \text{mean: } \begin{pmatrix} 2.5 & 5 \\ 2.5 & 5 \\ 2.5 & 5 \\ 2.5 & 5 \end{pmatrix}$$

# %% [markdown] lang="en"
# ### Exercise 15 – pool_backward_fast
#
# Route the gradient back in both modes. Where the maximum is not unique, mark all winners or one, as you like; no check depends on it.
#
# <details>
# <summary>Hint 1: a nudge</summary>
#
# `dA` has four axes and the windows have five. Which axis does `dA` lack, and how long must it be so that NumPy stretches it?
#
# </details>
#
# <details>
# <summary>Hint 2: the approach</summary>
#
# 1. Lay the windows of `A_prev` out and split the last axis, as in the forward pass.
# 2. Give `dA` an axis of length 1 where the places are.
# 3. For max: compare the windows with their own maximum (`keepdims=True`) and multiply. For average: an equal share for every place.
# 4. Merge places and channels into one axis again, and let `col2im` add up.
#
# </details>
#
# <details>
# <summary>Hint 3: almost the line</summary>
#
# Count the axes of `dA`: the new one comes before the last, so three `:` stand before `np.newaxis` and one after it. `np.ones(shape)` helps for the equal shares, as their array must really have all places before `col2im` gets it.
#
# </details>

# %% [markdown] lang="zh"
# ### 练习 15 – pool_backward_fast
#
# 在两种模式下把梯度传回去。最大值不唯一时，全标或只标一个都可以，检查不会涉及。
#
# <details>
# <summary>提示 1：点拨</summary>
#
# `dA` 有四个轴，窗口有五个轴。`dA` 缺的是哪个轴？它的长度应是多少，NumPy 才会自动沿它广播？
#
# </details>
#
# <details>
# <summary>提示 2：思路</summary>
#
# 1. 像前向传播那样，展开 `A_prev` 的窗口，把最后一个轴拆成两个轴。
# 2. 在与窗口的“位置”轴对应的地方，给 `dA` 添一个长度为 1 的轴。
# 3. 最大池化：把每个窗口与它自己的最大值比较（`keepdims=True`），再相乘。平均池化：每个位置分到相等的一份。
# 4. 把位置和通道重新合成一个轴，让 `col2im` 加起来。
#
# </details>
#
# <details>
# <summary>提示 3：只差一步</summary>
#
# 数一数 `dA` 的轴：新的轴在最后一个轴之前，所以 `np.newaxis` 前面有三个 `:`，后面有一个。平均分的时候可以借助 `np.ones(shape)`，因为交给 `col2im` 的数组必须真正包含每一个位置。
#
# </details>


# %% solution="pool_backward_fast"
def pool_backward_fast(dA, cache, mode="max"):
    """Compute the backward pass of a pooling layer without loops over windows.
    # zh: 不用遍历窗口的循环，计算池化层的反向传播。

    dA: array of shape (m, n_H, n_W, n_C), the gradient with respect to A
    # zh: dA：形状为 (m, n_H, n_W, n_C) 的数组，损失对 A 的梯度
    cache: the second output of pool_forward_fast
    # zh: cache：pool_forward_fast 的第二个返回值
    mode: "max" or "average"
    # zh: mode："max" 或 "average"
    Returns dA_prev: array with the shape of A_prev
    # zh: 返回 dA_prev：与 A_prev 形状相同的数组
    """
    # YOUR CODE STARTS HERE
    # zh: 你的代码从这里开始
    # Take A_prev and hparameters out of the cache; read f, stride and the sizes.
    # zh: 从 cache 解包出 A_prev 和 hparameters，读出 f、stride 和各个大小。

    # Lay the windows out, and split places from channels; give dA the missing axis.
    # zh: 展开窗口，把位置和通道分成两个轴；给 dA 补上缺少的轴。

    # What each place of each window receives, depending on mode.
    # zh: 按 mode 算出每个窗口的每个位置应得的梯度。

    # Merge places and channels into one axis, and add up.
    # zh: 把位置和通道合并成一个轴，再累加。
    raise NotImplementedError("pool_backward_fast")
    # YOUR CODE ENDS HERE
    # zh: 你的代码到这里结束
    return dA_prev


# %% tags=["demo"]
# Predict: average pooling, as above. What do the eight numbers of its gradient add up to?
# zh: 预测：平均池化，例子同上。它的梯度里八个数的和是多少？
# Play: two_channels // 3 in its place has ties. Which sums stay the same?
# zh: 玩一玩：把 two_channels 换成 two_channels // 3，就有并列了。哪些和不变？
prediction = None
with needs(im2col, col2im, pool_backward_fast):
    one_window = (two_channels[np.newaxis], {"f": 2, "stride": 2})
    given = np.array([10.0, 20.0]).reshape(1, 1, 1, 2)
    slopes = {kind: pool_backward_fast(given, one_window, kind) for kind in ("max", "average")}
    plots.predict(prediction, np.sum(slopes["average"]), why="handed_on")
    for kind, numbers in slopes.items():
        print(kind, numbers.reshape(4, 2).tolist(), np.sum(numbers))

# %% test="pool_backward_fast"
check(pool_backward_fast)

# %% [markdown] lang="en"
# <details>
# <summary>Which sums stay the same when there are ties?</summary>
#
# That of average pooling, always, and that of max pooling if your mask marks one winner. A mask that marks all of them hands the same gradient on several times: here the first channel has two winners and the second three, so $2 \cdot 10 + 3 \cdot 20 = 80$ arrives in place of 30.
#
# </details>
#
# ### 7.6 Equal, and how much faster?
#
# First the gradient check for the fast layers, as in 5.2. Then, if your loops are here: do both give the same numbers, and how long do they take? The batch is 20 volumes of 8 × 8 × 8 and 16 filters.

# %% [markdown] lang="zh"
# <details>
# <summary>有并列时，哪些和不变？</summary>
#
# 平均池化的和总是不变；掩码只标一个最大值时，最大池化的和也不变。如果掩码标出全部最大值，同一个梯度就会传给好几个数：这里第一个通道有两个最大值，第二个有三个，所以传到的是 $2 \cdot 10 + 3 \cdot 20 = 80$，而不是 30。
#
# </details>
#
# ### 7.6 结果相同，快了多少？
#
# 先像 5.2 节那样，对快速的层做梯度检验。如果你带来了自己的循环，再比一比：两者的数值是否相同，各用多少时间？这批数据是 20 个 8 × 8 × 8 的三维数组，16 个滤波器。

# %% tags=["demo"]
fast = training.Layers(conv_forward_fast, conv_backward_fast, pool_forward_fast, pool_backward_fast)
with needs(*fast):
    check_conv_and_pool(fast)

# %% tags=["demo"]
# Predict: how many times faster is conv_forward, about 3, 30, 300 or 3000?
# zh: 预测：conv_forward 快多少倍，大约 3、30、300 还是 3000？
prediction = None
random = np.random.RandomState(5)
volume, kernels = random.randn(20, 8, 8, 8), random.randn(3, 3, 8, 16)
sixteen_biases = random.randn(1, 1, 1, 16)


def largest_difference(ours, theirs):
    ours, theirs = (both if isinstance(both, tuple) else (both,) for both in (ours, theirs))
    arrays = [pair for pair in zip(ours, theirs, strict=True) if isinstance(pair[0], np.ndarray)]
    return max(np.max(np.abs(one - other)) for one, other in arrays)


with needs(*fast):
    times = {}
    _, conv_memory = fast.conv_forward(volume, kernels, sixteen_biases, SAME)
    _, pool_memory = fast.pool_forward(volume, HALVE)
    calls = {
        "conv_forward": (volume, kernels, sixteen_biases, SAME),
        "conv_backward": (random.randn(20, 8, 8, 16), conv_memory),
        "pool_forward": (volume, HALVE),
        "pool_backward": (random.randn(20, 4, 4, 8), pool_memory),
    }
    for name in training.taken(loops, calls):
        slow_one, fast_one, given = getattr(loops, name), getattr(fast, name), calls[name]
        gap = largest_difference(fast_one(*given), slow_one(*given))
        times[name] = (training.seconds(slow_one, *given), training.seconds(fast_one, *given))
        print(f"{name:13}  largest difference {gap:.0e}")
        # zh: print(f"{name:13}  最大相差 {gap:.0e}")
    if "conv_forward" in times:
        slow, quick = times["conv_forward"]
        plots.predict(prediction, slow / quick, why="speed", factor=4)
    if times:
        training.speedups(times)

# %% [markdown] lang="en"
# Loops and fast layers agree up to rounding: the same products are added up in another order.
#
# How many times faster the fast layers are differs from machine to machine. The loops depend on the speed of Python, the fast layers on that of the BLAS, and on its threads. Without the first cell of section 1 it would use all cores: on a busy machine with two of them, `conv_backward_fast` then took 45 milliseconds in place of 0.7, and the factor fell from above a thousand to about ten. For matrices of thousands of rows and columns, several threads do pay off.
#
# And the twenty digits of 6.4, once more, now with the fast layers:

# %% [markdown] lang="zh"
# 循环与快速的层数值一致，只差舍入误差：乘积都一样，只是相加的顺序不同。
#
# 快多少倍，因机器而异：循环的快慢取决于 Python，快速的层则取决于 BLAS，以及它用几个线程。如果没有第 1 节的第一个单元格，它会用上所有核心：在一台繁忙的双核机器上，`conv_backward_fast` 就从 0.7 毫秒变成了 45 毫秒，倍数从一千以上跌到十倍左右。矩阵大到几千行、几千列，多线程才划算。
#
# 6.4 节的那二十个数字，现在用快速的层再来一遍：

# %% tags=["demo"]
# Predict: when 18 of the 20 are right for the first time, is the loss about 2, 0.2 or 0.02?
# zh: 预测：第一次认对 20 个中的 18 个时，损失大约是 2、0.2 还是 0.02？
prediction = None
with needs(*fast):
    start = time.perf_counter()
    learning["fast"], rights = learn_by_heart(fast)
    print(f"{time.perf_counter() - start:.2f} seconds with the fast layers")
    # zh: print(f"用快速的层：{time.perf_counter() - start:.2f} 秒")
    if "loops" not in learning:
        print("Your prediction of 6.4:")
        # zh: print("你在 6.4 节的预测：")
        compare_the_start(rights)
        print("And this one:")
        # zh: print("这一次的预测：")
    nearly_all = next((number for number, known in enumerate(rights) if known >= 18), -1)
    plots.predict(prediction, learning["fast"][nearly_all], why="right_but_unsure", factor=2)
    training.losses(learning)

# %% [markdown] lang="en"
# ### 7.7 A check that fails, and why
#
# Now measure the gradient of the **whole** network: move each parameter a little and see what happens to the loss. A small network is enough, with 2 and 3 filters. Once on random pictures, once on real digits. All your layers are right, and still one number looks bad. **Which parameter fails, and what is special about it?** Look at the picture of a digit before you unfold the answer.

# %% [markdown] lang="zh"
# ### 7.7 一次失败的检验，原因何在
#
# 现在测量**整个**网络的梯度：把每个参数动一点点，看损失怎么变。用一个小网络就够了，滤波器分别为 2 个和 3 个。先用随机图像，再用真实的数字。你的每一层都是对的，却有一个误差大得离谱。**出问题的是哪个参数？它有什么特别**？展开答案之前，先看一眼某个数字的图像。


# %% tags=["demo"]
# Predict: which one fails? Write 1 for W1, 2 for b1, 3 for W2, 4 for b2, 5 for W3, 6 for b3.
# zh: 预测：出问题的是哪个？1 是 W1，2 是 b1，3 是 W2，4 是 b2，5 是 W3，6 是 b3。
prediction = None


def check_network(network, images, answers):
    logits, memory = network_forward(network, images, fast)
    _, dlogits = softmax_cross_entropy(logits, answers)
    slopes = all_gradients(network, dlogits, memory, fast)
    errors = []
    for name in network:

        def cost_with(moved, name=name):
            # A copy of the network in which this one parameter is `moved`.
            # zh: 网络的一份副本，只把这一个参数换成 `moved`。
            logits, _ = network_forward({**network, name: moved}, images, fast)
            return softmax_cross_entropy(logits, answers)[0]

        errors.append(gradient_check(cost_with, network[name], slopes[name], 1.0)[1])
    return errors


with needs(*fast):
    small = new_network(seed=1, channels=(2, 3))
    small["W3"] = small["W3"] * 100
    random_images = np.random.RandomState(6).rand(10, 8, 8, 1)
    on_random = check_network(small, random_images, few_labels[::2])
    on_digits = check_network(small, few_images[::2], few_labels[::2])
    plots.predict(prediction, 1 + np.argmax(on_digits), why="background")
    print("     random pictures   digits")
    # zh: print("            随机图像  手写数字")
    for name, *both in zip(small, on_random, on_digits, strict=True):
        print(f"{name}   {both[0]:15.1e}  {both[1]:7.1e}")

# %% [markdown] lang="en"
# <details>
# <summary>Question 1: what is the matter with it on real digits, and why are the others fine?</summary>
#
# Digits have empty background, pixels that are exactly 0. All biases start at 0, so over the background the first convolution gives exactly 0: every one of these numbers sits on the kink of the ReLU. Move the bias up, and all of them start to count; move it down, and they stay 0. The measurement sees half a slope, the backward pass says 0. Moving a weight changes nothing there, 0 times anything is 0, so the weights pass. And a number of the second layer, which has b2, depends on 8 × 8 pixels (its receptive field), which are hardly ever all empty. It is no mistake, and after the first step of training the biases are no longer 0.
#
# Play: let the bias start elsewhere, by a line `small["b1"] = small["b1"] + 0.1` below the one with `W3`. Does it help? Question 2 has the answer.
#
# </details>
#
# <details>
# <summary>Question 2: start that parameter at 0.1, and if your mask marks all winners, the check still fails. Why?</summary>
#
# Over flat background all numbers of a pooling window are now equal and positive: ties. A mask that marks all winners sends back four times the gradient there; one that marks a single winner sends back the right sum, and in this network the check passes with it.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>思考题 1：在真实数字上，它出了什么问题？其他参数为什么没事？</summary>
#
# 数字图里有空白背景，那里的像素恰好是 0。偏置的初值也全是 0，所以在背景上，第一个卷积的结果恰好为 0：这些数全都落在 ReLU 的折点上。把偏置调大，这些数全都开始起作用；调小，它们仍是 0。测出来的是一半的斜率，而反向传播给出的是 0。改动权重对那里毫无影响，因为 0 乘以任何数都是 0，所以权重没有问题。而有 b2 的第二层，每个数取决于 8 × 8 个像素（它的感受野，receptive field），这些像素几乎不会全是空白。这并不是错误；训练走出第一步之后，偏置就不再是 0 了。
#
# 玩一玩：换一个偏置的初值，在 `W3` 那一行下面加一行 `small["b1"] = small["b1"] + 0.1`。有帮助吗？答案见思考题 2。
#
# </details>
#
# <details>
# <summary>思考题 2：让这个参数从 0.1 开始，如果你的掩码标出全部最大值，检验还是会失败。为什么？</summary>
#
# 在平坦的背景上，池化窗口里的数现在全都相等，而且为正：出现了并列。标出全部最大值的掩码，会在那里传回四倍的梯度；只标一个的掩码，传回的总和是对的，在这个网络里就能通过检验。
#
# </details>

# %% [markdown] lang="en"
# **In short**
#
# - Windows as rows, filters as columns: a convolution is one matrix product, and its gradients are those of a fully connected layer.
# - col2im adds up what im2col had copied; it is not its inverse.
# - A matrix product gives the numbers that the loops give, in a hundredth of their time or less; the price is memory.

# %% [markdown] lang="zh"
# **小结**
#
# - 窗口排成行，滤波器排成列：卷积就是一次矩阵乘法，它的梯度就是全连接层的梯度。
# - col2im 把 im2col 复制过的东西加回去，但它不是逆运算。
# - 矩阵乘法与循环结果相同，时间不到循环的百分之一，代价是多用内存。

# %% [markdown] lang="en"
# ## 8 Train
#
# ### 8.1 Choose on digits that are neither learned nor tested
#
# This is the whole training. In each *epoch* the digits are shuffled and go through the network in *mini-batches* of about 16; after each one all parameters make one step. The learning rate falls evenly to 0, so that the network settles down at the end. `after` is called after each epoch; `change` will be used in section 9.
#
# Rate, decay, number of epochs: somebody has to choose these *hyperparameters*. Choosing them by the training loss favours learning by heart; choosing them by the test digits spoils the test. So set a part of the training digits aside, the *validation set*, and choose by it: train on 1200 digits and watch 237 others.
#
# **First rate and decay**, in short trainings. Accuracy on the validation digits after 20 epochs, each the mean of four seeds, that is, of four random starts:
#
# | rate, with decay 0.002 | 0.003 | 0.01 | 0.03 | 0.1 | 0.3 |
# |---|---|---|---|---|---|
# | accuracy | 93.6% | 96.6% | 98.2% | 98.5% | 7.6% |
#
# | decay, with rate 0.03 | 0 | 0.0005 | 0.002 | 0.01 | 0.05 |
# |---|---|---|---|---|---|
# | accuracy | 98.4% | 98.1% | 98.2% | 98.0% | 94.0% |
#
# A small rate does not get far in 20 epochs; with 0.3 the loss ends at about $\ln 10$, where it began. Between rates of 0.03 and 0.1, and up to a decay of 0.01, the difference is one digit of 237, no more than another seed makes. We take the smaller rate, 0.03, which is farther from the abyss, and a decay of 0.002.
#
# **Then the number of epochs.** The next cell but one tries 40.

# %% [markdown] lang="zh"
# ## 8 训练
#
# ### 8.1 选超参数，要用训练和测试都没用过的数字
#
# 整个训练过程就在下面。每一**轮**（epoch）先打乱数字的次序，再分成每批约 16 个的**小批量**（mini-batch）送进网络；每批之后，所有参数走一步。学习率线性地降到 0，使网络最后稳定下来。每一轮结束时调用 `after`；`change` 到第 9 节才用。
#
# 学习率、权重衰减、轮数，这些**超参数**（hyperparameter）总要有人来选。按训练集的损失去选，偏向的是死记硬背；按测试集去选，测试就不再公正。所以要从训练数字中留出一部分，叫**验证集**（validation set），按它来选：用 1200 个数字训练，看网络在另外 237 个上的表现。
#
# **先选学习率和权重衰减**，只做短时间的训练。下面是 20 轮之后验证集的准确率，每个数都是四个随机种子（也就是四组随机初值）的平均：
#
# | 学习率（权重衰减 0.002） | 0.003 | 0.01 | 0.03 | 0.1 | 0.3 |
# |---|---|---|---|---|---|
# | 准确率 | 93.6% | 96.6% | 98.2% | 98.5% | 7.6% |
#
# | 权重衰减（学习率 0.03） | 0 | 0.0005 | 0.002 | 0.01 | 0.05 |
# |---|---|---|---|---|---|
# | 准确率 | 98.4% | 98.1% | 98.2% | 98.0% | 94.0% |
#
# 学习率太小，20 轮走不了多远；取 0.3 时，损失最后还是开始时的 $\ln 10$ 左右。学习率在 0.03 与 0.1 之间、权重衰减不超过 0.01 时，结果只差 237 个里的一个，换个随机种子也会差这么多。我们取较小的学习率 0.03，离失控远一些；权重衰减取 0.002。
#
# **再选轮数**：下面的第二个单元格试 40 轮。


# %% tags=["demo"]
def predict(network, images):
    logits, _ = network_forward(network, images, fast)
    return np.argmax(logits, axis=1)


def train(network, images, answers, epochs, rate, size, change=None, after=None):
    random = np.random.RandomState(0)
    speeds = {name: np.zeros(values.shape) for name, values in network.items()}
    batches = len(images) // size
    live = training.Live(steps=epochs * batches)
    for epoch in range(epochs):
        order = random.permutation(len(images))
        for number, chosen in enumerate(np.array_split(order, batches)):
            pictures = images[chosen]
            if change is not None:
                pictures = change(pictures, random)
            logits, memory = network_forward(network, pictures, fast)
            cost, dlogits = softmax_cross_entropy(logits, answers[chosen])
            gradients = all_gradients(network, dlogits, memory, fast)
            done = (epoch + number / batches) / epochs
            update(network, gradients, speeds, rate * (1 - done), decay=0.002)
            live.step(cost)
        if after is not None:
            after(network)
    return network


# %% tags=["demo"]
# Predict: at the end, how many times the training loss is the validation loss: about 0.3, 1 or 3?
# zh: 预测：最后，验证集的损失大约是训练集损失的几倍：0.3、1 还是 3？
# Play: another rate, decay (in train) or number of epochs: which does the validation set prefer?
# zh: 玩一玩：换学习率、权重衰减（在 train 里）或轮数：验证集偏爱哪一种？
prediction = None
with needs(*fast):
    order = np.random.RandomState(2).permutation(len(digits.train_labels))
    parts = {"training": order[237:], "validation": order[:237]}
    history = {part: [] for part in parts}

    def note(network):
        for part, chosen in parts.items():
            logits, _ = network_forward(network, digits.train_images[chosen], fast)
            answers = digits.train_labels[chosen]
            cost, _ = softmax_cross_entropy(logits, answers)
            history[part].append((cost, np.mean(np.argmax(logits, axis=1) == answers)))

    train(
        new_network(seed=0),
        digits.train_images[parts["training"]],
        digits.train_labels[parts["training"]],
        epochs=40,
        rate=0.03,
        size=16,
        after=note,
    )
    last = {part: losses[-1][0] for part, losses in history.items()}
    ratio = last["validation"] / last["training"]
    plots.predict(prediction, ratio, why="practised", factor=1.7)
    training.learning_curves(history)

# %% [markdown] lang="en"
# Read the two curves together. While both fall, the network learns what holds for all digits. Where the training loss goes on falling and the validation loss does not, it learns its own digits by heart: it *overfits*, and the distance between the curves is what it fails to generalise. A validation loss that rises again would call for fewer epochs, more decay or more digits.
#
# <details>
# <summary>What do these two curves say?</summary>
#
# They part after about eight epochs. The validation loss falls a little further until about the twelfth; then it goes up and down around 0.05, and settles there as the rate falls to 0. It does not rise, so 40 epochs may stand. At the end it is about three times the training loss. That it would be the larger one could be told beforehand, as the network has practised on the training digits only; by how much, nobody can work out.
#
# </details>
#
# <details>
# <summary>Which other rate or number of epochs does the validation set prefer?</summary>
#
# None for certain. With a rate of 0.01 it gets 96.6% right after 40 epochs, with 0.3 the network learns nothing. With 0.1 it gets four digits of 237 more right than with 0.03, but at the same loss of about 0.05. 20 epochs give one digit more than 40, and 80 give two, again at the same loss. All this is one seed, and another one moves these figures as much.
#
# </details>
#
# ### 8.2 Forty rounds in a few seconds
#
# The choice is made, so train once more with the same settings, now on all 1437 digits. Only then ask the test digits, once.

# %% [markdown] lang="zh"
# 把两条曲线放在一起看。两条都在下降时，网络学的是对所有数字都成立的规律。如果训练集的损失继续下降，验证集的损失却不再下降，网络就是在死记自己见过的数字，这叫**过拟合**（overfitting）；两条曲线之间的距离，就是它没能泛化的部分。如果验证集的损失回升，就该减少轮数、加大权重衰减，或者增加数据。
#
# <details>
# <summary>这两条曲线说明了什么？</summary>
#
# 大约八轮之后两条曲线分开。验证集的损失又略降了一些，到第十二轮左右为止；此后在 0.05 上下波动，随着学习率降到 0 而稳定下来。它没有回升，所以 40 轮是可以的。最后，它大约是训练集损失的三倍。它会更大，是可以料到的，因为网络只在训练集上练过；至于大多少，谁也无法事先算出来。
#
# </details>
#
# <details>
# <summary>换别的学习率或轮数，验证集更偏爱哪一种？</summary>
#
# 得不出定论。40 轮之后，学习率取 0.01 时准确率是 96.6%，取 0.3 时什么也没学到；取 0.1 时，在 237 个里比 0.03 多对了四个，损失却一样，都在 0.05 左右。与 40 轮相比，20 轮多对一个，80 轮多对两个，损失还是差不多。况且这只是一个随机种子的结果，换一个种子，变化也有这么大。
#
# </details>
#
# ### 8.2 几秒钟走四十轮
#
# 既然选好了，就用同样的设置、全部 1437 个数字再训练一次。训练完才看测试集，而且只看一次。

# %% tags=["demo"]
# Predict: how many percent of the test digits will it get right?
# zh: 预测：测试集能认对百分之几？
# What the validation digits gave is your best guide.
# zh: 可以参考验证集上的结果。
# Play: another seed. How far do the test accuracies of several seeds lie apart?
# zh: 玩一玩：换一个种子。不同种子的测试准确率相差多少？
prediction = None
network = training.Untrained()
with needs(*fast):
    start = time.perf_counter()
    begun = new_network(seed=0)
    network = train(
        new_network(seed=0),
        digits.train_images,
        digits.train_labels,
        epochs=40,
        rate=0.03,
        size=16,
    )
    print(f"{time.perf_counter() - start:.1f} seconds")
    # zh: print(f"用时 {time.perf_counter() - start:.1f} 秒")
    for part, images, answers in (
        ("training", digits.train_images, digits.train_labels),
        # zh: ("训练集", digits.train_images, digits.train_labels),
        ("test", digits.test_images, digits.test_labels),
        # zh: ("测试集", digits.test_images, digits.test_labels),
    ):
        accuracy = np.mean(predict(network, images) == answers)
        print(f"{part:8} accuracy {accuracy:.2%}")
        # zh: print(f"{part:8} 准确率 {accuracy:.2%}")
    plots.predict(prediction, 100 * accuracy, why="accuracy", within=1.5)

# %% [markdown] lang="en"
# The network knows its training digits by heart; what counts is the second number, on digits that it has never seen. With 360 of them, one digit more or less is $1/360 \approx 0.28$ percentage points: don't read much into the second decimal, nor into the choice of a lucky seed.
#
# <details>
# <summary>How far do the test accuracies of several seeds lie apart?</summary>
#
# Twelve seeds got 349 to 355 of the 360 digits right, 96.9% to 98.6%: six digits between the worst and the best, by luck alone.
#
# </details>
#
# ### 8.3 Which digits does it get wrong?
#
# A single number hides what happens. The *confusion matrix* shows for each digit what the network took it for.

# %% [markdown] lang="zh"
# 训练用过的数字，网络已经背得滚瓜烂熟；要看的是第二个准确率，它来自网络从没见过的数字。测试数字有 360 个，多对一个、少对一个就是 $1/360 \approx 0.28$ 个百分点：小数点后第二位不必当真，碰巧挑到一个好的随机种子也说明不了什么。
#
# <details>
# <summary>不同种子的测试准确率相差多少？</summary>
#
# 试了十二个种子，360 个数字里认对 349 到 355 个，也就是 96.9% 到 98.6%：最差与最好相差六个，全凭运气。
#
# </details>
#
# ### 8.3 它认错了哪些数字？
#
# 单凭一个数，看不出细节。**混淆矩阵**（confusion matrix）会告诉你，每个数字被网络当成了什么。

# %% tags=["demo"]
# Predict: 8.2 gave the test accuracy. How many of the 360 digits lie beside the diagonal?
# zh: 预测：8.2 节给出了测试准确率。360 个数字里，有多少个不在对角线上？
prediction = None
with needs(*fast), training.if_possible():
    predicted = predict(network, digits.test_images)
    plots.predict(prediction, np.sum(predicted != digits.test_labels), why="diagonal")
    training.confusion(digits.test_labels, predicted)

# %% tags=["demo"]
with needs(*fast), training.if_possible():
    training.wrong_digits(
        digits.test_images, digits.test_labels, predict(network, digits.test_images)
    )

# %% [markdown] lang="en"
# <details>
# <summary>Would you have read all of them correctly?</summary>
#
# Cover the labels and try. A few are whole and clear to you, an upright 6 for example: there the network has something left to learn. Others have lost a loop or a stroke to the few pixels, and these mistakes deserve mercy. No network can read what is not in the picture.
#
# </details>
#
# ### 8.4 What has it learned?
#
# Nobody told it what to look for. These are its eight filters of the first layer, and what they find in a digit. Compare with the edge filters that you wrote by hand in the first notebook. A filter that is pale all over, and whose map below stays empty, found no use: weight decay drew it back towards 0.

# %% [markdown] lang="zh"
# <details>
# <summary>换了你，能全都认对吗？</summary>
#
# 遮住标签试一试。有几个在你看来又完整又清楚，例如一个直立的 6：这说明网络还有东西要学。另一些则因为像素太少，圈或笔画已经看不清了，这样的错误情有可原：图里没有的东西，什么网络也认不出来。
#
# </details>
#
# ### 8.4 它学到了什么？
#
# 没有人告诉它该找什么。下面是第一层的八个滤波器，以及它们在一个数字里找到的东西。与第一个 notebook 里人工设计的边缘滤波器比一比。如果一个滤波器整体颜色都很淡，下面对应的特征图（feature map）又一片空白，它就是没有派上用场，被权重衰减拉向了 0。

# %% tags=["demo"]
# Predict: their 72 weights began as random numbers.
# zh: 预测：它们的 72 个权重一开始都是随机数。
# How many of them still have the sign that they began with?
# zh: 训练之后，有多少个的正负号没有变？
prediction = None
with needs(*fast), training.if_possible():
    same_sign = np.sign(network["W1"]) == np.sign(begun["W1"])
    plots.predict(prediction, np.sum(same_sign), why="same_signs", within=8)
    training.filters(network["W1"])

# %% tags=["demo"]
# Predict: 8 × 8 pixels, eight filters. How many numbers are there after ReLU and pooling?
# zh: 预测：8 × 8 个像素，八个滤波器。经过 ReLU 和池化之后，一共有多少个数？
# Play: another digit. What does a filter with an orange and a purple side answer to?
# zh: 玩一玩：换一个数字。一侧橙色、一侧紫色的滤波器，对什么有响应？
prediction = None
example = 3
with needs(*fast), training.if_possible():
    picture = digits.test_images[example : example + 1]
    before_relu, _ = fast.conv_forward(picture, network["W1"], network["b1"], SAME)
    found = relu_forward(before_relu)
    pooled, _ = fast.pool_forward(found, HALVE)
    plots.predict(prediction, pooled.size, why="maps")
    training.feature_maps(picture[0], found[0], pooled[0])

# %% [markdown] lang="en"
# <details>
# <summary>What does a filter with an orange and a purple side answer to?</summary>
#
# To an edge, and to one direction of it: ink under the orange side, where the weights are positive, and none under the purple side. At the opposite edge the sum is negative, and ReLU makes it 0. Inside a broad stroke and over empty background the two sides have nothing to tell apart.
#
# </details>
#
# <details>
# <summary>Question 1: the training accuracy is 100%, the test accuracy is not. What would you do about it?</summary>
#
# More digits would help most. If there are none, make some: a digit that is moved by one pixel is still the same digit. That is what the next section does.
#
# </details>
#
# <details>
# <summary>Question 2: you try twenty seeds and report the best test accuracy. What is wrong with that?</summary>
#
# By choosing, you have used the test digits for training, in a small way: the best of twenty is lucky on these 360 digits and would not do as well on others. Choose on the validation set, as in 8.1, and use the test digits once, at the end.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>一侧橙色、一侧紫色的滤波器，对什么有响应？</summary>
#
# 对边缘，而且只对一个方向的边缘：橙色一侧的权重为正，下面要有笔迹；紫色一侧下面则要空白。遇到方向相反的边缘，加权和为负，经过 ReLU 就成了 0。在粗笔画的内部和空白的背景上，两侧没有差别，也就没有什么可响应的。
#
# </details>
#
# <details>
# <summary>思考题 1：训练准确率是 100%，测试准确率却不是。你会怎么办？</summary>
#
# 最有效的办法是增加数据。如果没有更多的数字，就自己造：平移一个像素之后，还是同一个数字。下一节就这样做。
#
# </details>
#
# <details>
# <summary>思考题 2：试二十个随机种子，报告其中最高的测试准确率，这样做有什么问题？</summary>
#
# 这样一挑，就等于悄悄用测试数字做了训练：二十次中最好的那次，只是在这 360 个数字上运气好，换一批就没有那么好了。应当像 8.1 节那样用验证集来挑选，测试集只在最后用一次。
#
# </details>

# %% [markdown] lang="en"
# **In short**
#
# - Learn on the training set, choose on the validation set, test once, at the end.
# - Training loss falls and validation loss doesn't: the network overfits.
# - One accuracy hides which digits go wrong; the confusion matrix shows it.

# %% [markdown] lang="zh"
# **小结**
#
# - 在训练集上学，在验证集上选，最后在测试集上只测一次。
# - 训练集的损失还在下降，验证集的损失却不降了：网络过拟合了。
# - 单独一个准确率看不出错在哪里，混淆矩阵看得出。

# %% [markdown] lang="en"
# ## 9 The honest comparison
#
# ### 9.1 A strong opponent
#
# Is a convolutional network the best choice for these digits? Ask a method that knows nothing of neighbouring pixels: a **support vector machine** (SVM) sees 64 numbers in a row and compares them with those of training digits. It was fitted with scikit-learn to the same 1437 training digits, and its settings were chosen on them alone; `digits.h5` holds the 493 of them that it kept, its **support vectors**. To read a new digit it lets every two of the ten digits fight a duel: the support vectors of both vote with weights of their own, and the nearer one is to the new digit, the more its vote counts ($e^{-\gamma d^2}$ at the distance $d$); most duels won is the answer.
#
# Two tests: the test digits as they are, and the same digits **moved by one pixel**, up, down, left and right (the mean of four). The digits fill their frame from top to bottom, so a move up or down cuts off a row, on average 12% of the ink; a move left or right costs almost nothing. Each is still the same digit.

# %% [markdown] lang="zh"
# ## 9 公平的比较
#
# ### 9.1 一个强劲的对手
#
# 对这些数字来说，卷积网络是最好的选择吗？不妨请来一种完全不知道哪些像素相邻的方法：**支持向量机**（support vector machine，SVM）看到的是排成一行的 64 个数，拿它们去和训练数字比较。它用 scikit-learn 在同样的 1437 个训练数字上拟合得到，超参数也只根据训练数字选定；`digits.h5` 里存着它的**支持向量**，也就是它要记住的那些训练数字（493 个）。认一个新数字时，十个数字两两比一场：双方的支持向量各按自己的权重投票，离新数字越近，票的分量越大（距离为 $d$ 时乘以 $e^{-\gamma d^2}$）；哪个数字胜的场数最多，就认作哪个。
#
# 测两次：一次是原样的测试数字；另一次是同样的数字**平移一个像素**，上、下、左、右各一次（取四次的平均）。这些数字上下都顶到边，所以上移或下移会切掉一行，平均损失 12% 的笔迹；左移、右移则几乎没有损失。移动之后，数字还是原来那个数字。

# %% tags=["demo"]
# Predict: the machine gets 99% right. How many percent when digits move: 90, 70, 50 or 30?
# zh: 预测：支持向量机的准确率是 99%。数字移动之后还剩百分之多少：90、70、50 还是 30？
# Play: two pixels, or diagonal moves.
# zh: 玩一玩：移动两个像素，或沿对角线移动。
prediction = None
moves = [(-1, 0), (1, 0), (0, -1), (0, 1)]


def two_tests(method):
    plain = np.mean(method(digits.test_images) == digits.test_labels)
    moved = [
        np.mean(method(training.shifted(digits.test_images, down, right)) == digits.test_labels)
        for down, right in moves
    ]
    return {"plain": plain, "shifted": np.mean(moved)}


results = {"SVM": two_tests(digits.svm.predict)}
plots.predict(prediction, 100 * results["SVM"]["shifted"], why="fixed_places", within=10)
print(f"as they are {results['SVM']['plain']:.1%}, moved {results['SVM']['shifted']:.1%}")
# zh: print(f"原样 {results['SVM']['plain']:.1%}，平移 {results['SVM']['shifted']:.1%}")
moved_images = training.shifted(digits.test_images[:20], 0, 1)
training.answers(moved_images, digits.test_labels[:20], digits.svm.predict(moved_images))

# %% [markdown] lang="en"
# These are twenty test digits moved one pixel to the right, and what the machine takes them for.
#
# **Now your network.** Does pooling protect it?

# %% [markdown] lang="zh"
# 这是二十个测试数字，都向右平移了一个像素；图中可以看到支持向量机把它们认成了什么。
#
# **轮到你的网络**：池化能保护它吗？

# %% tags=["demo"]
# Predict: how many percent of the moved digits does your network get right: 90, 70, 50 or 30?
# zh: 预测：移动过的数字，你的网络能认对百分之多少：90、70、50 还是 30？
prediction = None
with needs(*fast), training.if_possible():
    results["ConvNet"] = two_tests(lambda images: predict(network, images))
    plots.predict(prediction, 100 * results["ConvNet"]["shifted"], why="last_layer", within=10)
    training.comparison(results)

# %% [markdown] lang="en"
# Be honest: on the digits as they are, the machine is about four digits of 360 ahead of your network.
#
# <details>
# <summary>And what do moved digits do to your network?</summary>
#
# They confuse it less than the machine, but it is far from good. Convolution and pooling know that a pattern can be anywhere; the last layer does not, as all digits that it has seen stood in the middle.
#
# </details>
#
# <details>
# <summary>Are four digits of 360 more than luck?</summary>
#
# A little more. Twelve seeds got 349 to 355 digits right, with either rule for ties; the machine gets 357, two more than the luckiest.
#
# </details>
#
# ### 9.2 Show it what it should not mind
#
# So show it moved digits. **Augmentation** changes the training pictures in ways that leave the label true: in each batch about six of ten digits are moved by up to one pixel in each direction, drawn anew every time. Nothing else changes but the number of epochs, 60, as there is more to learn.

# %% [markdown] lang="zh"
# 实话实说：对原样的数字，支持向量机在 360 个里比你的网络多认对四个左右。
#
# <details>
# <summary>那么，数字移动之后，你的网络怎么样？</summary>
#
# 它受的影响比支持向量机小一些，但离“好”还差得远。卷积和池化知道图案可以出现在任何地方，最后一层却不知道，因为它见过的数字都在正中间。
#
# </details>
#
# <details>
# <summary>360 个里多对四个，会不会只是运气好？</summary>
#
# 不全是运气。试了十二个种子，两种并列规则都试过，认对 349 到 355 个；支持向量机认对 357 个，比运气最好的那个种子还多两个。
#
# </details>
#
# ### 9.2 让它见见不该在意的变化
#
# 那就让它看看移动过的数字。**数据增强**（data augmentation）就是在标签不变的前提下改变训练图像：每一批里，十个数字中约有六个会移动，上下、左右都至多一个像素，每次重新随机抽取。除此之外，只是轮数增加到 60，因为要学的东西更多；其他都不变。

# %% tags=["demo"]
# Predict: how many percent of the moved digits will it get right now?
# zh: 预测：这样训练之后，移动过的数字能认对百分之几？
prediction = None


def move_some(pictures, random):
    moved = training.randomly_shifted(pictures, random)
    stay = random.rand(len(pictures)) < 0.3
    moved[stay] = pictures[stay]
    return moved


augmented = training.Untrained()
with needs(*fast):
    start = time.perf_counter()
    augmented = train(
        new_network(seed=0),
        digits.train_images,
        digits.train_labels,
        epochs=60,
        rate=0.03,
        size=16,
        change=move_some,
    )
    print(f"{time.perf_counter() - start:.1f} seconds")
    # zh: print(f"用时 {time.perf_counter() - start:.1f} 秒")
    results["ConvNet + shifts"] = two_tests(lambda images: predict(augmented, images))
    moved_right = results["ConvNet + shifts"]["shifted"]
    plots.predict(prediction, 100 * moved_right, why="augmented", within=5)
    training.comparison(results)

# %% [markdown] lang="en"
# <details>
# <summary>All results in one table: what has it gained?</summary>
#
# Moved digits are no problem any more. For the network, each range is that of twelve seeds:
#
# | Method | as they are, of 360 | moved by a pixel | numbers stored |
# |---|---|---|---|
# | support vector machine | 357 | 52% | $493 \cdot (64 + 9) + 45 = 36034$ |
# | your network | 349 to 355 | 60% to 68% | 1898 |
# | your network, trained with moved digits | 354 to 358 | 97% to 98% | 1898 |
#
# The machine stores 64 pixels of each support vector and its weights in nine duels, and one offset for each of the 45 duels. On the digits as they are the network gains about three; that is little, but each of the twelve seeds gained. It and the machine now differ by about one digit, less than two seeds may; but it stores far fewer numbers, and it reads moved digits, too.
#
# Why 60 epochs? Of the validation digits of 8.1, moved by a pixel, 97% were right after 40 epochs, 98% after 60, and no more after 80.
#
# </details>
#
# **Be fair once more.** The machine can be shown moved digits, too. Fitted to nine shifted copies of every training digit it gets about 99% in both tests; for that it keeps almost 4000 digits instead of 493. Augmentation is not a privilege of networks: what you show counts more than which method looks at it.
#
# And a caution about all these figures: the 13 writers are mixed, so every writer of a test digit also wrote training digits. For the handwriting of strangers, expect less.

# %% [markdown] lang="zh"
# <details>
# <summary>全部结果都在一张表里：这样训练有什么收获？</summary>
#
# 移动过的数字不再是问题。表中网络的结果，是十二个种子的范围：
#
# | 方法 | 原样，共 360 个 | 平移一个像素 | 要存的数 |
# |---|---|---|---|
# | 支持向量机 | 357 | 52% | $493 \cdot (64 + 9) + 45 = 36034$ |
# | 你的网络 | 349 到 355 | 60% 到 68% | 1898 |
# | 你的网络，用移动过的数字训练 | 354 到 358 | 97% 到 98% | 1898 |
#
# 支持向量机要存的，是每个支持向量的 64 个像素和它在九场比较中的权重，以及 45 场比较各自的一个偏置。对原样的测试数字，网络大约多认对三个；虽然不多，但十二个种子无一例外都有提高。它与支持向量机现在只差一个左右，比不同种子之间的差别还小；而它要存的数少得多，数字移动一个像素也照样认得。
#
# 为什么取 60 轮？把 8.1 节的验证集平移一个像素，40 轮之后认对 97%，60 轮之后认对 98%，到 80 轮也没有再提高。
#
# </details>
#
# **再公平一次**：支持向量机也可以看移动过的数字。让它在每个训练数字的九个平移副本上拟合，两次测试都能达到 99% 左右；为此它要存下将近 4000 个数字，而不是 493 个。数据增强并不是网络的专利：给它看什么，比用哪种方法去看更重要。
#
# 对上面这些准确率，还要提醒一句：13 位书写者是混在一起的，每个测试数字的书写者也写过训练数字。换成陌生人的笔迹，成绩会低一些。

# %% [markdown] lang="en"
# <details>
# <summary>Question 1: would you also augment by turning digits upside down?</summary>
#
# No: a 6 would become a 9 and keep the label 6. Augment only with changes under which the label stays true.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>思考题 1：要不要把数字上下颠倒，也当作数据增强？</summary>
#
# 不要：6 会变成 9，标签却还是 6。只能用不改变标签的变化来增强。
#
# </details>

# %% [markdown] lang="en"
# **In short**
#
# - Compare with a strong opponent, on the same digits, and say by how many digits it won.
# - What the training digits never show, such as a move by a pixel, the network does not know.
# - Augmentation shows it: changes under which the label stays true.

# %% [markdown] lang="zh"
# **小结**
#
# - 要与强手比较，用同样的数字，并说清楚差几个。
# - 训练数字里从没出现过的变化，例如平移一个像素，网络就不认识。
# - 数据增强就是把这些不改变标签的变化给它看。

# %% [markdown] lang="en"
# ## 10 The same in PyTorch
#
# Here is your network in a framework. You will recognise every word of it. Where PyTorch is not installed, the cell says so in one line; nothing depends on it. Where it is, the cell copies your trained parameters and compares outputs, loss and a gradient with yours.
#
# Two conventions differ: PyTorch keeps channels before height and width, and its weights have their outputs first. So axes have to be reordered, those of the last layer as well, whose 64 inputs come from `flatten` in another order. And `nn.MaxPool2d(2)` names no stride: unless it is told otherwise, a framework's pooling moves by the side of its window, 2 here.

# %% [markdown] lang="zh"
# ## 10 用 PyTorch 写同一个网络
#
# 下面是用框架写的同一个网络，里面的每个词你都认得。没有装 PyTorch 时，单元格只用一行话说明，后面的内容不受影响；装了的话，它把你训练好的参数复制过去，再与你的输出、损失和一个梯度比较。
#
# 有两个约定不同：PyTorch 把通道放在高和宽之前，权重则把输出放在最前面。所以要调换轴的顺序。最后一层也要调换，因为它的 64 个输入来自 `flatten`，排列的次序不同。另外，`nn.MaxPool2d(2)` 没有写步幅：框架里的池化层默认每步移动一个窗口边长，这里就是 2。

# %% tags=["demo"]
# Predict: our W2 has the shape (3, 3, 8, 16). How long is the second axis of PyTorch's?
# zh: 预测：我们的 W2 形状是 (3, 3, 8, 16)。在 PyTorch 里，它的第二个轴有多长？
prediction = None
with needs(*fast), training.if_possible():
    second_weights = augmented["W2"].transpose(3, 2, 0, 1)
    plots.predict(prediction, second_weights.shape[1], why="their_axes")
    torch = training.torch_if_installed()
    if torch:
        nn = torch.nn
        model = nn.Sequential(
            nn.Conv2d(1, 8, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(8, 16, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(64, 10),
        ).double()

        last = augmented["W3"].reshape(2, 2, 16, 10).transpose(3, 2, 0, 1).reshape(10, 64)
        with torch.no_grad():
            for where, theirs in (
                (model[0], (augmented["W1"].transpose(3, 2, 0, 1), augmented["b1"].ravel())),
                (model[3], (second_weights, augmented["b2"].ravel())),
                (model[7], (last, augmented["b3"].ravel())),
            ):
                where.weight.copy_(torch.tensor(theirs[0].copy()))
                where.bias.copy_(torch.tensor(theirs[1].copy()))

        pictures, answers = digits.test_images, digits.test_labels
        their_logits = model(torch.tensor(pictures.transpose(0, 3, 1, 2).copy()))
        their_cost = nn.functional.cross_entropy(their_logits, torch.tensor(answers))
        their_cost.backward()

        our_logits, our_memory = network_forward(augmented, pictures, fast)
        our_cost, by_logits = softmax_cross_entropy(our_logits, answers)
        ours = all_gradients(augmented, by_logits, our_memory, fast)["W3"]
        theirs = model[7].weight.grad.numpy().reshape(10, 16, 2, 2).transpose(2, 3, 1, 0)
        gap = np.abs(our_logits - their_logits.detach().numpy()).max()
        print(f"logits, largest difference: {gap}")
        # zh: print(f"logits，最大相差：{gap}")
        print(f"loss, difference:           {abs(our_cost - their_cost.item())}")
        # zh: print(f"损失，相差：{abs(our_cost - their_cost.item())}")
        print(f"dW3, largest difference:    {np.abs(ours - theirs.reshape(64, 10)).max()}")
        # zh: print(f"dW3，最大相差：{np.abs(ours - theirs.reshape(64, 10)).max()}")

# %% [markdown] lang="en"
# **In short**
#
# - A framework computes what you computed: the same logits, the same loss, the same gradient.
# - What differs is the order of the axes, so check it before you copy weights.
# - `backward` in PyTorch is your `all_gradients`, derived from the forward pass by itself.

# %% [markdown] lang="zh"
# **小结**
#
# - 框架算的就是你算过的东西：logits、损失、梯度都一样。
# - 不同的只是轴的顺序；复制权重之前，先核对清楚。
# - PyTorch 的 `backward` 相当于你的 `all_gradients`，只不过它是由前向传播自动推出来的。

# %% [markdown] lang="en"
# ## 11 What to try next
#
# - **Which part matters?** Train without the second convolution, with average pooling (`mode="average"` in both directions), without momentum, without weight decay. Change one thing at a time, and use several seeds before you believe a difference.
# - **A proper choice.** The tables of 8.1 change one thing at a time. Try five rates with three decays each on its validation set, take the best pair, and only then look at the test digits.
# - **A committee.** Train three networks with different seeds and add up their probabilities. Is the committee better than each member?
# - **Your own handwriting.** Draw a digit as an array of 8 × 8 numbers from 0 to 1. Does your network read it? What do you have to change so that it does?
# - **Watch it go wrong.** Multiply the starting weights by 10, or take a rate of 0.5. What does the loss do in the first ten steps?
# - **Adam.** Look up this popular relative of momentum, and write it as a function like `sgd_momentum_step`.
#
# <details>
# <summary>Which part matters?</summary>
#
# Of the 237 validation digits of 8.1, after 40 epochs, the mean of four seeds: the network as it is gets 234 right, without weight decay 233, without the second convolution 232, with average pooling 229, without momentum 226. The seeds of one network lie up to four digits apart, so believe the last two only. And mind what you change: without momentum all steps are ten times as short, too. With a rate of 0.3 in place of 0.03 it gets 234 again.
#
# </details>
#
# <details>
# <summary>A proper choice: what comes out?</summary>
#
# Nothing that is certain. With two seeds and 20 epochs the best of fifteen pairs was a rate of 0.05 with a decay of 0.01, at 98.7% of the validation digits; ours had 98.3%, which is one digit less of 237. On the test digits the pair that was chosen got 97.4%, and ours 97.6%.
#
# </details>
#
# <details>
# <summary>Is the committee better than each member?</summary>
#
# Not always. Of the 360 test digits, seeds 0, 1 and 2 get 353, 351 and 353 right alone and 352 together; seeds 3, 4 and 5 get 353 each and 355 together. A committee helps where its members make different mistakes, and these three have seen the same digits.
#
# </details>
#
# <details>
# <summary>Your own digit: what do you have to change?</summary>
#
# Make it look like those that it has learned: ink near 1 on a background of 0, from the top row to the bottom row, in the middle, with grey edges. Test digits shrunk to half their size, or with ink and background exchanged, are read no better than by guessing (14% and 8% right); in pure black and white 92% are still right.
#
# </details>
#
# <details>
# <summary>What does the loss do when it goes wrong?</summary>
#
# With ten times the weights it begins at 66 instead of 2.3: the network is sure of nonsense. The next step makes it 1546; then it falls, to about 3 after ten steps. With a rate of 0.5 it goes up and down between 2 and 2.6. Both end at about $\ln 10$ and stay there: the steps were so large that each ReLU gives 0 for every digit, and where a ReLU gives 0, no gradient passes. The network has died and answers every digit alike.
#
# </details>
#
# ### Where to go from here
#
# - A. Karpathy: [A Recipe for Training Neural Networks](https://karpathy.github.io/2019/04/25/recipe/), on the habits of sections 5 and 6 and many more.
# - [CS231n: Training Neural Networks](https://cs231n.github.io/neural-networks-3/), on gradient checks, sanity checks and optimisers.
# - G. Goh: [Why Momentum Really Works](https://distill.pub/2017/momentum/), with pictures to move.
# - [Dive into Deep Learning](https://d2l.ai/), for what comes after: residual networks, attention, and larger data.
#
# You have built a network from nothing but arrays, measured it, made it fast, trained it, and told the truth about it. The last is the rarest skill.

# %% [markdown] lang="zh"
# ## 11 接下来可以试试
#
# - **哪一部分最要紧**？去掉第二个卷积层，换成平均池化（前向、反向都写 `mode="average"`），不用动量，不用权重衰减，各训练一次。每次只改一处；相信差别之前，先多试几个随机种子。
# - **按规矩选超参数**：8.1 节的两张表每次只改一个量。在它的验证集上，把五个学习率与三个权重衰减两两搭配着试，取最好的一组，最后才去看测试集。
# - **三个臭皮匠**：用不同的随机种子训练三个网络，把它们给出的概率加起来，这叫**集成**（ensemble）。合在一起比其中每一个都强吗？
# - **你自己的笔迹**：用 8 × 8 个 0 到 1 之间的数画一个数字。你的网络认得出来吗？要改什么，它才认得出来？
# - **看它失控**：把初始权重乘以 10，或者把学习率取为 0.5。最初十步里，损失会怎样？
# - **Adam**：动量的一位“近亲”，很常用。查一查它的公式，再仿照 `sgd_momentum_step` 写成函数。
#
# <details>
# <summary>哪一部分最要紧？</summary>
#
# 用 8.1 节的 237 个验证数字来比，都是 40 轮之后，四个随机种子的平均：原来的网络认对 234 个，不用权重衰减 233 个，去掉第二个卷积层 232 个，换成平均池化 229 个，不用动量 226 个。同一个网络，换个种子就可能差四个，所以只有后两项可信。还要留心自己究竟改了什么：不用动量，每一步也就短到十分之一；把学习率从 0.03 提高到 0.3，又能认对 234 个。
#
# </details>
#
# <details>
# <summary>按规矩选超参数，会选出什么？</summary>
#
# 得不出定论。两个种子、20 轮，十五组中最好的是学习率 0.05 配权重衰减 0.01，验证集准确率 98.7%；我们用的那一组是 98.3%，在 237 个里只少一个。到测试集上，选出的那一组是 97.4%，我们的是 97.6%。
#
# </details>
#
# <details>
# <summary>三个网络合在一起，比其中每一个都强吗？</summary>
#
# 不一定。360 个测试数字里，种子 0、1、2 单独认对 353、351、353 个，合在一起是 352 个；种子 3、4、5 各认对 353 个，合在一起是 355 个。成员犯的错误各不相同，集成才有用；而这三个网络看过的是同样的数字。
#
# </details>
#
# <details>
# <summary>自己写的数字，要改什么才认得出来？</summary>
#
# 让它像网络学过的那些数字：背景为 0，笔迹接近 1，上下顶到边，左右居中，边缘带一点灰。把测试数字缩小一半，或者把笔迹与背景对调，准确率只有 14% 和 8%，跟瞎猜差不多；只用纯黑纯白来写，仍能认对 92%。
#
# </details>
#
# <details>
# <summary>失控的时候，损失会怎样？</summary>
#
# 权重放大十倍，损失一开始就是 66 而不是 2.3，因为网络对瞎猜的答案很有把握；下一步升到 1546，然后回落，十步之后约为 3。学习率取 0.5，损失在 2 到 2.6 之间上下跳动。两种情形最后都停在 $\ln 10$ 左右，再也不动：步子太大，每个 ReLU 对任何数字都只输出 0，而 ReLU 输出 0 的地方，梯度传不过去。这个网络已经“死”了，对所有数字都给出同样的答案。
#
# </details>
#
# ### 延伸阅读
#
# - A. Karpathy：[A Recipe for Training Neural Networks](https://karpathy.github.io/2019/04/25/recipe/)，讲第 5、6 节里的那些习惯，还有更多。
# - [CS231n: Training Neural Networks](https://cs231n.github.io/neural-networks-3/)，讲梯度检验、训练前的检查和各种优化方法。
# - G. Goh：[Why Momentum Really Works](https://distill.pub/2017/momentum/)，配有可以动手拖动的图。
# - [《动手学深度学习》](https://zh.d2l.ai/)，接着往下学：残差网络、注意力机制，以及更大的数据。
#
# 你只用数组就搭起了一个网络，检验过梯度，提高过速度，完成了训练，还如实地评价了它的表现。最后这一点，最为难得。

# %% [markdown] lang="en"
# ### Three questions to close with
#
# <details>
# <summary>Recall 1: 16 digits of 8 × 8 pixels go through a “same” convolution of 3 × 3. Which shape does the matrix of <code>columns</code> have, one row for each window?</summary>
#
# There are $16 \cdot 8 \cdot 8 = 1024$ windows, and each holds $3 \cdot 3 \cdot 1 = 9$ numbers: 1024 rows and 9 columns.
#
# </details>
#
# <details>
# <summary>Recall 2: the loss of the untrained network is 23 instead of 2.3. Where do you look first?</summary>
#
# At the last layer's weights: they are too large, so the network is sure of nonsense. Then at the loss: with a batch of ten, a sum in place of the mean would make ten times as much, too.
#
# </details>
#
# <details>
# <summary>Recall 3: a gradient check of the max pooling layer fails on real digits and passes on random numbers. Is the backward pass wrong?</summary>
#
# Not for that reason. Real digits have ties in their empty background, where there is no derivative; random numbers have none. That it passes there speaks for the layer.
#
# </details>

# %% [markdown] lang="zh"
# ### 最后三个问题
#
# <details>
# <summary>回顾 1：16 个 8 × 8 像素的数字经过 3 × 3 的等宽卷积。把 <code>columns</code> 写成矩阵，每个窗口一行，它的形状是什么？</summary>
#
# 共有 $16 \cdot 8 \cdot 8 = 1024$ 个窗口，每个窗口有 $3 \cdot 3 \cdot 1 = 9$ 个数：1024 行、9 列。
#
# </details>
#
# <details>
# <summary>回顾 2：没有训练过的网络，损失是 23 而不是 2.3。先查哪里？</summary>
#
# 先查最后一层的权重：太大了，网络对瞎猜的答案很有把握。再查损失：一批十个样本，如果求了和而没有求平均，也会是十倍。
#
# </details>
#
# <details>
# <summary>回顾 3：最大池化层的梯度检验，在真实数字上失败，在随机数上通过。反向传播写错了吗？</summary>
#
# 不能这样断定。真实数字的空白背景里有并列，那里没有导数；随机数里没有并列。在随机数上通过，恰恰说明这一层是对的。
#
# </details>

# %% [markdown] lang="en"
# ## 12 Glossary
#
# | Word | Other books say | Meaning |
# |---|---|---|
# | layer | | a link of the network's chain: it turns one array into another |
# | parameter | trainable weight | a number that a layer learns, such as a weight or a bias |
# | backward pass | backpropagation | works out the gradients, layer by layer, from the loss back to the input |
# | activation function | nonlinearity, transfer function | the nonlinear function after a layer, such as ReLU |
# | logits | scores | the last layer's numbers, before softmax |
# | softmax | normalised exponential | turns logits into probabilities |
# | one-hot | 1-of-K, indicator vector | a row with a 1 at the right class and zeros elsewhere |
# | loss, loss function | cost, objective | one number that says how wrong the answers are, and the function that gives it; training makes it smaller |
# | cross-entropy | negative log-likelihood, log loss | the mean of $-\ln P$ of the right classes |
# | training set, validation set, test set | validation set: development set, hold-out set | digits to learn from, to choose by, to be tested on once |
# | generalise | | be right on digits that were never seen |
# | fit | | choose the parameters so that the answers agree with given examples |
# | overfit | | learn by heart what does not hold for other digits |
# | epoch | pass | one round through all training digits |
# | mini-batch | batch | the few examples of one step |
# | stochastic gradient descent (SGD) | mini-batch gradient descent | steps against the gradient of a random mini-batch |
# | seed | | the number from which random numbers are worked out |
# | learning rate | step size | how far a step goes |
# | momentum | heavy ball | the share of the velocity that goes on from step to step |
# | weight decay | $L_2$ regularisation, ridge | a pull of every weight towards 0 |
# | hyperparameter | | a number that is chosen and not learned |
# | gradient check, central difference | numerical gradient, symmetric difference | measuring a gradient by small steps to both sides |
# | He's rule | He or Kaiming initialisation | first weights with the variance $2/n^{\mathrm{prev}}$ |
# | im2col, col2im | unfold, fold | windows laid out as rows, and added up again |
# | confusion matrix | error matrix | how often each digit was taken for which |
# | augmentation | | training on changed pictures whose label stays true |

# %% [markdown] lang="zh"
# ## 12 术语表
#
# | 中文 | 英文 | 含义 |
# |---|---|---|
# | 层 | layer | 网络中的一环，把一个数组变成另一个数组 |
# | 参数 | parameter | 一层里要靠学习来确定的数，例如权重和偏置 |
# | 反向传播 | backward pass | 从损失开始，往回逐层求出梯度 |
# | 激活函数 | activation function | 一层之后的非线性函数，例如 ReLU |
# | 未归一化的得分（对数几率） | logits | 最后一层给出的数，softmax 之前 |
# | softmax（归一化指数函数） | softmax | 把 logits 变成概率 |
# | 独热（独热编码） | one-hot | 正确类别处为 1、其余为 0 的一行 |
# | 损失函数（代价函数、目标函数） | loss function | 算出损失的函数；损失是一个数，表示答案错得有多离谱，训练就是要减小它 |
# | 交叉熵（负对数似然） | cross-entropy | 正确类别的 $-\ln P$ 的平均值 |
# | 训练集、验证集（开发集）、测试集 | training, validation, test set | 分别用来学习、选择、最后测试一次 |
# | 泛化 | generalisation | 对没见过的样本也能答对 |
# | 拟合 | fit | 调整参数，让网络的答案与给定的样本相符 |
# | 过拟合 | overfitting | 死记了只对训练样本成立的东西 |
# | 轮（轮次、周期） | epoch | 把全部训练样本用过一遍 |
# | 小批量 | mini-batch | 每一步用到的若干样本 |
# | 随机梯度下降 | stochastic gradient descent (SGD) | 每一步沿随机小批量的负梯度方向走 |
# | 随机种子（种子） | seed | 算出一串随机数的起点 |
# | 学习率 | learning rate | 一步走多远 |
# | 动量 | momentum | 每走一步，速度保留下来的比例 |
# | 权重衰减（$L_2$ 正则化） | weight decay | 把每个权重拉向 0 |
# | 超参数 | hyperparameter | 由人选定、不是学出来的数 |
# | 梯度检验（数值梯度）、中心差分 | gradient check, central difference | 向两边各走一小步来测梯度 |
# | He 初始化（何恺明初始化） | He's rule | 初始权重的方差取 $2/n^{\mathrm{prev}}$ |
# | im2col、col2im | im2col, col2im | 把窗口排成行，再加回去 |
# | 混淆矩阵（误差矩阵） | confusion matrix | 每个数字被当成了什么，各多少次 |
# | 数据增强（数据增广） | data augmentation | 用标签不变的变化来扩充训练样本 |

# %% [markdown] lang="en"
# ## 13 Before you hand in
#
# 1. *Kernel → Restart Kernel and Run All Cells*.
# 2. Read the table below. It says of all fifteen functions what the checks of this notebook find. Go by it and not by the button *Validate*, which says "Success!" of any notebook that has lost its grading marks, whatever is in it; some other tools save it without them.
# 3. Save, and submit the file under its own name.

# %% [markdown] lang="zh"
# ## 13 提交之前
#
# 1. 选择 *Kernel → Restart Kernel and Run All Cells*。
# 2. 看下面的表。它列出全部十五个函数在本 notebook 的检查中各得到什么结果，请以它为准：有些工具在保存时会丢掉评分标记，那样的 notebook 无论写了什么，按 *Validate* 都会显示 “Success!”。
# 3. 保存，然后提交，不要改文件名。

# %% tags=["demo"]
from checks.session.summary import summary

summary(globals())

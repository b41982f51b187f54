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
# # Convolutional Neural Networks: Step by Step
#
# A neural network is a chain of *layers*: each turns one array of numbers into another. In this notebook you build the two that make a network see, the convolution layer and the pooling layer, with nothing but NumPy: first forward, then backward. Eight short functions, and afterwards no part of a convolutional network is a black box.
#
# **What you'll do**
#
# - write the forward pass of a convolution layer and of a pooling layer,
# - derive and write the *backward pass* of both, which finds out how each number should change to make the network less wrong,
# - watch your own code find the edges in a picture, and see which pixels a single number depends on.
#
# **What you'll learn**
#
# - what padding, stride, filter, channel and receptive field mean, in numbers,
# - how to work out the size of every output and count every *parameter*, that is, every number that a layer learns,
# - where each gradient comes from, so that you could derive it again on paper.
#
# **What you'll need**
#
# - Python with loops, functions and NumPy slicing such as `x[1:3, :]`,
# - the chain rule for partial derivatives, from the second half onwards,
# - three to four hours; every section is a good place to stop. When you come back, select the cell where you stopped and run all cells above it (*Run → Run All Above Selected Cell*): later cells use what earlier ones made.

# %% [markdown] lang="zh"
# # 卷积神经网络：一步一步动手实现
#
# 神经网络由许多**层**（layer）依次连接而成，每一层都把一个数组变成另一个数组。让网络“看”图像的，是卷积层（convolution layer）和池化层（pooling layer）。在这个 notebook 里，你将只用 NumPy 亲手写出这两种层：先写前向传播（forward pass），由输入算出输出；再写反向传播（backward pass），从后往前求出每个数该怎样改，网络才能少出错。一共八个小函数；写完之后，卷积网络对你来说就不再是黑箱了。
#
# **你要做什么**
#
# - 写出卷积层和池化层的前向传播；
# - 推导并写出这两种层的反向传播；
# - 用自己的代码在图像中找出边缘，并看清输出里的一个数究竟取决于哪些像素。
#
# **你会学到什么**
#
# - 填充（padding）、步幅（stride）、滤波器（filter）、通道（channel）、感受野（receptive field）各是什么意思，都用具体数字来说明；
# - 怎样算出每一层的输出大小，数清每一层的参数（parameter，也就是要靠学习来确定的数）；
# - 每个梯度（gradient）从何而来，以后自己也能在纸上重新推一遍。
#
# **你需要准备什么**
#
# - 会用 Python 的循环和函数，以及形如 `x[1:3, :]` 的 NumPy 切片；
# - 后半部分要用到偏导数的链式法则；
# - 三到四个小时；每学完一节，都可以停下来休息。回来时，先选中上次学到的那个单元格，再运行它上面的所有单元格（*Run → Run All Above Selected Cell*）：后面的单元格会用到前面的结果。

# %% [markdown] lang="en"
# ## 1 Packages
#
# - `numpy` does the arithmetic.
# - `matplotlib` draws, in case you want plots of your own.
# - `public_tests` holds the checks, and `plots` the pictures of this notebook. Neither contains a solution.

# %% [markdown] lang="zh"
# ## 1 导入所需的包
#
# - `numpy` 负责数值计算。
# - `matplotlib` 负责画图，你想自己画点什么时会用到。
# - `public_tests` 里是各项检查，`plots` 里是本 notebook 用到的图。两者里面都没有答案。

# %% tags=["demo"]
# Google Colab opens this file alone: there, this cell fetches what belongs beside it. Elsewhere it does nothing.
# zh: Google Colab 里只会打开这一个文件，所以要由这个单元格下载配套的文件；在其他环境里，它什么也不做。
import os
import sys

address = ""
if "google.colab" in sys.modules and not os.path.exists("public_tests.py"):
    if address:
        os.system(f"git clone --quiet --depth 1 {address} course")
        os.chdir("course/notebooks/en/cnn_step_by_step")
        # zh: os.chdir("course/notebooks/zh/cnn_step_by_step")
    else:
        print("The course's files are missing: ask for their address and write it into `address`.")
        # zh: print("缺少课程文件：请向老师索要课程的地址，写进上面的 `address`。")

# %%
# %matplotlib inline
import matplotlib.pyplot as plt
import numpy as np

from public_tests import *

import plots

# %% [markdown] lang="en"
# **A first look.** Run the two cells above with Shift+Enter, then the one below. It takes a picture, 48 × 64 numbers between 0 (black) and 1 (white), and computes, for each pixel, its left neighbour minus its right one. Where nothing changes the difference is 0; what is left are edges, orange where it gets darker to the right and purple where it gets brighter. That one line is already a convolution: three numbers, $(1, 0, -1)$, are laid over a pixel and its two neighbours, multiplied by what lies under them, and added up. Such numbers are called a filter. You are about to write it for every filter and in both directions, and then its backward pass.
#
# Put your number in place of `None` before you run it.
#
# <details>
# <summary>And what has vanished with scene[:-2] - scene[2:]?</summary>
#
# This one computes the upper neighbour minus the lower one, so it finds edges that lie flat: the ground, the lower and the upper edge of the wall. The upright sides of door and wall are gone, because above and below them is the same number. The slopes of the roof are neither upright nor flat, and both lines find them.
#
# </details>

# %% [markdown] lang="zh"
# **先看一眼**：用 Shift+Enter 依次运行上面的两个单元格，再运行下面这个。它取一张 48 × 64 的图，图中的数在 0（黑）与 1（白）之间；对每个像素，用左边相邻的数减去右边相邻的数。没有变化的地方差为 0，留下来的就是边缘：从左到右由亮变暗处为橙色，由暗变亮处为紫色。这一行其实就是卷积：把 $(1, 0, -1)$ 这三个数盖在左、中、右三个像素上，对应相乘，再加起来；这样一组数就叫滤波器。接下来，你要亲手写出适用于任意滤波器、沿高和宽两个方向移动的卷积，然后再写它的反向传播。
#
# 运行之前，先把 `None` 换成你预测的数。
#
# <details>
# <summary>换成 scene[:-2] - scene[2:]，什么不见了？</summary>
#
# 这是用上边相邻的数减去下边相邻的数，所以找到的是横向的边缘：地面、墙的下沿和上沿。门和墙的竖边都不见了，因为那里上下相邻的数相同。屋顶的两条斜边既不竖也不横，两种写法都能找到。
#
# </details>

# %% tags=["demo"]
# Predict: the wall is 0.9, the door 0.2. What is the difference at the door's left edge?
# zh: 预测：墙为 0.9，门为 0.2。在门的左边缘，差是多少？
# Play: take scene[:-2] - scene[2:] instead. What has vanished?
# zh: 玩一玩：换成 scene[:-2] - scene[2:]，什么不见了？
prediction = None
scene = plots.house()
edges = scene[:, :-2] - scene[:, 2:]
plots.predict(prediction, np.round(edges[36, 24], 6), why="edge")
plots.edges(scene, edges)

# %% [markdown] lang="en"
# **How to use it**
#
# 1. Go from top to bottom and run each cell with Shift+Enter.
# 2. In an exercise, replace the line `raise NotImplementedError(...)` by your code, between the two comments, and run the cell.
# 3. Run the cell below it to play with your function: change its numbers as you like, it is not graded. Where it asks for a prediction, write a number in place of `None` first; that is not graded either.
# 4. Run the check below, `check(...)`. It says what is correct already, and where it recognises a mistake it tells you its cause. Fix the function, run its cell again, then run the check again. While a function is a stub or stops with an error, cells that play with it (`with needs(...)`) print one line instead.
# 5. Stuck? Each exercise has three hints to unfold, from a nudge to almost the line. Try for five minutes before each.
#
# <details>
# <summary>A cell that does not end, and what to do before you hand in</summary>
#
# - A cell that does not end, because of a loop that never stops: *Kernel → Interrupt Kernel* ends it, and nothing is lost. Where Python runs in the browser itself, only *Kernel → Restart Kernel* does; your code stays.
# - Before you hand in: *Kernel → Restart Kernel and Run All Cells*, save, and submit the file under its own name in the way your course told you. What is graded is your eight functions, each on its own and on fresh numbers, so there is no point in editing a check.
# - In VS Code, *Interrupt*, *Restart* and *Run All* are buttons above the notebook, and *Execute Above Cells* is one above each cell.
#
# </details>
#
# **Honour code:** talk about ideas with anybody, but the code that you hand in is written by you.

# %% [markdown] lang="zh"
# **使用方法**
#
# 1. 从上到下，用 Shift+Enter 逐个运行单元格。
# 2. 做练习时，把代码写在“你的代码从这里开始”和“你的代码到这里结束”这两行注释之间，替换掉 `raise NotImplementedError(...)` 这一行，然后运行该单元格。
# 3. 接着运行下面的单元格，试试你的函数：里面的数字可以随意改，不计分。如果它先要你预测，就把 `None` 换成一个数；这也不计分。
# 4. 再运行下面的检查 `check(...)`。它会告诉你哪些已经做对；如果能识别出你的错误，还会指出原因。改好函数后，先重新运行函数所在的单元格，再重新运行检查。函数还没写，或者运行出错时，用来试它的那些单元格（里面有 `with needs(...)`）只会打印一行提示。
# 5. 卡住了？每个练习都有三条可以展开的提示，从轻轻点拨到只差一步。每看一条之前，先自己想五分钟。
#
# <details>
# <summary>单元格一直不结束怎么办？提交之前要做什么？</summary>
#
# - 如果某个单元格陷入死循环，一直不结束，选择 *Kernel → Interrupt Kernel* 就能中止它，什么也不会丢。如果 Python 就在浏览器里运行，只有 *Kernel → Restart Kernel* 能中止它，但你写的代码不会丢。
# - 提交之前：选择 *Kernel → Restart Kernel and Run All Cells*，保存，然后按照课程的要求提交，不要改文件名。评分的对象是你写的八个函数，每个函数单独评分，并且换用新的数据，所以改动检查单元格没有意义。
# - 在 VS Code 里，中断和重启是 notebook 上方的按钮 *Interrupt* 和 *Restart*，重启后再按 *Run All*；每个单元格上方的 *Execute Above Cells* 会运行它上面的所有单元格。
#
# </details>
#
# **诚信守则**：思路可以和任何人讨论，但提交的代码必须是你自己写的。

# %% [markdown] lang="en"
# ## 2 Outline
#
# | Section | You write (points) | Minutes |
# |---|---|---|
# | [3 Why convolutions](#3-Why-convolutions) | nothing yet | 15 |
# | [4 The convolution layer, forward](#4-The-convolution-layer,-forward) | `zero_pad` (5), `conv_single_step` (5), `conv_forward` (25) | 80 |
# | [5 The pooling layer, forward](#5-The-pooling-layer,-forward) | `pool_forward` (15) | 35 |
# | [6 The convolution layer, backward](#6-The-convolution-layer,-backward) | `conv_backward` (25) | 55 |
# | [7 The pooling layer, backward](#7-The-pooling-layer,-backward) | `create_mask_from_window` (5), `distribute_value` (5), `pool_backward` (15) | 35 |
# | [8 Putting it together](#8-Putting-it-together) | nothing, you watch it work | 10 |
# | [9 What to try next](#9-What-to-try-next) | what you like | |
# | [10 Glossary](#10-Glossary) | | |
# | [11 Before you hand in](#11-Before-you-hand-in) | nothing | 5 |
#
# The second notebook, `convnet_application`, takes your eight functions over, makes them fast and trains a network with them.

# %% [markdown] lang="zh"
# ## 2 内容安排
#
# | 小节 | 你要写的函数（分值） | 分钟 |
# |---|---|---|
# | [3 为什么用卷积](#3-为什么用卷积) | 暂时没有 | 15 |
# | [4 卷积层的前向传播](#4-卷积层的前向传播) | `zero_pad`（5）、`conv_single_step`（5）、`conv_forward`（25） | 80 |
# | [5 池化层的前向传播](#5-池化层的前向传播) | `pool_forward`（15） | 35 |
# | [6 卷积层的反向传播](#6-卷积层的反向传播) | `conv_backward`（25） | 55 |
# | [7 池化层的反向传播](#7-池化层的反向传播) | `create_mask_from_window`（5）、`distribute_value`（5）、`pool_backward`（15） | 35 |
# | [8 合在一起](#8-合在一起) | 不用写，看它运行 | 10 |
# | [9 接下来可以试试](#9-接下来可以试试) | 由你决定 | |
# | [10 术语表](#10-术语表) | | |
# | [11 提交之前](#11-提交之前) | 不用写 | 5 |
#
# 第二个 notebook `convnet_application` 会接着用你写的八个函数：先提高它们的速度，再用它们训练一个网络。

# %% [markdown] lang="en"
# ## 3 Why convolutions
#
# ### 3.1 Few parameters, used everywhere
#
# Take a small colour picture of 64 × 64 pixels with 3 channels (how red, how green and how blue each pixel is), and a layer that turns it into 8 channels of the same height and width: the output of a layer has channels, too, in a convolution layer one per filter. Input and output are volumes, as in this smaller case (its picture loses its border on the way, 6 × 6 becomes 4 × 4; section 4.1 shows how to keep the size):
#
# ![](images/volume_to_volume.png)
#
# A **fully connected** layer links each of the $64 \cdot 64 \cdot 3 = 12288$ inputs with each of the $64 \cdot 64 \cdot 8 = 32768$ outputs and adds one bias per output. Counted in parameters, that is
#
# $$12288 \cdot 32768 + 32768 = 402685952$$
#
# A **convolution** layer with filters of 3 × 3 pixels makes two assumptions about pictures. What belongs together lies close together, so an output looks at a window of 3 × 3 pixels only (*locality*, or local connections). And what is worth finding in one corner is worth finding in any other, so all windows share the same **weights**, as the numbers in a filter are called (*weight sharing*): when the picture moves, the output moves with it (*translation equivariance*, often loosely called translation invariance). Each of the 8 filters then has $3 \cdot 3 \cdot 3$ weights and one bias, and the parameters of the whole layer are
#
# $$(3 \cdot 3 \cdot 3 + 1) \cdot 8 = 224$$
#
# In general a filter of $f \times f$ pixels over $n_C^{\mathrm{prev}}$ channels costs $f \cdot f \cdot n_C^{\mathrm{prev}} + 1$ parameters. The height and the width of the picture do not occur in it.

# %% [markdown] lang="zh"
# ## 3 为什么用卷积
#
# ### 3.1 参数很少，处处共用
#
# 设有一张 64 × 64 像素的彩色小图，它有 3 个通道（每个像素有多红、多绿、多蓝），网络的一层把它变成 8 个通道，高和宽不变：一层的输出也分通道，在卷积层里，每个滤波器产生一个。这一层的输入和输出都是三维数组（即三阶张量；英文叫 volume，也译数据体），下图是一个更小的例子（图中的高和宽从 6 × 6 缩小到 4 × 4，怎样保持大小不变，见 4.1 节）：
#
# ![](images/volume_to_volume.png)
#
# **全连接层**（fully connected layer）要把 $64 \cdot 64 \cdot 3 = 12288$ 个输入与 $64 \cdot 64 \cdot 8 = 32768$ 个输出两两相连，每个输出再加一个偏置（bias），参数个数是：
#
# $$12288 \cdot 32768 + 32768 = 402685952$$
#
# 而**卷积层**若使用 3 × 3 像素的滤波器（又称卷积核、过滤器），就等于对图像作了两个假设。第一，相关的东西离得近，所以一个输出只需要看一个 3 × 3 的窗口（**局部性**（locality），又称局部连接）。第二，值得留意的图案可能出现在任何地方，寻找它的方法却处处相同，所以所有窗口共用同一组**权重**（weight，即滤波器里的那些数），这叫**权重共享**（weight sharing，又称参数共享）。图像平移，输出也跟着平移，这就是常说的**平移不变性**；更准确的说法是**平移等变性**（equivariance）。于是 8 个滤波器中的每一个只有 $3 \cdot 3 \cdot 3$ 个权重和一个偏置，整层的参数个数是：
#
# $$(3 \cdot 3 \cdot 3 + 1) \cdot 8 = 224$$
#
# 一般地，大小为 $f \times f$、跨 $n_C^{\mathrm{prev}}$ 个通道的滤波器有 $f \cdot f \cdot n_C^{\mathrm{prev}} + 1$ 个参数，与图像的高和宽无关。

# %% tags=["demo"]
# Predict: with filters of 5 × 5 in place of 3 × 3, how many parameters does the convolution layer have?
# zh: 预测：滤波器从 3 × 3 换成 5 × 5，卷积层有多少个参数？
# Play: how do the numbers change for 224 × 224 pixels, or for filters of 7 × 7?
# zh: 玩一玩：换成 224 × 224 像素，或 7 × 7 的滤波器，这些数会怎样变化？
prediction = None
height, width, channels_before, channels_after, side = 64, 64, 3, 8, 5
inputs, outputs = height * width * channels_before, height * width * channels_after
shared = (side**2 * channels_before + 1) * channels_after
plots.predict(prediction, shared, why="parameters")
plots.parameter_counts(
    {
        "fully connected": inputs * outputs + outputs,
        f"convolution {side} × {side}": shared,
    }
)

# %% [markdown] lang="en"
# <details>
# <summary>How do the numbers change for 224 × 224 pixels, or for filters of 7 × 7?</summary>
#
# With 224 × 224 pixels the convolution layer keeps its number, and the fully connected one has $150528 \cdot 401408 + 401408 = 60423544832$ parameters, 150 times as many: inputs and outputs are each $3.5^2 = 12.25$ times as many, and $12.25^2 \approx 150$. With filters of 7 × 7 the convolution layer has $(7 \cdot 7 \cdot 3 + 1) \cdot 8 = 1184$, and the fully connected one keeps its number.
#
# </details>
#
# ### 3.2 It is called convolution, and it is a cross-correlation
#
# The filter is laid over the picture, overlapping numbers are multiplied, the products are added up, and the filter moves on. In mathematics this operation is the **cross-correlation**; a true convolution flips the filter (upside down and left to right) before it is laid down. One dimension shows the difference. Let a single 1 meet the filter $(1, 2, 3)$:
#
# | operation | $x = (0, 0, 1, 0, 0)$ meets $w = (1, 2, 3)$ | |
# |---|---|---|
# | cross-correlation | $(3, 2, 1)$ | the filter appears mirrored |
# | convolution | $(1, 2, 3)$ | the filter appears as it is |
#
# Check it with the three windows of $x$, which are $(0, 0, 1)$, $(0, 1, 0)$ and $(1, 0, 0)$. In the first one the 1 lies under the last weight, so the cross-correlation begins with 3. The convolution lays down $(3, 2, 1)$, whose last weight is 1, so it begins with 1.
#
# A network learns its weights, so it would simply learn the flipped filter instead: for the result it makes no difference. All of deep learning computes the cross-correlation and calls it convolution, and so does this notebook. The mirror image comes back once, in the backward pass.

# %% [markdown] lang="zh"
# <details>
# <summary>换成 224 × 224 像素，或 7 × 7 的滤波器，这些数会怎样变化？</summary>
#
# 换成 224 × 224 像素，卷积层的参数个数不变；全连接层则有 $150528 \cdot 401408 + 401408 = 60423544832$ 个，约为原来的 150 倍：输入和输出各变成原来的 $3.5^2 = 12.25$ 倍，而 $12.25^2 \approx 150$。换成 7 × 7 的滤波器，卷积层有 $(7 \cdot 7 \cdot 3 + 1) \cdot 8 = 1184$ 个参数，全连接层的不变。
#
# </details>
#
# ### 3.2 名为卷积，实为互相关
#
# 把滤波器盖在图像上，把上下重叠的数对应相乘，再把乘积加起来；然后把滤波器移到下一个位置，重复同样的计算。这个运算在数学上叫**互相关**（cross-correlation）；真正的卷积要先把滤波器上下、左右都翻转，再盖上去。用一维的例子就能看出区别：取只有一处为 1、其余全为 0 的信号，与滤波器 $(1, 2, 3)$ 作运算。
#
# | 运算 | $x = (0, 0, 1, 0, 0)$ 与 $w = (1, 2, 3)$ | |
# |---|---|---|
# | 互相关 | $(3, 2, 1)$ | 结果是滤波器的镜像 |
# | 卷积 | $(1, 2, 3)$ | 结果就是滤波器本身 |
#
# 不妨验算一下：$x$ 的三个窗口依次是 $(0, 0, 1)$、$(0, 1, 0)$ 和 $(1, 0, 0)$。在第一个窗口里，1 对着最后一个权重，所以互相关的第一个数是 3；卷积盖上去的是翻转后的 $(3, 2, 1)$，最后一个权重是 1，所以第一个数是 1。
#
# 网络的权重是学出来的：即使换成真正的卷积，网络学到的也不过是翻转后的滤波器，结果没有差别。所以深度学习省去翻转，算的都是互相关，名称却仍沿用“卷积”，本 notebook 也是如此。到了反向传播，这个镜像还会出现一次。

# %% tags=["demo"]
# Predict: the 1 stands one place farther right.
# zh: 预测：1 向右移了一位。
# What is the second number of the cross-correlation?
# zh: 互相关的第二个数是几？
# Play: put the 1 elsewhere, or a second one beside it.
# zh: 玩一玩：把 1 移到别处，或者在它旁边再放一个 1。
prediction = None
signal, weights = [0, 0, 0, 1, 0], [1, 2, 3]
# mode="valid": only windows that lie wholly inside the signal.
# zh: mode="valid"：只取完全落在信号以内的窗口。
plots.predict(prediction, np.correlate(signal, weights, mode="valid")[1], why="mirrored")
print("cross-correlation:", np.correlate(signal, weights, mode="valid"))
# zh: print("互相关：", np.correlate(signal, weights, mode="valid"))
print("convolution:      ", np.convolve(signal, weights, mode="valid"))
# zh: print("卷积：  ", np.convolve(signal, weights, mode="valid"))

# %% [markdown] lang="en"
# ### 3.3 Notation
#
# ![](images/notation.png)
#
# | Formula | In the code | Meaning |
# |---|---|---|
# | $m$ | `m` | number of examples (pictures) in the batch, counted by $i$ |
# | $n_H^{\mathrm{prev}}, n_W^{\mathrm{prev}}, n_C^{\mathrm{prev}}$ | `n_H_prev`, `n_W_prev`, `n_C_prev` | height, width, channels of the layer's input; its channels are counted by $k$ |
# | $n_H, n_W, n_C$ | `n_H`, `n_W`, `n_C` | height, width, channels of its output, counted by $h$, $w$, $c$ |
# | $f$ | `f` | height and width of a filter or pooling window, whose rows and columns are counted by $u$, $v$ |
# | $s$ | `stride` | how far the window moves from one position to the next |
# | $p$ | `pad` | how many rows and columns of zeros are added on each side |
# | $A^{\mathrm{prev}}$ | `A_prev` | input, shape `(m, n_H_prev, n_W_prev, n_C_prev)` |
# | $P$ | `A_prev_pad` | input with its border of zeros |
# | $W$ | `W` | weights of all filters, shape `(f, f, n_C_prev, n_C)` |
# | $b$ | `b` | biases, shape `(1, 1, 1, n_C)` |
# | $Z$ | `Z` | output of the convolution, shape `(m, n_H, n_W, n_C)` |
#
# The first axis of every batch counts the examples and the last one the channels. Height comes before width: row first, column second, as in a matrix. All indices start at 0. $f$, $s$ and $p$ are **hyperparameters**: somebody chooses them, they are not learned. The functions receive them in a dictionary, `hparameters`.

# %% [markdown] lang="zh"
# ### 3.3 记号
#
# ![](images/notation.png)
#
# | 公式 | 代码 | 含义 |
# |---|---|---|
# | $m$ | `m` | 一批（batch）中的样本（图像）数，也叫批量大小，用 $i$ 编号 |
# | $n_H^{\mathrm{prev}}, n_W^{\mathrm{prev}}, n_C^{\mathrm{prev}}$ | `n_H_prev`、`n_W_prev`、`n_C_prev` | 这一层输入的高、宽、通道数，其中通道用 $k$ 编号 |
# | $n_H, n_W, n_C$ | `n_H`、`n_W`、`n_C` | 输出的高、宽、通道数，分别用 $h$、$w$、$c$ 编号 |
# | $f$ | `f` | 滤波器或池化窗口的边长，窗口内的行、列分别用 $u$、$v$ 编号 |
# | $s$ | `stride` | 步幅：窗口每次移动几行（几列） |
# | $p$ | `pad` | 填充：每一侧添几行（几列）零（有的教材指两侧之和） |
# | $A^{\mathrm{prev}}$ | `A_prev` | 输入，形状 `(m, n_H_prev, n_W_prev, n_C_prev)` |
# | $P$ | `A_prev_pad` | 四周填了零的输入 |
# | $W$ | `W` | 所有滤波器的权重，形状 `(f, f, n_C_prev, n_C)` |
# | $b$ | `b` | 偏置，形状 `(1, 1, 1, n_C)` |
# | $Z$ | `Z` | 卷积的输出，形状 `(m, n_H, n_W, n_C)` |
#
# 每批数据的第一个轴（axis，也叫维度）是样本，最后一个轴是通道。高在前，宽在后，和矩阵一样先行后列。所有下标从 0 开始。$f$、$s$、$p$ 是**超参数**（hyperparameter）：由人选定，不是学出来的；它们放在字典 `hparameters` 里传给函数。

# %% [markdown] lang="en"
# **In short**
#
# - A filter looks at a small window, and all windows share its weights: few parameters, whatever the size of the picture.
# - What deep learning calls a convolution is a cross-correlation; the mirror image comes back in the backward pass.
# - The axes are example, height, width, channel, in this order.

# %% [markdown] lang="zh"
# **小结**
#
# - 滤波器只看一个小窗口，所有窗口共用它的权重：参数很少，与图像大小无关。
# - 深度学习里说的卷积其实是互相关；镜像到反向传播时还会再出现。
# - 各个轴依次是样本、高、宽、通道。

# %% [markdown] lang="en"
# ## 4 The convolution layer, forward
#
# ### 4.1 Zero padding
#
# Without padding, every convolution eats the border of the picture: a filter of 3 × 3 fits into a row of 5 pixels at 3 places only. **Zero padding** puts a border of $p$ zeros around height and width. It helps twice:
#
# - **The output need not shrink.** At stride 1 and with an odd $f$, the padding $p = (f - 1)/2$ keeps height and width; this is called a *same* convolution. Without it, ten layers of 3 × 3 filters would take 20 rows and 20 columns from every picture.
# - **The border counts more.** A corner pixel lies in a single window of 3 × 3, a pixel in the middle lies in many. With $p = 1$ the corner lies in 4.
#
# ![](images/padding.png)
#
# Padding never touches the examples or the channels. So the shape changes like this:
#
# $$(m,\; n_H,\; n_W,\; n_C) \;\to\; (m,\; n_H + 2p,\; n_W + 2p,\; n_C)$$
#
# **By hand.** A picture of 2 × 2 pixels, padded by 1:
#
# $$\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} \;\to\; \begin{pmatrix} 0 & 0 & 0 & 0 \\ 0 & 1 & 2 & 0 \\ 0 & 3 & 4 & 0 \\ 0 & 0 & 0 & 0 \end{pmatrix}$$
#
# Four numbers became 16, twelve of them zeros.
#
# **The tool.** [`np.pad`](https://numpy.org/doc/stable/reference/generated/numpy.pad.html) takes the array and one pair *(before, after)* per axis. For a matrix, `np.pad(M, ((1, 0), (0, 2)))` adds one row above and two columns on the right; the new entries are zeros unless you ask for something else. With more axes there are more pairs: for five axes, `np.pad(T, ((0, 0), (1, 1), (0, 0), (3, 2), (0, 0)))` reads axis by axis as nothing, 1 and 1, nothing, 3 and 2, nothing.

# %% [markdown] lang="zh"
# ## 4 卷积层的前向传播
#
# ### 4.1 零填充
#
# 如果不填充，每做一次卷积，图像的边缘就少掉一些：一行有 5 个像素时，3 × 3 的滤波器只有 3 个位置可放。**零填充**（zero padding，简称填充）就是沿高和宽两个方向，在图像四周添上 $p$ 圈零。好处有两个：
#
# - **输出不会变小**：当步幅为 1、$f$ 为奇数时，取 $p = (f - 1)/2$ 就能保持高和宽不变，这叫**等宽卷积**（same convolution，也叫 same 卷积）。如果不填充，十层 3 × 3 的滤波器会让每张图少掉 20 行和 20 列。
# - **边缘不再吃亏**：角上的像素只落在一个 3 × 3 的窗口里，对输出的影响很小，而中间的像素落在许多个窗口里。取 $p = 1$ 后，角上的像素就落在 4 个窗口里。
#
# ![](images/padding.png)
#
# 填充不涉及样本轴和通道轴，所以形状的变化是：
#
# $$(m,\; n_H,\; n_W,\; n_C) \;\to\; (m,\; n_H + 2p,\; n_W + 2p,\; n_C)$$
#
# **动手算一算**：一张 2 × 2 的图，填充 1 圈：
#
# $$\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} \;\to\; \begin{pmatrix} 0 & 0 & 0 & 0 \\ 0 & 1 & 2 & 0 \\ 0 & 3 & 4 & 0 \\ 0 & 0 & 0 & 0 \end{pmatrix}$$
#
# 4 个数变成了 16 个，其中 12 个是零。
#
# **工具**：[`np.pad`](https://numpy.org/doc/stable/reference/generated/numpy.pad.html) 接收一个数组，还要为每个轴给出一对数（前面加几个，后面加几个）。例如对矩阵来说，`np.pad(M, ((1, 0), (0, 2)))` 在上面加一行、在右边加两列；新增的元素默认是零，除非你另外指定。数组有几个轴，就要给几对数：有五个轴时，`np.pad(T, ((0, 0), (1, 1), (0, 0), (3, 2), (0, 0)))` 的五对数按轴的顺序依次表示：不填；前后各填 1；不填；前面填 3，后面填 2；不填。

# %% [markdown] lang="en"
# ### Exercise 1 – zero_pad
#
# Pad every picture of the batch `X` with `pad` rows and columns of zeros on each side.
#
# <details>
# <summary>Hint 1: a nudge</summary>
#
# The batch has four axes. Which of them should grow, and which must stay as they are?
#
# </details>
#
# <details>
# <summary>Hint 2: the approach</summary>
#
# One call of `np.pad` is enough. It wants four pairs, one per axis in their order; the pair `(0, 0)` leaves an axis alone.
#
# </details>
#
# <details>
# <summary>Hint 3: almost the line</summary>
#
# This pads the height only: `np.pad(X, ((0, 0), (pad, pad), (0, 0), (0, 0)))`. One pair has to change.
#
# </details>

# %% [markdown] lang="zh"
# ### 练习 1 – zero_pad
#
# 给这批数据 `X` 中的每张图填零：上、下各填 `pad` 行，左、右也各填这么多列。
#
# <details>
# <summary>提示 1：点拨</summary>
#
# 这批数据有四个轴。哪几个应该变长？哪几个必须保持不变？
#
# </details>
#
# <details>
# <summary>提示 2：思路</summary>
#
# 调用一次 `np.pad` 就够了。它需要四对数，按轴的顺序，每个轴一对；`(0, 0)` 表示这个轴不填充。
#
# </details>
#
# <details>
# <summary>提示 3：只差一步</summary>
#
# 下面的写法只在高的方向上做了填充：`np.pad(X, ((0, 0), (pad, pad), (0, 0), (0, 0)))`。还有一对需要改。
#
# </details>


# %% solution="zero_pad"
def zero_pad(X, pad):
    """Put a border of zeros around the height and width of every picture.
    # zh: 在每张图像的四周（高和宽两个方向）填充零。

    X: array of shape (m, n_H, n_W, n_C)
    # zh: X：形状为 (m, n_H, n_W, n_C) 的数组
    pad: whole number >= 0, the rows and columns to add on each side
    # zh: pad：不小于 0 的整数，每一侧要添加的行数和列数
    Returns X_pad: array of shape (m, n_H + 2 * pad, n_W + 2 * pad, n_C)
    # zh: 返回 X_pad：形状为 (m, n_H + 2 * pad, n_W + 2 * pad, n_C) 的数组
    """
    # YOUR CODE STARTS HERE
    # zh: 你的代码从这里开始
    # (about 1 line) Call np.pad with one pair (before, after) for each axis.
    # zh: （约 1 行）调用 np.pad，为每个轴给出一对数（前面填几个，后面填几个）。
    raise NotImplementedError("zero_pad")
    # YOUR CODE ENDS HERE
    # zh: 你的代码到这里结束
    return X_pad


# %% tags=["demo"]
# Predict: the house has 64 columns. How many are there with a border of 6?
# zh: 预测：房子图有 64 列，四周填充 6 圈零之后有多少列？
# Play: try another padding, 0 included.
# zh: 玩一玩：换一个填充宽度，也试试 0。
prediction = None
border = 6
with needs(zero_pad):
    scene = plots.house()[np.newaxis, :, :, np.newaxis]  # one picture, one channel
    # zh: scene = plots.house()[np.newaxis, :, :, np.newaxis]  # 一张图像，一个通道
    scene_pad = zero_pad(scene, border)
    plots.predict(prediction, np.shape(scene_pad)[2], why="border")
    plots.padding(scene, scene_pad, border)

# %% test="zero_pad"
check(zero_pad)

# %% [markdown] lang="en"
# <details>
# <summary>Question 1: which padding keeps a picture of 28 × 28 at its size when the filter is 5 × 5 and the stride 1?</summary>
#
# $p = (5 - 1)/2 = 2$. Then $28 - 5 + 2 \cdot 2 + 1 = 28$.
#
# </details>
#
# <details>
# <summary>Question 2: and for a filter of 4 × 4?</summary>
#
# No equal padding on all sides does it: $p$ would have to be $1.5$. That is one reason why filters usually have an odd side. (The other: an odd filter has a middle.)
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>思考题 1：滤波器为 5 × 5、步幅为 1 时，填充多少才能让 28 × 28 的图保持大小？</summary>
#
# $p = (5 - 1)/2 = 2$。这时 $28 - 5 + 2 \cdot 2 + 1 = 28$。
#
# </details>
#
# <details>
# <summary>思考题 2：滤波器换成 4 × 4 呢？</summary>
#
# 四边填得一样多就做不到：$p$ 得等于 $1.5$。滤波器的边长通常取奇数，这是一个原因；另一个原因是，边长为奇数的滤波器才有正中心，可以对准一个像素。
#
# </details>

# %% [markdown] lang="en"
# ### 4.2 One step of a convolution
#
# The filter lies at one place of the (padded) picture. It covers a slice $a$ of $f \times f$ pixels with all $n_C^{\mathrm{prev}}$ channels, and has exactly that many weights: of a picture with 3 channels, `a_prev[0:2, 0:2, :]` has the shape `(2, 2, 3)`. From this one place comes one number:
#
# $$Z = \sum_{u=0}^{f-1} \sum_{v=0}^{f-1} \sum_{k=0}^{n_C^{\mathrm{prev}}-1} a_{u,v,k} \, W_{u,v,k} \;+\; b$$
#
# ![](images/convolution_step.png)
#
# **By hand.** A slice of 2 × 2 pixels with two channels, and $b = 0.5$. Multiply *element by element* (elementwise), never row by column as in a matrix product:
#
# | channel | slice | weights | products | sum |
# |---|---|---|---|---|
# | $k = 0$ | $\begin{pmatrix} 1 & 2 \\ 0 & 1 \end{pmatrix}$ | $\begin{pmatrix} 1 & 0 \\ -1 & 2 \end{pmatrix}$ | $\begin{pmatrix} 1 & 0 \\ 0 & 2 \end{pmatrix}$ | $3$ |
# | $k = 1$ | $\begin{pmatrix} 3 & 0 \\ 1 & 2 \end{pmatrix}$ | $\begin{pmatrix} 1 & 1 \\ 2 & -1 \end{pmatrix}$ | $\begin{pmatrix} 3 & 0 \\ 2 & -2 \end{pmatrix}$ | $3$ |
#
# $$Z = 3 + 3 + 0.5 = 6.5$$
#
# The bias is added **once**, after the sum. Added inside the sum it would count once per product, here 8 times: $3 + 3 + 8 \cdot 0.5 = 10$, which is wrong.
#
# The result is a single number. The bias arrives as an array of shape `(1, 1, 1)`, which holds one number but is not one: adding it as it is would make $Z$ an array too. `b.item()` takes the number out.
#
# $Z$ is the value *before* the activation function. A network would go on with $A = g(Z)$, for example with a ReLU, which replaces negative numbers by 0; here the layer ends at $Z$.

# %% [markdown] lang="zh"
# ### 4.2 卷积的一步
#
# 滤波器停在（填充后的）图像的某一处，盖住一块切片 $a$：$f \times f$ 个像素，连同全部 $n_C^{\mathrm{prev}}$ 个通道；滤波器的权重也恰好有这么多个。例如图像有 3 个通道时，`a_prev[0:2, 0:2, :]` 的形状是 `(2, 2, 3)`。滤波器在这一处只算出一个数：
#
# $$Z = \sum_{u=0}^{f-1} \sum_{v=0}^{f-1} \sum_{k=0}^{n_C^{\mathrm{prev}}-1} a_{u,v,k} \, W_{u,v,k} \;+\; b$$
#
# ![](images/convolution_step.png)
#
# **动手算一算**：切片为 2 × 2 像素、两个通道，$b = 0.5$。注意这里是逐元素（也叫按元素）相乘，即同一位置上的两个数相乘，而不是像矩阵乘法那样行乘列：
#
# | 通道 | 切片 | 权重 | 乘积 | 和 |
# |---|---|---|---|---|
# | $k = 0$ | $\begin{pmatrix} 1 & 2 \\ 0 & 1 \end{pmatrix}$ | $\begin{pmatrix} 1 & 0 \\ -1 & 2 \end{pmatrix}$ | $\begin{pmatrix} 1 & 0 \\ 0 & 2 \end{pmatrix}$ | $3$ |
# | $k = 1$ | $\begin{pmatrix} 3 & 0 \\ 1 & 2 \end{pmatrix}$ | $\begin{pmatrix} 1 & 1 \\ 2 & -1 \end{pmatrix}$ | $\begin{pmatrix} 3 & 0 \\ 2 & -2 \end{pmatrix}$ | $3$ |
#
# $$Z = 3 + 3 + 0.5 = 6.5$$
#
# 偏置在求和之后加，只加**一次**。如果写进求和号里面，每个乘积就都加上了一次偏置，这里就加了 8 次：$3 + 3 + 8 \cdot 0.5 = 10$，这是错的。
#
# 结果应当是一个数。而传进来的偏置是形状为 `(1, 1, 1)` 的数组，里面虽然只有一个数，本身却还是数组：如果直接相加，$Z$ 也会变成数组。用 `b.item()` 把这个数取出来。
#
# $Z$ 是经过激活函数（activation function）**之前**的值。在网络里接下来还要算 $A = g(Z)$，例如 ReLU（把负数换成 0）；这里的卷积层到 $Z$ 为止。

# %% [markdown] lang="en"
# ### Exercise 2 – conv_single_step
#
# Compute the one number that comes from one slice.
#
# <details>
# <summary>Hint 1: a nudge</summary>
#
# The slice and the weights have the same shape. Which operator multiplies two arrays element by element?
#
# </details>
#
# <details>
# <summary>Hint 2: the approach</summary>
#
# Multiply with `*`, add everything up with `np.sum`, and only then add the bias as a plain number.
#
# </details>
#
# <details>
# <summary>Hint 3: almost the line</summary>
#
# `np.sum(a_slice_prev * W)` is the first half. What is missing comes after the closing bracket. (`float(b)`, which older notes recommend, is refused by NumPy 2.4 and later.)
#
# </details>

# %% [markdown] lang="zh"
# ### 练习 2 – conv_single_step
#
# 由一块切片算出一个数。
#
# <details>
# <summary>提示 1：点拨</summary>
#
# 切片和权重形状相同。哪个运算符能把两个数组逐元素相乘？
#
# </details>
#
# <details>
# <summary>提示 2：思路</summary>
#
# 先用 `*` 相乘，再用 `np.sum` 全部加起来，最后才把偏置作为一个普通的数加上去。
#
# </details>
#
# <details>
# <summary>提示 3：只差一步</summary>
#
# `np.sum(a_slice_prev * W)` 是前半部分，缺少的部分接在右括号之后。（旧资料里常见的 `float(b)`，在 NumPy 2.4 及以后的版本中会报错。）
#
# </details>


# %% solution="conv_single_step"
def conv_single_step(a_slice_prev, W, b):
    """Apply one filter to one slice of the input.
    # zh: 把一个滤波器作用于输入的一块切片。

    a_slice_prev: array of shape (f, f, n_C_prev)
    # zh: a_slice_prev：形状为 (f, f, n_C_prev) 的数组
    W: array of shape (f, f, n_C_prev), the weights of one filter
    # zh: W：形状为 (f, f, n_C_prev) 的数组，一个滤波器的权重
    b: array of shape (1, 1, 1), the bias of that filter
    # zh: b：形状为 (1, 1, 1) 的数组，这个滤波器的偏置
    Returns Z: a single number, not an array
    # zh: 返回 Z：一个数，不是数组
    """
    # YOUR CODE STARTS HERE
    # zh: 你的代码从这里开始
    # (about 2 lines) Multiply element by element, sum up, then add the bias once.
    # zh: （约 2 行）逐元素相乘，求和，最后加一次偏置。
    raise NotImplementedError("conv_single_step")
    # YOUR CODE ENDS HERE
    # zh: 你的代码到这里结束
    return Z


# %% tags=["demo"]
# Predict: the example from above, but with a bias of −2 in place of 0.5. What is Z?
# zh: 预测：上面的例子，只是偏置从 0.5 换成 −2。Z 是几？
# Play: put the bias of 0.5 back, and it should give 6.5.
# zh: 玩一玩：把偏置换回 0.5，结果应为 6.5。
prediction = None
a_slice = np.stack([[[1, 2], [0, 1]], [[3, 0], [1, 2]]], axis=-1)
weights = np.stack([[[1, 0], [-1, 2]], [[1, 1], [2, -1]]], axis=-1)
with needs(conv_single_step):
    answer = conv_single_step(a_slice, weights, np.array([[[-2.0]]]))
    plots.predict(prediction, np.sum(answer), why="bias_once")
    print("Z =", answer)

# %% test="conv_single_step"
check(conv_single_step)

# %% [markdown] lang="en"
# ### 4.3 The whole layer, forward
#
# The filter visits one place after the other, from left to right and from top to bottom, and each place gives one number of the output. A second filter gives a second channel, and so on: $n_C$ filters make $n_C$ channels. What one filter makes of the whole picture is called a **feature map**.
#
# **How large is the output?** Along the height there are $n_H^{\mathrm{prev}} + 2p$ rows. The first window needs $f$ of them, and each further window needs $s$ more; what is left over at the end is not used. So (and likewise for the width)
#
# $$n_H = \left\lfloor \frac{n_H^{\mathrm{prev}} - f + 2p}{s} \right\rfloor + 1$$
#
# | $n_H^{\mathrm{prev}}$ | $f$ | $p$ | $s$ | $n_H$ | |
# |---|---|---|---|---|---|
# | 5 | 3 | 0 | 1 | $\lfloor 2/1 \rfloor + 1 = 3$ | |
# | 5 | 3 | 1 | 1 | $\lfloor 4/1 \rfloor + 1 = 5$ | *same* |
# | 7 | 3 | 0 | 2 | $\lfloor 4/2 \rfloor + 1 = 3$ | |
# | 6 | 3 | 0 | 2 | $\lfloor 3/2 \rfloor + 1 = 2$ | the last row is never seen |
# | 2 | 3 | 0 | 2 | $\lfloor -1/2 \rfloor + 1 = 0$ | the window does not fit |
#
# In Python, $\lfloor a/s \rfloor$ is `a // s`. Do not write `int(a / s)`: it cuts towards zero, so in the last row it would promise an output that does not exist. A layer whose window does not fit is refused, by every framework; the checks never ask for one.
#
# **Where is the window?** The output position $(h, w)$ belongs to the rows $h s$ to $h s + f - 1$ and the columns $w s$ to $w s + f - 1$ of the padded picture. As a slice, whose end is not included:
#
# | | start | end |
# |---|---|---|
# | vertical | $h s$ | $h s + f$ |
# | horizontal | $w s$ | $w s + f$ |
#
# ![](images/window_corners.png)
#
# Your loops count the **output** positions, and the stride appears in the corners only. Why take steps of 2? Height and width are halved, and only a quarter of the numbers is worked out: enough where the next layer needs no more than the rough place of what was found.
#
# <details>
# <summary>May stride and padding differ for height and width?</summary>
#
# Yes: the formula holds for each side by itself, and frameworks take a pair, such as `stride=(2, 1)`. With $f = 3$ and no padding, this pair makes $\lfloor (5 - 3)/2 \rfloor + 1 = 2$ rows and $\lfloor (7 - 3)/1 \rfloor + 1 = 5$ columns out of 5 × 7. In this course one number serves both sides.
#
# </details>
#
# **Move it yourself.** Change the sizes with the sliders, then point at an output, or go to it with the tab and arrow keys: its window is framed, and the sum below says how the number comes about. Which sizes leave pixels unseen at the border? (The explorer's `n_out` is $n_H$ and $n_W$ in one, as its picture is square. Leave `dilation` at 1 for now; section 9 comes back to it.)
#
# <details>
# <summary>The answer</summary>
#
# All for which $n + 2p - f$ is not a multiple of $s$: the remainder of the division is the number of rows at the bottom, and of columns on the right, that no window reaches. With $n = 6$, $f = 3$, $p = 0$, $s = 2$ it is 1. As long as the remainder is at most $p$, only zeros of the padding are lost. (A stride larger than $f$ leaves gaps between the windows, too.)
#
# </details>
#
# <details>
# <summary>The explorer as a picture, for reading without running</summary>
#
# ![](images/convolution.png)
#
# </details>

# %% [markdown] lang="zh"
# ### 4.3 整个卷积层的前向传播
#
# 滤波器从左上角出发，从左到右、从上到下依次移动，每到一个位置就算出输出中的一个数。多用一个滤波器，输出就多一个通道：$n_C$ 个滤波器得到 $n_C$ 个通道。一个滤波器扫过整张图得到的结果，叫作一张**特征图**（feature map，也叫特征映射）。
#
# **输出有多大**？沿高的方向，一共有 $n_H^{\mathrm{prev}} + 2p$ 行。第一个窗口占 $f$ 行，以后每多一个窗口，就要再多 $s$ 行；末尾剩下的行不够再移动一步，就用不到了。因此（宽的方向同理）
#
# $$n_H = \left\lfloor \frac{n_H^{\mathrm{prev}} - f + 2p}{s} \right\rfloor + 1$$
#
# | $n_H^{\mathrm{prev}}$ | $f$ | $p$ | $s$ | $n_H$ | |
# |---|---|---|---|---|---|
# | 5 | 3 | 0 | 1 | $\lfloor 2/1 \rfloor + 1 = 3$ | |
# | 5 | 3 | 1 | 1 | $\lfloor 4/1 \rfloor + 1 = 5$ | same 卷积 |
# | 7 | 3 | 0 | 2 | $\lfloor 4/2 \rfloor + 1 = 3$ | |
# | 6 | 3 | 0 | 2 | $\lfloor 3/2 \rfloor + 1 = 2$ | 最后一行用不到 |
# | 2 | 3 | 0 | 2 | $\lfloor -1/2 \rfloor + 1 = 0$ | 窗口放不下 |
#
# 在 Python 中，$\lfloor a/s \rfloor$ 写作 `a // s`。不要写 `int(a / s)`：它是向零取整，遇到表中最后一行那样的情形，就会多算出一个并不存在的输出。连一个窗口都放不下的层没有意义，任何深度学习框架都会报错；检查里也不会出现这种情形。
#
# **窗口在哪里**？输出位置 $(h, w)$ 对应填充后图像的第 $h s$ 行到第 $h s + f - 1$ 行、第 $w s$ 列到第 $w s + f - 1$ 列。写成切片时，终点不包含在内：
#
# | | 起点 | 终点 |
# |---|---|---|
# | 竖直方向 | $h s$ | $h s + f$ |
# | 水平方向 | $w s$ | $w s + f$ |
#
# ![](images/window_corners.png)
#
# 循环变量遍历的是**输出**的位置；步幅（也叫步长）只用来计算窗口的起止位置。为什么要取大于 1 的步幅？步幅为 2 时，高和宽各减半，要算的数只剩四分之一；如果下一层只需要知道大致的位置，这样就够了。
#
# <details>
# <summary>高和宽的步幅、填充可以不一样吗？</summary>
#
# 可以：公式对高、宽两个方向分别成立，在框架里传一对数就行，例如 `stride=(2, 1)`。以 5 × 7 的图为例，$f = 3$、不填充，用这一对步幅得到 $\lfloor (5 - 3)/2 \rfloor + 1 = 2$ 行、$\lfloor (7 - 3)/1 \rfloor + 1 = 5$ 列。本课程里，两个方向始终用同一个数。
#
# </details>
#
# **自己动手移一移**：用滑块改变大小，再把鼠标指向某个输出（或者用 Tab 键和方向键移过去）：图中就会框出它的窗口，下面的算式写明这个数是怎样得到的。哪些大小会让边缘的像素用不到？（图是正方形的，所以其中的 `n_out` 既是 $n_H$ 也是 $n_W$。空洞率 `dilation` 先保持为 1，第 9 节再说。）
#
# <details>
# <summary>答案</summary>
#
# 只要 $n + 2p - f$ 不能被 $s$ 整除，就会有剩余：余数是几，最下面就有几行、最右边就有几列落不进任何窗口。例如 $n = 6$、$f = 3$、$p = 0$、$s = 2$ 时，余数是 1。余数不超过 $p$ 时，漏掉的只是填上去的零，无妨。（步幅比 $f$ 还大时，窗口与窗口之间也会有漏掉的像素。）
#
# </details>
#
# <details>
# <summary>不运行代码时：“动手探索”的静态图</summary>
#
# ![](images/convolution.png)
#
# </details>

# %% tags=["demo"]
# Predict: n = 7, f = 3, pad = 1, stride = 2. How many rows does the output have? Write it here.
# zh: 预测：n = 7，f = 3，pad = 1，stride = 2 时，输出有多少行？把 None 换成你的数。
prediction = None
plots.predict(prediction, plots.count_windows(n=7, f=3, pad=1, stride=2), why="size")
plots.explore_convolution()

# %% [markdown] lang="en"
# **By hand.** A picture of 5 × 7 pixels, a filter that compares its left column with its right one, $b = 1$, stride 2, no padding. The output has $\lfloor (5 - 3)/2 \rfloor + 1 = 2$ rows and $\lfloor (7 - 3)/2 \rfloor + 1 = 3$ columns:
#
# $$P = \begin{pmatrix} 0 & 0 & 1 & 1 & 1 & 0 & 0 \\ 0 & 0 & 1 & 1 & 1 & 0 & 0 \\ 0 & 2 & 1 & 1 & 0 & 0 & 0 \\ 0 & 0 & 1 & 1 & 1 & 0 & 3 \\ 0 & 0 & 1 & 1 & 1 & 0 & 0 \end{pmatrix} \qquad W = \begin{pmatrix} 1 & 0 & -1 \\ 1 & 0 & -1 \\ 1 & 0 & -1 \end{pmatrix} \qquad Z = \begin{pmatrix} -2 & 2 & 3 \\ -2 & 2 & 0 \end{pmatrix}$$
#
# The entry at $h = 1$, $w = 2$ comes from rows 2 to 4 and columns 4 to 6. The left column of the window adds up to $0 + 1 + 1 = 2$, the right one to $0 + 3 + 0 = 3$, so $Z = 2 - 3 + 1 = 0$.
#
# For the whole layer, with $i$ for the example and $c$ for the filter:
#
# $$Z_{i,h,w,c} = b_c + \sum_{u=0}^{f-1} \sum_{v=0}^{f-1} \sum_{k=0}^{n_C^{\mathrm{prev}}-1} P_{i,\; hs+u,\; ws+v,\; k} \; W_{u,v,k,c}$$

# %% [markdown] lang="zh"
# **动手算一算**：图像为 5 × 7 像素，滤波器的作用是比较窗口的左列与右列，$b = 1$，步幅为 2，不填充。输出有 $\lfloor (5 - 3)/2 \rfloor + 1 = 2$ 行、$\lfloor (7 - 3)/2 \rfloor + 1 = 3$ 列：
#
# $$P = \begin{pmatrix} 0 & 0 & 1 & 1 & 1 & 0 & 0 \\ 0 & 0 & 1 & 1 & 1 & 0 & 0 \\ 0 & 2 & 1 & 1 & 0 & 0 & 0 \\ 0 & 0 & 1 & 1 & 1 & 0 & 3 \\ 0 & 0 & 1 & 1 & 1 & 0 & 0 \end{pmatrix} \qquad W = \begin{pmatrix} 1 & 0 & -1 \\ 1 & 0 & -1 \\ 1 & 0 & -1 \end{pmatrix} \qquad Z = \begin{pmatrix} -2 & 2 & 3 \\ -2 & 2 & 0 \end{pmatrix}$$
#
# 位置 $h = 1$、$w = 2$ 的窗口是第 2 到 4 行、第 4 到 6 列。左列之和 $0 + 1 + 1 = 2$，右列之和 $0 + 3 + 0 = 3$，故 $Z = 2 - 3 + 1 = 0$。
#
# 对整个卷积层，用 $i$ 表示样本、$c$ 表示滤波器：
#
# $$Z_{i,h,w,c} = b_c + \sum_{u=0}^{f-1} \sum_{v=0}^{f-1} \sum_{k=0}^{n_C^{\mathrm{prev}}-1} P_{i,\; hs+u,\; ws+v,\; k} \; W_{u,v,k,c}$$

# %% [markdown] lang="en"
# ### 4.4 A finished function, line by line
#
# Before you write the layer, read a function that is already finished. It, too, moves a window over its input, but the input is one row of numbers, and what it does with a window has nothing to do with filters: a **running median** takes single wrong measurements out of a series. Run the cell below, then go through it with this list.
#
# 1. `places = ...` **Sizes first.** How many windows fit? It is the formula of 4.3, without padding. The size of the output has to be known before there is anything to put into it.
# 2. `medians = np.zeros(places)` **An empty output**, with one place for each window. Its length is the one just worked out, not that of the input.
# 3. `for place in range(places):` **A loop over the output**, not over the input: each turn makes one number, and no window can stick out at the end.
# 4. `start = ...` and `end = ...` **The corners of the window.** Only here does the step occur: it turns the number of an output into a place in the input. `end` is the first place that does not belong to the window any more.
# 5. `inside = signal[start:end]` **Cut out** what the window covers. Its shape is worth a look: here it is always `(width,)`.
# 6. `medians[place] = ...` **Compute one number and store it** under the number of its output. With `start` in its place, a step of 2 would leave every second entry empty and soon run past the end of the array.
# 7. `return medians` comes **after the loop**. Indented one level more, it would end the function after the first window.
#
# A picture has two sides, so it takes two loops and two pairs of corners; the examples of a batch and the channels of the output take one more loop each. The pattern stays the same: sizes, empty output, loops, corners, cut out, compute and store.
#
# <details>
# <summary>Which width does the wrong 90 survive?</summary>
#
# With step 1: a width of 1, which changes nothing, and in part a width of 2, as the median of two numbers is their mean. (With step 2, a width of 1 happens to jump over the 90.) From 3 on the 90 is always outvoted by its neighbours.
#
# </details>

# %% [markdown] lang="zh"
# ### 4.4 逐行读懂一个写好的函数
#
# 动手写卷积层之前，先读一个写好的函数。它也是让窗口在输入上移动，只不过输入是一维的，每个窗口里做的运算也不同：它求的是**滑动中位数**，用来去掉一串测量值里个别的错误数据。先运行下面的单元格，再对照着逐行往下看。
#
# 1. `places = ...` **先算大小**：一共放得下几个窗口？用的就是 4.3 节的公式，只是没有填充。输出有多大，要在存放结果之前就知道。
# 2. `medians = np.zeros(places)` **准备空的输出**：每个窗口占一个位置。它的长度就是刚算出的个数，而不是输入的长度。
# 3. `for place in range(places):` **循环遍历输出**，而不是输入：每循环一次，得到一个数；这样，最后一个窗口也不会伸到输入外面去。
# 4. `start = ...` 和 `end = ...` **窗口的起止位置**：步幅只在这里出现，它把输出的编号换算成输入中的位置。`end` 是窗口之后的第一个位置，本身不属于窗口。
# 5. `inside = signal[start:end]` **切出窗口里的数**。不妨养成看一眼形状的习惯：这里总是 `(width,)`。
# 6. `medians[place] = ...` **算出一个数，存起来**。方括号里是输出的编号。如果误写成 `start`，步幅为 2 时就会隔一个空一个，很快还会超出数组的范围。
# 7. `return medians` 在**循环之后**。如果多缩进一层，算完第一个窗口，函数就结束了。
#
# 图像有高和宽两个方向，所以要两层循环、两对起止位置；样本和输出的通道，再各加一层循环。步骤始终不变：算大小，建输出，写循环，求起止位置，切窗口，计算并存储。
#
# <details>
# <summary>宽度取多少时，错误的 90 去不掉？</summary>
#
# 步幅为 1 时：宽度为 1，什么也没有变；宽度为 2，也去不干净，因为两个数的中位数就是它们的平均值。（步幅为 2、宽度为 1 时，只是碰巧跳过了 90。）从 3 开始，90 在每个窗口里都只占少数，影响不了中位数。
#
# </details>

# %% tags=["demo"]
# Predict: with a step of 2, how many numbers are left of these nine?
# zh: 预测：步幅为 2 时，这九个数经过计算还剩几个？
# Play: a step of 1, or a width of 5. Which width does the wrong 90 survive?
# zh: 玩一玩：把步幅换成 1，或者把宽度换成 5。宽度取多少时，错误的 90 去不掉？
prediction = None


def running_median(signal, width, step):
    places = (len(signal) - width) // step + 1
    medians = np.zeros(places)
    for place in range(places):
        start = place * step
        end = start + width
        inside = signal[start:end]
        medians[place] = np.median(inside)
    return medians


temperatures = np.array([20, 21, 21, 90, 22, 23, 23, 24, 24])
smooth = running_median(temperatures, width=3, step=2)
plots.predict(prediction, len(smooth), why="medians")
print(smooth)

# %% [markdown] lang="en"
# ### Exercise 3 – conv_forward
#
# Compute the output of the whole layer with the two functions that you have. Loops are welcome: clarity comes first here, speed is a topic for the second notebook.
#
# Beside its output, a forward function returns a *cache*: the values that the backward function will need later. Its line stands below your code already.
#
# **Reading sizes, picking one filter.** Let `T` be an array of the shape `(2, 2, 3, 5)`. One line reads all four sizes, `rows, columns, depth, count = T.shape`, and a number in place of a colon picks one of the five blocks: `T[:, :, :, 4]` is the last one, of the shape `(2, 2, 3)`.
#
# Three things go wrong most often: the corner of the window forgets the stride; height and width change places; the loops count input positions instead of output positions.
#
# <details>
# <summary>Hint 1: a nudge</summary>
#
# Four loops, one for each axis of $Z$. With stride 3, at which row does the window of $h = 2$ start?
#
# </details>
#
# <details>
# <summary>Hint 2: the approach</summary>
#
# 1. Read the sizes from the shapes, and `stride` and `pad` from `hparameters`.
# 2. Work out `n_H` and `n_W`, make `Z` full of zeros, and pad the whole batch once, before the loops.
# 3. For each example, row, column and filter: find the four corners, cut out the slice with all its channels, and let `conv_single_step` turn it into one entry of `Z`.
#
# The weights of filter `c` are `W[:, :, :, c]`, its bias is `b[:, :, :, c]`.
#
# </details>
#
# <details>
# <summary>Hint 3: almost the line</summary>
#
# `vert_start = h * stride` and `vert_end = vert_start + f`; the horizontal pair looks the same with `w`. Let `a_prev_pad = A_prev_pad[i]` be one padded example; its slice is `a_prev_pad[vert_start:vert_end, horiz_start:horiz_end, :]`.
#
# </details>

# %% [markdown] lang="zh"
# ### 练习 3 – conv_forward
#
# 用前面写好的两个函数，算出整个卷积层的输出。放心用循环就好：这里先求清晰，速度留到第二个 notebook 再说。
#
# 前向函数除了返回输出，还返回一个**缓存**（cache），里面存着反向函数以后要用到的数值；这一行已经写好，就在你的代码下面。
#
# **读出大小，取出一个滤波器**：设数组 `T` 的形状是 `(2, 2, 3, 5)`。用 `rows, columns, depth, count = T.shape` 这一行，就能读出全部四个大小；把一个冒号换成数，就从五块中取出一块：`T[:, :, :, 4]` 是最后一块，形状为 `(2, 2, 3)`。
#
# 最常见的错误有三种：窗口的起点忘了乘步幅；高和宽弄反了；循环遍历了输入的位置，而不是输出的位置。
#
# <details>
# <summary>提示 1：点拨</summary>
#
# 四层循环，$Z$ 的每个轴一层。步幅为 3 时，$h = 2$ 的窗口从第几行开始？
#
# </details>
#
# <details>
# <summary>提示 2：思路</summary>
#
# 1. 从形状中读出各个大小，从 `hparameters` 中读出 `stride` 和 `pad`。
# 2. 算出 `n_H` 和 `n_W`，建一个全零的 `Z`；在循环之前把整批数据一次填充好。
# 3. 对每个样本、每行、每列、每个滤波器：求出窗口在高、宽两个方向上的起止位置，切出包含所有通道的切片，交给 `conv_single_step` 得到 `Z` 中的一个元素。
#
# 滤波器 `c` 的权重是 `W[:, :, :, c]`，偏置是 `b[:, :, :, c]`。
#
# </details>
#
# <details>
# <summary>提示 3：只差一步</summary>
#
# `vert_start = h * stride`，`vert_end = vert_start + f`；水平方向换成 `w`，写法相同。设 `a_prev_pad = A_prev_pad[i]` 为填充后的一个样本，要切出的就是 `a_prev_pad[vert_start:vert_end, horiz_start:horiz_end, :]`。
#
# </details>


# %% solution="conv_forward"
def conv_forward(A_prev, W, b, hparameters):
    """Compute the forward pass of a convolution layer.
    # zh: 计算卷积层的前向传播。

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
            cache: what conv_backward will need
            # zh: cache：conv_backward 将要用到的内容
    """
    # YOUR CODE STARTS HERE
    # zh: 你的代码从这里开始
    # Read the sizes from A_prev.shape and W.shape. (2 lines)
    # zh: 从 A_prev.shape 和 W.shape 读出各个大小。（2 行）

    # Read stride and pad from hparameters. (2 lines)
    # zh: 从 hparameters 读出 stride 和 pad。（2 行）

    # Work out the size of the output; // rounds down. (2 lines)
    # zh: 算出输出的高和宽；// 是向下取整的除法。（2 行）

    # Start with an output full of zeros, and pad the input. (2 lines)
    # zh: 先建一个全零的输出，再填充输入。（2 行）

    # Go through examples, output rows, output columns and filters. (4 loops)
    # zh: 依次遍历样本、输出的行、输出的列和滤波器。（4 层循环）
    #     Find the corners of the window. (4 lines)
    # zh:     求出窗口的起止位置。（4 行）
    #     Cut out the slice, with all channels. (1 line)
    # zh:     切出这一块，包含所有通道。（1 行）
    #     Compute one number of Z with this filter's weights and bias. (1 line)
    # zh:     用这个滤波器的权重和偏置算出 Z 的一个元素。（1 行）
    raise NotImplementedError("conv_forward")
    # YOUR CODE ENDS HERE
    # zh: 你的代码到这里结束
    cache = (A_prev, W, b, hparameters)
    return Z, cache


# %% tags=["demo"]
# Predict: the example from above, but with a stride of 1. How many numbers has Z?
# zh: 预测：上面的例子，只是步幅从 2 换成 1。Z 里有多少个数？
# Play: put the stride of 2 back, and you see the Z from above.
# zh: 玩一玩：把步幅换回 2，得到的就是上面的 Z。
prediction = None
pixels = np.array(
    [
        [0, 0, 1, 1, 1, 0, 0],
        [0, 0, 1, 1, 1, 0, 0],
        [0, 2, 1, 1, 0, 0, 0],
        [0, 0, 1, 1, 1, 0, 3],
        [0, 0, 1, 1, 1, 0, 0],
    ]
)
left_minus_right = np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]])
with needs(zero_pad, conv_single_step, conv_forward):
    feature_map, _ = conv_forward(
        pixels.reshape(1, 5, 7, 1),
        left_minus_right.reshape(3, 3, 1, 1),
        np.ones((1, 1, 1, 1)),
        {"stride": 1, "pad": 0},
    )
    plots.predict(prediction, np.size(feature_map), why="every_place")
    print(feature_map[0, :, :, 0])

# %% test="conv_forward"
check(conv_forward)

# %% [markdown] lang="en"
# **See it move.** The first picture compares your function with the explorer. In the second, the filter goes over the letter T, 6 × 6 pixels, and your function fills the output. Press the play button ▶ below the picture to start. Where is the filter's answer positive, where negative? Then try its transpose, `left_minus_right.T`: where does that one answer with 0, and why?
#
# <details>
# <summary>The answers</summary>
#
# The filter computes left minus right: negative at the left edge of the stem, positive at the right edge; no window of this small picture sees the same on both sides. The transpose computes top minus bottom. In the lower half the rows of a window are all alike, so it gives 0.
#
# </details>

# %% [markdown] lang="zh"
# **看它动起来**：第一张图还是上面的“动手探索”，最下面一行说明你的函数与它的结果是否一致。第二张图里，滤波器扫过 6 × 6 像素的字母 T，你写的函数逐个填出输出里的数。按图下方的播放按钮 ▶ 开始。滤波器在哪些地方得到正数，哪些地方得到负数？再换成它的转置 `left_minus_right.T`：哪些地方得到 0？为什么？
#
# <details>
# <summary>答案</summary>
#
# 滤波器算的是左减右：在 T 的那一竖上，左边缘得到负数，右边缘得到正数；这张图很小，没有哪个窗口左右两列相同。转置之后算的是上减下：在图的下半部分，窗口的各行都相同，所以得到 0。
#
# </details>

# %% tags=["demo"]
# Predict: the stem of the T is 1, everything beside it is 0. What does the filter answer at the stem's left
# zh: 预测：T 的那一竖为 1，两旁为 0。在这一竖的左边缘，
# edge, where all three rows of its window lie below the bar?
# zh: 窗口的三行都在那一横以下时，滤波器的响应是多少？
prediction = None
with needs(zero_pad, conv_single_step, conv_forward):
    letter = plots.letter_t().reshape(1, 6, 6, 1)
    one_filter = left_minus_right.reshape(3, 3, 1, 1)
    no_bias = np.zeros((1, 1, 1, 1))
    responses, _ = conv_forward(letter, one_filter, no_bias, {"stride": 1, "pad": 0})
    plots.predict(prediction, np.round(responses[0, 3, 0, 0], 6), why="stem")
    plots.explore_convolution(conv_forward)
    plots.filter_moving(letter, one_filter, responses)

# %% [markdown] lang="en"
# **See what filters see.** Three filters, written by hand, on a picture, and a fourth, `my_filter`, which is yours to change. The first two are **Sobel filters**, classic edge detectors. In a trained network nobody writes such filters: it finds them by *gradient descent*, many small steps that each lower the *loss* (one number that says how wrong its answers are), and its first layer often ends up with edge filters like the first two. In the titles, `...` stands for all axes that are not named: `Z[..., 0]` is `Z[:, :, :, 0]`, the channel of the first filter.

# %% [markdown] lang="zh"
# **看看滤波器看到了什么**：把人工设计的三个滤波器用在一张图上，再加上留给你改的第四个 `my_filter`。前两个是经典的边缘检测滤波器，叫 **Sobel 滤波器**。训练网络时，滤波器不用人来设计，**梯度下降**（gradient descent）会自己找到它们：一小步一小步地走，每一步都让**损失**（loss，一个数，表示网络的答案错得有多离谱）变小；网络训练好之后，第一层里常常就有像前两个这样的边缘滤波器。图的标题里，`...` 代表没有写出来的所有轴：`Z[..., 0]` 就是 `Z[:, :, :, 0]`，即第一个滤波器的通道。

# %% tags=["demo"]
# Predict: the wall is 0.9 everywhere, the door 0.2. What does the first filter answer at the door's left edge?
# zh: 预测：墙处处为 0.9，门为 0.2。在门的左边缘，第一个滤波器得到几？
# Play: change the numbers of my_filter (later cells need the other three). What finds diagonal edges?
# zh: 玩一玩：改一改 my_filter 里的数（另外三个后面还要用）。什么样的滤波器能找出斜向的边缘？
prediction = None
vertical_edges = np.array([[1.0, 0, -1], [2, 0, -2], [1, 0, -1]])
horizontal_edges = vertical_edges.T
outlines = np.array([[0, -1, 0], [-1, 4, -1], [0, -1, 0]])
my_filter = np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]])  # as it stands, it copies the picture
# zh: my_filter = np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]])  # 现在这样，结果就是原图
filters = np.stack([vertical_edges, horizontal_edges, outlines, my_filter], axis=-1)
filters = filters.reshape(3, 3, 1, 4)
with needs(zero_pad, conv_single_step, conv_forward):
    scene = plots.house()[np.newaxis, :, :, np.newaxis]
    no_bias = np.zeros((1, 1, 1, 4))
    feature_maps, _ = conv_forward(scene, filters, no_bias, {"stride": 1, "pad": 1})
    door = (0, 36, 25, 0)  # example, row, column, filter
    # zh: door = (0, 36, 25, 0)  # 样本、行、列、滤波器
    plots.predict(prediction, np.round(feature_maps[door], 6), why="door")
    names = ["vertical", "horizontal", "outlines", "my_filter"]
    plots.feature_maps(scene[0, :, :, 0], feature_maps, names)

# %% [markdown] lang="en"
# <details>
# <summary>Question 1: the dark door stands in a bright wall. Why is its left edge orange (positive) and its right edge purple (negative)?</summary>
#
# The filter computes left minus right. At the left edge of the door, bright wall lies on the left and dark door on the right: the difference is positive. At the right edge it is the other way round.
#
# </details>
#
# <details>
# <summary>Question 2: what are the lines along the border of the feature maps?</summary>
#
# The filter sees an edge between the picture and the zeros around it. Padding keeps the size, but it invents a frame that is not in the picture.
#
# </details>
#
# <details>
# <summary>And which filter finds diagonal edges?</summary>
#
# One that compares the two sides of a diagonal, for example
#
# $$\begin{pmatrix} 2 & 1 & 0 \\ 1 & 0 & -1 \\ 0 & -1 & -2 \end{pmatrix}$$
#
# It computes upper left minus lower right, so the left slope of the roof is orange (bright sky above a dark roof). On the right slope the two sides cancel in part, and its answers are at most half as large; there its mirror image `[:, ::-1]` helps.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>思考题 1：深色的门开在浅色的墙上。为什么门的左边缘是橙色（正），右边缘是紫色（负）？</summary>
#
# 滤波器算的是左减右。门的左边缘处，左边是亮墙、右边是暗门，差为正；右边缘恰好相反。
#
# </details>
#
# <details>
# <summary>思考题 2：特征图的边框上为什么会有线条？</summary>
#
# 滤波器把图像与四周零的交界处也当成了边缘。填充保住了大小，却凭空造出了一道图像里并没有的边框。
#
# </details>
#
# <details>
# <summary>那么，什么样的滤波器能找出斜向的边缘？</summary>
#
# 要让它比较对角线两侧的像素，例如
#
# $$\begin{pmatrix} 2 & 1 & 0 \\ 1 & 0 & -1 \\ 0 & -1 & -2 \end{pmatrix}$$
#
# 它算的是左上减右下，所以屋顶左侧的斜边是橙色：上面是亮的天空，下面是暗的屋顶。到了右侧的斜边，左上与右下抵消了一部分，响应最多只有一半大；换成它的左右镜像 `[:, ::-1]`，就能找到右边这一条。
#
# </details>

# %% [markdown] lang="en"
# **In short**
#
# - Each place of the window gives one number: multiply element by element, add up, add the bias once.
# - There are $\lfloor (n + 2p - f)/s \rfloor + 1$ places, and output $h$ starts at row $h s$.
# - The number of output channels is the number of filters.

# %% [markdown] lang="zh"
# **小结**
#
# - 窗口每到一处就得到一个数：逐元素相乘，全部相加，再加一次偏置。
# - 一共有 $\lfloor (n + 2p - f)/s \rfloor + 1$ 个位置，输出 $h$ 的窗口从第 $h s$ 行开始。
# - 有几个滤波器，输出就有几个通道。

# %% [markdown] lang="en"
# ## 5 The pooling layer, forward
#
# A pooling layer makes its input smaller: there is less to compute afterwards, and a small move of what was found often leaves the output as it is. It moves a window over each channel and keeps one number per window: the largest (**max pooling**) or the mean (**average pooling**). It has no parameters and nothing to learn, only the hyperparameters $f$ and $s$; channels are never mixed, so $n_C = n_C^{\mathrm{prev}}$.
#
# $$A_{i,h,w,c} = \max_{0 \le u, v < f} A^{\mathrm{prev}}_{i,\; hs+u,\; ws+v,\; c}$$
#
# $$A_{i,h,w,c} = \frac{1}{f^2} \sum_{u=0}^{f-1} \sum_{v=0}^{f-1} A^{\mathrm{prev}}_{i,\; hs+u,\; ws+v,\; c}$$
#
# The output size is the formula that you know, without padding:
#
# $$n_H = \left\lfloor \frac{n_H^{\mathrm{prev}} - f}{s} \right\rfloor + 1, \qquad n_W = \left\lfloor \frac{n_W^{\mathrm{prev}} - f}{s} \right\rfloor + 1$$
#
# Max pooling keeps the fact that something was found near here and forgets where exactly; average pooling keeps how much of it there was.
#
# ![](images/max_pooling.png)
#
# ![](images/average_pooling.png)
#
# **By hand.** One channel of 4 × 5, $f = 2$, $s = 2$. There are $\lfloor (5 - 2)/2 \rfloor + 1 = 2$ columns in the output, so the last column of the input is never seen, not even the 9:
#
# $$A^{\mathrm{prev}} = \begin{pmatrix} 1 & 3 & 2 & 1 & 0 \\ 4 & 2 & 0 & 5 & 7 \\ 6 & 1 & 1 & 1 & 0 \\ 0 & 1 & 2 & 8 & 9 \end{pmatrix} \qquad A_{\mathrm{max}} = \begin{pmatrix} 4 & 5 \\ 6 & 8 \end{pmatrix} \qquad A_{\mathrm{average}} = \begin{pmatrix} 2.5 & 2 \\ 2 & 3 \end{pmatrix}$$
#
# Upper left window: the largest of 1, 3, 4, 2 is 4, and their mean is $10/4 = 2.5$.

# %% [markdown] lang="zh"
# ## 5 池化层的前向传播
#
# 池化层（也译汇聚层、下采样层）把输入缩小。这样，后面各层的计算量更小，对位置也不那么敏感：图案移动一点点，输出往往不变。窗口在每个通道上移动，每个窗口只留下一个数：最大值（**最大池化**）或平均值（**平均池化**）。池化层没有参数，不需要学习，只有超参数 $f$ 和 $s$；各个通道单独计算，互不相混，所以 $n_C = n_C^{\mathrm{prev}}$。
#
# $$A_{i,h,w,c} = \max_{0 \le u, v < f} A^{\mathrm{prev}}_{i,\; hs+u,\; ws+v,\; c}$$
#
# $$A_{i,h,w,c} = \frac{1}{f^2} \sum_{u=0}^{f-1} \sum_{v=0}^{f-1} A^{\mathrm{prev}}_{i,\; hs+u,\; ws+v,\; c}$$
#
# 输出大小还是你熟悉的公式，只是没有填充：
#
# $$n_H = \left\lfloor \frac{n_H^{\mathrm{prev}} - f}{s} \right\rfloor + 1, \qquad n_W = \left\lfloor \frac{n_W^{\mathrm{prev}} - f}{s} \right\rfloor + 1$$
#
# 最大池化记住“这附近找到了什么”，忘掉确切的位置；平均池化记住“总共有多少”。
#
# ![](images/max_pooling.png)
#
# ![](images/average_pooling.png)
#
# **动手算一算**：一个 4 × 5 的通道，$f = 2$，$s = 2$。输出有 $\lfloor (5 - 2)/2 \rfloor + 1 = 2$ 列，所以输入的最后一列完全用不到，哪怕其中有个 9：
#
# $$A^{\mathrm{prev}} = \begin{pmatrix} 1 & 3 & 2 & 1 & 0 \\ 4 & 2 & 0 & 5 & 7 \\ 6 & 1 & 1 & 1 & 0 \\ 0 & 1 & 2 & 8 & 9 \end{pmatrix} \qquad A_{\mathrm{max}} = \begin{pmatrix} 4 & 5 \\ 6 & 8 \end{pmatrix} \qquad A_{\mathrm{average}} = \begin{pmatrix} 2.5 & 2 \\ 2 & 3 \end{pmatrix}$$
#
# 左上角的窗口：1、3、4、2 中最大的是 4，平均值是 $10/4 = 2.5$。

# %% [markdown] lang="en"
# ### Exercise 4 – pool_forward
#
# Write both kinds of pooling in one function; `mode` is `"max"` or `"average"`.
#
# <details>
# <summary>Hint 1: a nudge</summary>
#
# The loops and corners are those of `conv_forward`. What is different about the slice: which axes of `A_prev` do you index with a single number?
#
# </details>
#
# <details>
# <summary>Hint 2: the approach</summary>
#
# Cut the window out of one example `i` and one channel `c`, so that the slice is a matrix of shape `(f, f)`. Then an `if` on `mode` chooses between `np.max` and `np.mean`.
#
# </details>
#
# <details>
# <summary>Hint 3: almost the line</summary>
#
# The slice is `A_prev[i, vert_start:vert_end, horiz_start:horiz_end, c]`, with the corners of exercise 3.
#
# </details>

# %% [markdown] lang="zh"
# ### 练习 4 – pool_forward
#
# 在一个函数里写出两种池化；`mode` 取 `"max"` 或 `"average"`。
#
# <details>
# <summary>提示 1：点拨</summary>
#
# 循环和窗口的起止位置都与 `conv_forward` 相同。不同的是切片：在 `A_prev` 的哪几个轴上要用单个下标？
#
# </details>
#
# <details>
# <summary>提示 2：思路</summary>
#
# 窗口只从一个样本 `i`、一个通道 `c` 中切出来，所以切片是形状为 `(f, f)` 的矩阵。然后用 `if` 判断 `mode`，选用 `np.max` 或 `np.mean`。
#
# </details>
#
# <details>
# <summary>提示 3：只差一步</summary>
#
# 切片是 `A_prev[i, vert_start:vert_end, horiz_start:horiz_end, c]`，窗口的起止位置与练习 3 相同。
#
# </details>


# %% solution="pool_forward"
def pool_forward(A_prev, hparameters, mode="max"):
    """Compute the forward pass of a pooling layer.
    # zh: 计算池化层的前向传播。

    A_prev: array of shape (m, n_H_prev, n_W_prev, n_C_prev)
    # zh: A_prev：形状为 (m, n_H_prev, n_W_prev, n_C_prev) 的数组
    hparameters: dictionary with "f" and "stride"
    # zh: hparameters：字典，含有 "f" 和 "stride"
    mode: "max" or "average"
    # zh: mode："max" 或 "average"
    Returns A: array of shape (m, n_H, n_W, n_C_prev)
    # zh: 返回 A：形状为 (m, n_H, n_W, n_C_prev) 的数组
            cache: what pool_backward will need
            # zh: cache：pool_backward 将要用到的内容
    """
    # YOUR CODE STARTS HERE
    # zh: 你的代码从这里开始
    # Read the sizes, f and stride, and work out the size of the output.
    # zh: 读出各个大小、f 和 stride，算出输出的高和宽。

    # Start with an output full of zeros.
    # zh: 先建一个全零的输出。

    # Go through examples, output rows, output columns and channels. (4 loops)
    # zh: 依次遍历样本、输出的行、输出的列和通道。（4 层循环）
    #     Find the corners, and cut the window out of one example and channel.
    # zh:     求出窗口的起止位置，从一个样本的一个通道中切出窗口。
    #     Keep its largest number or its mean, depending on mode.
    # zh:     按 mode 取窗口的最大值或平均值。
    raise NotImplementedError("pool_forward")
    # YOUR CODE ENDS HERE
    # zh: 你的代码到这里结束
    cache = (A_prev, hparameters)
    return A, cache


# %% tags=["demo"]
# Predict: the house has 48 rows. How many are left after pooling with f = 4, stride = 4?
# zh: 预测：房子图有 48 行，用 f = 4、stride = 4 池化之后有多少行？
# Play: try larger windows, or f=3 with stride=1. The door, the tree: what survives?
# zh: 玩一玩：换更大的窗口，或 f=3 配 stride=1。门和树，哪些还看得出来？
prediction = None
with needs(pool_forward):
    scene = plots.house()[np.newaxis, :, :, np.newaxis]
    settings = {"f": 4, "stride": 4}
    largest, _ = pool_forward(scene, settings, mode="max")
    plots.predict(prediction, largest.shape[1], why="pooled")
    mean, _ = pool_forward(scene, settings, mode="average")
    plots.pooled(scene, largest, mean)

# %% test="pool_forward"
check(pool_forward)

# %% [markdown] lang="en"
# <details>
# <summary>What survived the pooling of the house?</summary>
#
# With max pooling and $f = 4$, whatever is bright: the sun and the walls. The door and the trunk of the tree are dark and narrow, and in each of their windows there is something brighter, so they vanish. The roof and the crown of the tree are wide enough to leave some dark pixels, the window of the house a single pixel. Average pooling keeps a bit of everything, pale and blurred. With $f = 3$ and stride 1 the picture stays almost as large as it was, 46 × 62, but the maximum makes everything dark narrower by 2 pixels: the door is still there, the trunk is not.
#
# </details>
#
# <details>
# <summary>Question 1: why would it be a mistake to start the search for the maximum with 0?</summary>
#
# If all numbers in a window are negative, their maximum is negative too, and the search would return 0. `np.max` has no such problem.
#
# </details>
#
# <details>
# <summary>Question 2: can a convolution do average pooling?</summary>
#
# Yes: a filter whose weights are all $1/f^2$, applied to each channel on its own, with the stride of the pooling. Max pooling cannot be written as a convolution, because it is not linear: the maximum of a sum is in general not the sum of the maxima.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>房子图池化之后，哪些还看得出来？</summary>
#
# 用最大池化、$f = 4$ 时，留下来的是亮的东西：太阳和墙。门和树干又暗又窄，它们所在的每个窗口里都有更亮的像素，所以都消失了；屋顶和树冠够宽，还剩下一些暗的像素，房子的窗户只剩下一个像素。平均池化则什么都留下一点，只是变淡、变模糊了。换成 $f = 3$、步幅 1，图几乎不缩小，还有 46 × 62；不过取最大值会让暗的东西变窄 2 个像素，所以门还看得出来，树干就看不到了。
#
# </details>
#
# <details>
# <summary>思考题 1：求最大值时从 0 开始比较，为什么不对？</summary>
#
# 如果窗口里的数全是负数，最大值也是负数，而这样比较会得到 0。用 `np.max` 就没有这个问题。
#
# </details>
#
# <details>
# <summary>思考题 2：能用卷积来做平均池化吗？</summary>
#
# 能：滤波器的权重全取 $1/f^2$，对每个通道单独使用，步幅与池化相同。最大池化则不能写成卷积，因为它不是线性的：和的最大值，一般不等于最大值之和。
#
# </details>

# %% [markdown] lang="en"
# ### 5.1 What a number sees: the receptive field
#
# The **receptive field** of a number deep inside the network is the part of the picture that it depends on.
#
# ![](images/receptive_field.png)
#
# The picture shows two convolutions of 3 × 3 with stride 1. A number of the first sees 3 × 3 pixels. A number of the second sees 3 × 3 numbers of the first, and the windows of these reach one pixel farther on each side: 5 × 5 pixels.
#
# In general the side of the field starts at one pixel and grows with each layer:
#
# $$r_0 = 1, \qquad r_l = r_{l-1} + (f_l - 1) \cdot s_1 s_2 \cdots s_{l-1}$$
#
# Why? Two neighbours in the input of layer $l$ lie $s_1 s_2 \cdots s_{l-1}$ pixels apart: each earlier layer has stretched one step by its stride. (For $l = 1$ there is no earlier layer, and the empty product is 1.) A window of $f_l$ neighbours reaches from the first to the last of them, $f_l - 1$ such steps, and the first of them alone sees $r_{l-1}$ pixels.
#
# In the picture, $r_1 = 1 + 2 = 3$ and $r_2 = 3 + 2 = 5$. With pooling in between, the field grows faster:
#
# | layer | $f_l$ | $s_l$ | $r_l$ |
# |---|---|---|---|
# | convolution | 3 | 1 | $1 + 2 \cdot 1 = 3$ |
# | pooling | 2 | 2 | $3 + 1 \cdot 1 = 4$ |
# | convolution | 3 | 1 | $4 + 2 \cdot 2 = 8$ |
# | pooling | 2 | 2 | $8 + 1 \cdot 2 = 10$ |
#
# In section 8 you will see the field of the second row with your own code.
#
# <details>
# <summary>Question 1: two 3 × 3 convolutions of stride 1, one after the other, or one 5 × 5: what is the difference?</summary>
#
# Both see 5 × 5 pixels, because $1 + 2 + 2 = 5$. Per pair of input and output channel, the two small filters need $9 + 9 = 18$ weights and the large one 25; and between the two small ones there is room for another *nonlinearity*, a function such as ReLU whose graph is no straight line. (Without one, the two would amount to a single filter of 5 × 5.)
#
# </details>

# %% [markdown] lang="zh"
# ### 5.1 一个数能看到多大的区域：感受野
#
# 网络深层的一个数只取决于图像的一块区域，这块区域就叫它的**感受野**。
#
# ![](images/receptive_field.png)
#
# 图中是两个步幅为 1 的 3 × 3 卷积。第一层的一个数能看到 3 × 3 个像素；第二层的一个数能看到第一层的 3 × 3 个数，而这些数的窗口又向四周各多伸出一个像素，所以是 5 × 5 个像素。
#
# 一般来说，感受野的边长从 1 个像素开始，逐层增大：
#
# $$r_0 = 1, \qquad r_l = r_{l-1} + (f_l - 1) \cdot s_1 s_2 \cdots s_{l-1}$$
#
# 为什么？第 $l$ 层输入中相邻的两个数，在图像上相距 $s_1 s_2 \cdots s_{l-1}$ 个像素，因为前面每经过一层，间距就乘以那一层的步幅（$l = 1$ 时前面没有别的层，空乘积规定为 1）。窗口盖住 $f_l$ 个相邻的数，从第一个到最后一个共 $f_l - 1$ 步，而单是第一个数就能看到 $r_{l-1}$ 个像素。
#
# 对上图来说，$r_1 = 1 + 2 = 3$，$r_2 = 3 + 2 = 5$。中间加上池化，感受野就增大得更快：
#
# | 层 | $f_l$ | $s_l$ | $r_l$ |
# |---|---|---|---|
# | 卷积 | 3 | 1 | $1 + 2 \cdot 1 = 3$ |
# | 池化 | 2 | 2 | $3 + 1 \cdot 1 = 4$ |
# | 卷积 | 3 | 1 | $4 + 2 \cdot 2 = 8$ |
# | 池化 | 2 | 2 | $8 + 1 \cdot 2 = 10$ |
#
# 到第 8 节，你会用自己的代码看到表中第二行的感受野。
#
# <details>
# <summary>思考题 1：连用两个步幅为 1 的 3 × 3 卷积，与用一个 5 × 5 卷积，有什么区别？</summary>
#
# 两者都能看到 5 × 5 的区域，因为 $1 + 2 + 2 = 5$。对每一对输入、输出通道，两个小滤波器需要 $9 + 9 = 18$ 个权重，大滤波器需要 25 个；而且两层之间还能多做一次**非线性**变换，也就是用 ReLU 这样的、图形不是直线的函数。（如果不用，两层合起来也只相当于一个 5 × 5 的滤波器。）
#
# </details>

# %% tags=["demo"]
# Predict: a third convolution of 3 × 3 with stride 1 follows the four layers of the table.
# zh: 预测：在表中的四层之后，再接一个步幅为 1 的 3 × 3 卷积。
# How many pixels wide is the field of one of its numbers?
# zh: 它的一个数，感受野的边长是多少个像素？
# Play: give both poolings a stride of 1. How wide is the field now?
# zh: 玩一玩：把两个池化的步幅都改成 1。感受野的边长变成多少？
prediction = None
windows_and_strides = [(3, 1), (2, 2), (3, 1), (2, 2), (3, 1)]
places, widths = {0}, [1]
# Back from one number to the picture: each place is replaced by those that its window covers.
# zh: 从一个数出发，逐层走回图像：把每个位置换成它的窗口所盖住的那些位置。
# The table goes the other way, from the picture on, so only the last number is one of its column.
# zh: 表是从图像出发往后算的，方向相反，所以只有最后一个数才是表中那样的边长。
for side, step in reversed(windows_and_strides):
    places = {step * place + inside for place in places for inside in range(side)}
    widths.append(len(places))
plots.predict(prediction, len(places), why="field")
print("numbers seen in a row, on the way back to the picture (the last: the field):", widths)
# zh: print("从这个数逐层走回图像，一行中看到几个数（最后一个才是感受野的边长）：", widths)

# %% [markdown] lang="en"
# <details>
# <summary>How wide is the field when all strides are 1?</summary>
#
# 9 pixels: each layer then adds just $f - 1$, so $1 + 2 + 1 + 2 + 1 + 2 = 9$. The two strides of 2 make twice as much of it.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>步幅全为 1 时，感受野的边长是多少？</summary>
#
# 9 个像素：这时每一层只增加 $f - 1$，所以 $1 + 2 + 1 + 2 + 1 + 2 = 9$。两个步幅 2，就让它翻了一番。
#
# </details>

# %% [markdown] lang="en"
# **In short**
#
# - Pooling keeps one number per window and channel; it has nothing to learn.
# - Max pooling keeps that something was found, average pooling how much of it.
# - Each layer widens what a number sees; strides make it grow faster.

# %% [markdown] lang="zh"
# **小结**
#
# - 池化在每个通道的每个窗口里只留下一个数；它没有可学的参数。
# - 最大池化记住“找到了”，平均池化记住“有多少”。
# - 每过一层，一个数看到的区域就增大一些；步幅大于 1 时增大得更快。

# %% [markdown] lang="en"
# ## 6 The convolution layer, backward
#
# Frameworks do this part for you; here you find out what they do. Let $J$ be the loss (also called cost): one number that says how wrong the network's answers are. For any array $X$ we write $dX$ for the array of the same shape with the entries $\partial J / \partial X_{\ldots}$: by how much $J$ grows per unit when that one entry grows a little. The curly $\partial$ marks a *partial derivative*: hold all other numbers fixed, and it is the derivative that you know from school. This array $dX$ is the **gradient** of $J$ with respect to $X$; so $\partial J / \partial Z$ says of each number in $Z$ how fast $J$ changes when that one alone moves.
#
# The part of the network after our layer hands us $dZ$. We owe three arrays: $db$ and $dW$, to update the layer's own parameters, and $dA^{\mathrm{prev}}$, to hand on to the layer before.
#
# One rule is enough for all three, the **chain rule**. If a number $x$ reaches $J$ only through the entries of $Z$, then
#
# $$\frac{\partial J}{\partial x} = \sum_{i,h,w,c} \frac{\partial J}{\partial Z_{i,h,w,c}} \cdot \frac{\partial Z_{i,h,w,c}}{\partial x} = \sum_{i,h,w,c} dZ_{i,h,w,c} \cdot \frac{\partial Z_{i,h,w,c}}{\partial x}$$
#
# So for each $x$ ask: **which entries of $Z$ does it take part in, and by what is it multiplied there?** The answers are read off the forward formula:
#
# $$Z_{i,h,w,c} = b_c + \sum_{u,v,k} P_{i,\; hs+u,\; ws+v,\; k} \; W_{u,v,k,c}$$
#
# We go from the easiest to the hardest.
#
# ### 6.1 db
#
# The bias $b_c$ takes part in every entry of channel $c$, and its factor is 1. So
#
# $$db_c = \sum_{i} \sum_{h} \sum_{w} dZ_{i,h,w,c}$$
#
# ### 6.2 dW
#
# The weight $W_{u,v,k,c}$ takes part in every entry of channel $c$ as well. At position $(h, w)$ of example $i$ it is multiplied by the pixel that lies under it there:
#
# $$dW_{u,v,k,c} = \sum_{i} \sum_{h} \sum_{w} dZ_{i,h,w,c} \; P_{i,\; hs+u,\; ws+v,\; k}$$
#
# For all $u, v, k$ at once: each $dZ_{i,h,w,c}$ adds its window of the picture, times $dZ_{i,h,w,c}$, to the gradient of filter $c$.
#
# **By hand.** One example, one channel, one filter, $s = 1$, $p = 0$:
#
# $$P = \begin{pmatrix} 1 & 2 & 0 \\ 0 & 1 & 3 \\ 2 & 0 & 1 \end{pmatrix} \qquad W = \begin{pmatrix} 1 & 2 \\ 0 & -1 \end{pmatrix} \qquad dZ = \begin{pmatrix} 1 & 0 \\ 2 & -1 \end{pmatrix}$$
#
# - $db = 1 + 0 + 2 - 1 = 2$
# - $dW$ is a sum of windows: $1 \begin{pmatrix} 1 & 2 \\ 0 & 1 \end{pmatrix} + 0 \begin{pmatrix} 2 & 0 \\ 1 & 3 \end{pmatrix} + 2 \begin{pmatrix} 0 & 1 \\ 2 & 0 \end{pmatrix} - 1 \begin{pmatrix} 1 & 3 \\ 0 & 1 \end{pmatrix} = \begin{pmatrix} 0 & 1 \\ 4 & 0 \end{pmatrix}$
#
# **See what it says.** Take the loss $J = \sum Z \cdot dZ$, with fixed numbers for $dZ$: its gradient with respect to $Z$ is just this $dZ$. Move one weight, and watch how far $J$ goes.

# %% [markdown] lang="zh"
# ## 6 卷积层的反向传播
#
# 平时这一部分由框架代劳，这里我们来看看它究竟做了什么。设 $J$ 为**损失**（loss，也叫代价），它是一个数，表示网络的答案错得有多离谱。对任意数组 $X$，用 $dX$ 表示形状与它相同的数组，其中的元素 $\partial J / \partial X_{\ldots}$ 是原数组的相应元素略微增大时 $J$ 的变化率。记号 $\partial$ 表示**偏导数**：把其余的数都看作固定不变，只对这一个数求导，求法与中学学过的导数相同。数组 $dX$ 就叫 $J$ 对 $X$ 的**梯度**；例如 $\partial J / \partial Z$ 说的就是：$Z$ 中的每个数单独变动时，$J$ 变化得有多快。
#
# 后面的层把 $dZ$ 传过来，我们要算出三个数组：$db$ 和 $dW$ 用来更新本层的参数，$dA^{\mathrm{prev}}$ 则继续传给前一层。
#
# 求这三个数组，只需要一条规则，也就是**链式法则**（chain rule）。如果一个数 $x$ 只通过 $Z$ 的各个元素影响 $J$，那么
#
# $$\frac{\partial J}{\partial x} = \sum_{i,h,w,c} \frac{\partial J}{\partial Z_{i,h,w,c}} \cdot \frac{\partial Z_{i,h,w,c}}{\partial x} = \sum_{i,h,w,c} dZ_{i,h,w,c} \cdot \frac{\partial Z_{i,h,w,c}}{\partial x}$$
#
# 所以，对每个 $x$ 都只问一个问题：**它出现在 $Z$ 的哪些元素里，系数是多少**？答案从前向传播的公式里就能读出来：
#
# $$Z_{i,h,w,c} = b_c + \sum_{u,v,k} P_{i,\; hs+u,\; ws+v,\; k} \; W_{u,v,k,c}$$
#
# 我们从易到难来推。
#
# ### 6.1 db
#
# 偏置 $b_c$ 出现在通道 $c$ 的每一个元素里，系数都是 1。所以
#
# $$db_c = \sum_{i} \sum_{h} \sum_{w} dZ_{i,h,w,c}$$
#
# ### 6.2 dW
#
# 权重 $W_{u,v,k,c}$ 同样出现在通道 $c$ 的每一个元素里。在样本 $i$ 的位置 $(h, w)$ 处，它乘的正是此时被它盖住的那个像素：
#
# $$dW_{u,v,k,c} = \sum_{i} \sum_{h} \sum_{w} dZ_{i,h,w,c} \; P_{i,\; hs+u,\; ws+v,\; k}$$
#
# 把所有 $u, v, k$ 放在一起看，每个 $dZ_{i,h,w,c}$ 都给滤波器 $c$ 的梯度加上一项：它对应的图像窗口 × $dZ_{i,h,w,c}$。
#
# **动手算一算**：一个样本，一个通道，一个滤波器，$s = 1$，$p = 0$：
#
# $$P = \begin{pmatrix} 1 & 2 & 0 \\ 0 & 1 & 3 \\ 2 & 0 & 1 \end{pmatrix} \qquad W = \begin{pmatrix} 1 & 2 \\ 0 & -1 \end{pmatrix} \qquad dZ = \begin{pmatrix} 1 & 0 \\ 2 & -1 \end{pmatrix}$$
#
# - $db = 1 + 0 + 2 - 1 = 2$
# - $dW$ 是各个窗口的加权和：$1 \begin{pmatrix} 1 & 2 \\ 0 & 1 \end{pmatrix} + 0 \begin{pmatrix} 2 & 0 \\ 1 & 3 \end{pmatrix} + 2 \begin{pmatrix} 0 & 1 \\ 2 & 0 \end{pmatrix} - 1 \begin{pmatrix} 1 & 3 \\ 0 & 1 \end{pmatrix} = \begin{pmatrix} 0 & 1 \\ 4 & 0 \end{pmatrix}$
#
# **看看它说的是什么**：若取损失 $J = \sum Z \cdot dZ$（把 $dZ$ 当作固定的数），它对 $Z$ 的梯度正好就是 $dZ$。把一个权重动一动，看 $J$ 变化多少。

# %% tags=["demo"]
# Predict: in the example from above, the weight at the lower left grows from 0 to 0.5.
# zh: 预测：上面的例子，左下角的权重从 0 增大到 0.5。
# By how much does J grow?
# zh: J 增大多少？
# Play: move another weight, or two at once. Does J still do what dW says?
# zh: 玩一玩：换一个权重来动，或者同时动两个。J 的变化还和 dW 说的一样吗？
prediction = None
nine_pixels = np.array([[1.0, 2, 0], [0, 1, 3], [2, 0, 1]]).reshape(1, 3, 3, 1)
slopes = np.array([[1.0, 0], [2, -1]]).reshape(1, 2, 2, 1)


def simple_loss(weights):
    settings = {"stride": 1, "pad": 0}
    kernel = np.reshape(weights, (2, 2, 1, 1))
    output, _ = conv_forward(nine_pixels, kernel, np.zeros((1, 1, 1, 1)), settings)
    return np.sum(output * slopes)


with needs(zero_pad, conv_single_step, conv_forward):
    before, after = simple_loss([[1, 2], [0, -1]]), simple_loss([[1, 2], [0.5, -1]])
    plots.predict(prediction, after - before, why="slope")
    print("J before and after:", before, after)
    # zh: print("J，变动之前和之后：", before, after)

# %% [markdown] lang="en"
# <details>
# <summary>Does J do what <i>dW</i> says for other weights, and for two at once?</summary>
#
# Yes, and for two weights it grows by the sum of both: this $J$ is a sum of weights times fixed numbers, so nothing is curved. The loss of a whole network is curved. There $dW$ holds for small steps only, which is why training takes many.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>换别的权重，或者同时动两个，J 的变化还和 <i>dW</i> 说的一样吗？</summary>
#
# 一样；同时动两个，就是两份之和。因为这个 $J$ 是“权重乘以固定的数”之和，是线性的。整个网络的损失却是弯曲的，$dW$ 只对很小的一步成立，所以训练要走很多小步。
#
# </details>

# %% [markdown] lang="en"
# ### 6.3 dA
#
# Now a pixel $P_{i,r,q,k}$ of the padded picture (here $r$ is its row and $q$ its column; 5.1 used $r$ for a receptive field). It lies under the filters at position $(h, w)$ if $r = hs + u$ and $q = ws + v$ for some $u$ and $v$ from $0$ to $f - 1$. There it is multiplied by one weight of each filter, $W_{u,v,k,c}$ for filter $c$; at all other positions, and in all other examples, it takes no part. Put $u = r - hs$ and $v = q - ws$:
#
# $$dP_{i,r,q,k} = \sum_{c} \;\; \sum_{\substack{h,\,w: \\ 0 \le r-hs < f \\ 0 \le q-ws < f}} dZ_{i,h,w,c} \; W_{r-hs,\; q-ws,\; k,\; c}$$
#
# As it stands this is awkward: for each pixel one has to find all windows that contain it. Turn the question round. Go through the entries of $dZ$, and let each one hand out its share to the pixels of its window:
#
# $$dP_{i,\; hs+u,\; ws+v,\; k} \;\mathrel{+}=\; dZ_{i,h,w,c} \; W_{u,v,k,c} \qquad (0 \le u, v < f, \;\; 0 \le k < n_C^{\mathrm{prev}})$$
#
# Every product of the sum above occurs exactly once, so the result is the same. Each $dZ_{i,h,w,c}$ stamps the filter, times $dZ_{i,h,w,c}$, onto its window; where windows overlap, the stamps add up.
#
# ![](images/gradient_flow.png)
#
# The cell below lets you choose a pixel and see the outputs that it takes part in, or choose an output and see its stamp.
#
# At last $dA^{\mathrm{prev}}$: the border of zeros was our own addition, nobody wants its gradient. Cut it off and keep the rows from $p$ to $p + n_H^{\mathrm{prev}} - 1$ and the columns from $p$ to $p + n_W^{\mathrm{prev}} - 1$.
#
# **By hand.** In the example of 6.2, $dP$ is a sum of stamps: $\begin{pmatrix} 1 & 2 & 0 \\ 0 & -1 & 0 \\ 0 & 0 & 0 \end{pmatrix} + \begin{pmatrix} 0 & 0 & 0 \\ 2 & 4 & 0 \\ 0 & -2 & 0 \end{pmatrix} + \begin{pmatrix} 0 & 0 & 0 \\ 0 & -1 & -2 \\ 0 & 0 & 1 \end{pmatrix} = \begin{pmatrix} 1 & 2 & 0 \\ 2 & 2 & -2 \\ 0 & -2 & 1 \end{pmatrix}$
#
# A check that costs nothing: the entries of $dP$ add up to 4, and the sum of $W$ times the sum of $dZ$ is $2 \cdot 2$, too.
#
# **To find out in the next cell:** which pixels take part in the most outputs? And what do the two kinds of pooling make of it? (Come back for the second question after section 7.)
#
# <details>
# <summary>The answers (with that to the prediction)</summary>
#
# At first $n = 5$, $f = 2$, $s = 1$: the $3 \cdot 3 = 9$ pixels in the middle lie in 4 windows each, those on the sides in 2, the corners in 1. Average pooling has the same windows, and each factor is $1/4$. In max pooling, of the windows that contain a pixel only those count in which it is the largest, with the factor 1; most pixels receive nothing.
#
# </details>
#
# <details>
# <summary>The explorer as a picture, for reading without running (it shows the answer to the prediction)</summary>
#
# ![](images/gradient.png)
#
# </details>

# %% [markdown] lang="zh"
# ### 6.3 dA
#
# 现在看填充后图像的一个像素 $P_{i,r,q,k}$（这里 $r$ 是行、$q$ 是列，与 5.1 节表示感受野的 $r$ 无关）。如果存在 $0$ 到 $f - 1$ 之间的 $u$、$v$，使得 $r = hs + u$ 且 $q = ws + v$，那么滤波器停在 $(h, w)$ 时正好盖住它。在那里，它与每个滤波器的一个权重相乘：对滤波器 $c$ 来说就是 $W_{u,v,k,c}$；其他位置、其他样本都与它无关。代入 $u = r - hs$ 和 $v = q - ws$：
#
# $$dP_{i,r,q,k} = \sum_{c} \;\; \sum_{\substack{h,\,w: \\ 0 \le r-hs < f \\ 0 \le q-ws < f}} dZ_{i,h,w,c} \; W_{r-hs,\; q-ws,\; k,\; c}$$
#
# 直接照这个式子写会很麻烦：对每个像素都得找出包含它的所有窗口。不妨反过来想：逐个走过 $dZ$ 的元素，让每个元素把梯度分发给自己窗口里的像素：
#
# $$dP_{i,\; hs+u,\; ws+v,\; k} \;\mathrel{+}=\; dZ_{i,h,w,c} \; W_{u,v,k,c} \qquad (0 \le u, v < f, \;\; 0 \le k < n_C^{\mathrm{prev}})$$
#
# 上面求和式中的每个乘积恰好出现一次，所以结果相同。每个 $dZ_{i,h,w,c}$ 就像盖章一样，把“滤波器 × $dZ_{i,h,w,c}$”这枚印章盖在它对应的窗口上；窗口重叠的地方，盖上去的数相加。
#
# ![](images/gradient_flow.png)
#
# 在下面的单元格里，可以选一个像素，看它参与了哪些输出的计算；也可以选一个输出，看它盖下的印章。
#
# 最后求 $dA^{\mathrm{prev}}$。四周的零是我们自己加上去的，用不着它们的梯度：把边框裁掉，只保留第 $p$ 到 $p + n_H^{\mathrm{prev}} - 1$ 行、第 $p$ 到 $p + n_W^{\mathrm{prev}} - 1$ 列。
#
# **动手算一算**：在 6.2 节的例子里，$dP$ 是各个印章之和：$\begin{pmatrix} 1 & 2 & 0 \\ 0 & -1 & 0 \\ 0 & 0 & 0 \end{pmatrix} + \begin{pmatrix} 0 & 0 & 0 \\ 2 & 4 & 0 \\ 0 & -2 & 0 \end{pmatrix} + \begin{pmatrix} 0 & 0 & 0 \\ 0 & -1 & -2 \\ 0 & 0 & 1 \end{pmatrix} = \begin{pmatrix} 1 & 2 & 0 \\ 2 & 2 & -2 \\ 0 & -2 & 1 \end{pmatrix}$
#
# 还可以顺手验算：$dP$ 的所有元素之和为 4，而 $W$ 的元素之和乘以 $dZ$ 的元素之和，同样是 $2 \cdot 2$。
#
# **带着问题看下面的单元格**：哪些像素参与了最多个输出的计算？换成两种池化，又会怎样？（后一个问题，学完第 7 节再回来看。）
#
# <details>
# <summary>答案（包括预测题的）</summary>
#
# 一开始 $n = 5$，$f = 2$，$s = 1$：中间的 $3 \cdot 3 = 9$ 个像素各落在 4 个窗口里，边上的像素落在 2 个窗口里，角上的只落在 1 个窗口里。平均池化的窗口也是这些，系数都是 $1/4$。最大池化时，一个像素虽然落在好几个窗口里，却只有在它是最大值的窗口里系数才是 1，所以多数像素什么也得不到。
#
# </details>
#
# <details>
# <summary>不运行代码时：“动手探索”的静态图（图中能看到预测题的答案）</summary>
#
# ![](images/gradient.png)
#
# </details>

# %% tags=["demo"]
# Predict: n = 5, f = 2, stride = 1. How many outputs does the pixel in the middle take part in?
# zh: 预测：n = 5，f = 2，stride = 1 时，正中间的像素参与多少个输出的计算？
# Play: choose a pixel, then an output. Come back for the two pooling modes.
# zh: 玩一玩：先选一个像素，再选一个输出。学完池化后，再回来看另外两种模式。
prediction = None
starts = range(plots.count_windows(n=5, f=2, pad=0, stride=1))
plots.predict(prediction, sum(start <= 2 < start + 2 for start in starts) ** 2, why="takes_part")
plots.explore_gradient()

# %% [markdown] lang="en"
# ### Exercise 5 – conv_backward
#
# Compute all three gradients. The loops and the corners are those of the forward pass; inside them there are only three additions.
#
# One trap is in the last step. Cutting the border off with `X[pad:-pad, pad:-pad, :]` looks right, but for `pad = 0` it means `X[0:0, 0:0, :]`, which is empty. Say where to stop instead of how much to leave out.
#
# <details>
# <summary>Hint 1: a nudge</summary>
#
# Sums start at zero: which shapes do the three gradients have, and what must they be filled with before the loops begin? And `+=`, not `=`: why?
#
# </details>
#
# <details>
# <summary>Hint 2: the approach</summary>
#
# 1. Take everything out of the cache, and make `dA_prev`, `dW` and `db` full of zeros.
# 2. Pad `A_prev` and `dA_prev` with your `zero_pad`.
# 3. For each example, row, column and filter: find the corners, cut out the slice, then add to the window of the padded gradient, to the gradient of filter `c`, and to the gradient of its bias.
# 4. After the loops over an example's positions, cut off the border and store the rest in `dA_prev[i]`.
#
# </details>
#
# <details>
# <summary>Hint 3: almost the line</summary>
#
# With `da_prev_pad = dA_prev_pad[i]`, the stamp is `da_prev_pad[vert_start:vert_end, horiz_start:horiz_end, :] += W[:, :, :, c] * dZ[i, h, w, c]`. The other two sums are read off 6.2 and 6.1 in the same way. Rows without their border: `pad:pad + n_H_prev`.
#
# </details>

# %% [markdown] lang="zh"
# ### 练习 5 – conv_backward
#
# 算出全部三个梯度。循环和窗口的起止位置与前向传播相同，循环里面只有三行累加。
#
# 最后一步有个陷阱。用 `X[pad:-pad, pad:-pad, :]` 裁掉边框，看上去没错，可是当 `pad = 0` 时，它的意思就成了 `X[0:0, 0:0, :]`，什么也取不到。应当写明切到哪里为止，而不是去掉多少。
#
# <details>
# <summary>提示 1：点拨</summary>
#
# 求和要从零开始：三个梯度各是什么形状？循环开始之前，里面应该放什么？还有，为什么要用 `+=` 而不是 `=`？
#
# </details>
#
# <details>
# <summary>提示 2：思路</summary>
#
# 1. 从缓存中取出所有内容，建好全零的 `dA_prev`、`dW` 和 `db`。
# 2. 用你的 `zero_pad` 填充 `A_prev` 和 `dA_prev`。
# 3. 对每个样本、每行、每列、每个滤波器：求出窗口的起止位置，切出切片，然后分别累加到三处：填充后的梯度的这个窗口、滤波器 `c` 的梯度、它的偏置的梯度。
# 4. 一个样本的所有位置都走完之后，裁掉边框，把剩下的存入 `dA_prev[i]`。
#
# </details>
#
# <details>
# <summary>提示 3：只差一步</summary>
#
# 设 `da_prev_pad = dA_prev_pad[i]`，盖章就是 `da_prev_pad[vert_start:vert_end, horiz_start:horiz_end, :] += W[:, :, :, c] * dZ[i, h, w, c]`。另外两行累加，照 6.2 和 6.1 的公式写出来就行。裁掉边框后的行是 `pad:pad + n_H_prev`。
#
# </details>


# %% solution="conv_backward"
def conv_backward(dZ, cache):
    """Compute the backward pass of a convolution layer.
    # zh: 计算卷积层的反向传播。

    dZ: array of shape (m, n_H, n_W, n_C), the gradient with respect to Z
    # zh: dZ：形状为 (m, n_H, n_W, n_C) 的数组，损失对 Z 的梯度
    cache: the second output of conv_forward
    # zh: cache：conv_forward 的第二个返回值
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

    # Start with three gradients full of zeros.
    # zh: 先建三个全零的梯度。

    # Pad A_prev and dA_prev.
    # zh: 填充 A_prev 和 dA_prev。

    # Go through examples, output rows, output columns and filters. (4 loops)
    # zh: 依次遍历样本、输出的行、输出的列和滤波器。（4 层循环）
    #     Find the corners, and cut the slice out of the padded input.
    # zh:     求出窗口的起止位置，从填充后的输入中切出这一块。
    #     Add to the window of the padded dA_prev, to dW and to db. (3 lines)
    # zh:     分别累加到填充后的 dA_prev 的窗口、dW 和 db 上。（3 行）

    # Cut the border off, for each example. It must work for pad = 0, too.
    # zh: 对每个样本裁掉填充的边框。pad = 0 时也要正确。
    raise NotImplementedError("conv_backward")
    # YOUR CODE ENDS HERE
    # zh: 你的代码到这里结束
    return dA_prev, dW, db


# %% tags=["demo"]
# Predict: a single 1 in dZ, at h = 1, w = 2, all else 0; stride 2. In which column does its stamp begin?
# zh: 预测：dZ 中只有一个 1，在 h = 1、w = 2 处，其余为 0；步幅为 2。它的印章从第几列开始（从 0 数起）？
# Play: move the 1. Where is the stamp, which window is dW? (The pixels are numbered 0 to 34, 7 to a row.)
# zh: 玩一玩：移动这个 1。印章盖在哪里？dW 是哪个窗口？（像素编号为 0 到 34，每行 7 个。）
# Last comes the explorer again; its bottom line compares your function with it.
# zh: 最后又是“动手探索”，最下面一行说明你的函数与它的结果是否一致。
prediction = None
one_filter = np.arange(1.0, 10.0).reshape(3, 3, 1, 1)
numbered_pixels = np.arange(35.0).reshape(1, 5, 7, 1)
with needs(zero_pad, conv_backward):
    gradient_in = np.zeros((1, 2, 3, 1))
    gradient_in[0, 1, 2, 0] = 1
    no_bias = np.zeros((1, 1, 1, 1))
    memory = (numbered_pixels, one_filter, no_bias, {"stride": 2, "pad": 0})
    gradient_out, gradient_filter, _ = conv_backward(gradient_in, memory)
    plots.predict(prediction, np.argmax(np.any(gradient_out != 0, axis=(0, 1, 3))), why="stamp")
    plots.conv_gradients(one_filter, gradient_in, gradient_out, gradient_filter)
    plots.explore_gradient(conv_backward)

# %% test="conv_backward"
check(conv_backward)

# %% [markdown] lang="en"
# <details>
# <summary>Where was the stamp, and which window was <i>dW</i>?</summary>
#
# A 1 at $(h, w)$ puts the filter as it is onto the rows from $2h$ and the columns from $2w$ of `dA_prev`, and `dW` is the same window of the picture. At $(1, 2)$ these are rows 2 to 4 and columns 4 to 6.
#
# </details>
#
# **How often is a pixel used?** With ones everywhere in $dZ$ and in $W$, each pixel receives 1 from each window that contains it. This shows what 4.1 said about borders; try `"pad": 1` (then $dZ$ is 6 × 6) or a stride of 2 (then $dZ$ is 2 × 2).

# %% [markdown] lang="zh"
# <details>
# <summary>印章盖在哪里？<i>dW</i> 是哪个窗口？</summary>
#
# $(h, w)$ 处的 1 把滤波器原样盖在 `dA_prev` 上，从第 $2h$ 行、第 $2w$ 列开始；`dW` 就是图像在同一位置的窗口。1 在 $(1, 2)$ 处时，是第 2 到 4 行、第 4 到 6 列。
#
# </details>
#
# **每个像素用到了几次**？让 $dZ$ 和 $W$ 全为 1，那么一个像素落在几个窗口里，它的梯度就是几。4.1 节关于边缘的那段话，在下图里一目了然；再试试 `"pad": 1`（这时 $dZ$ 是 6 × 6），或者把步幅改为 2（这时 $dZ$ 是 2 × 2）。

# %% tags=["demo"]
# Predict: which is the largest number in the picture?
# zh: 预测：图中最大的数是几？
prediction = None
settings = {"stride": 1, "pad": 0}
with needs(zero_pad, conv_backward):
    blank, ones = np.zeros((1, 6, 6, 1)), np.ones((3, 3, 1, 1))
    side = (6 - 3 + 2 * settings["pad"]) // settings["stride"] + 1
    memory = (blank, ones, np.zeros((1, 1, 1, 1)), settings)
    gradient_out, _, _ = conv_backward(np.ones((1, side, side, 1)), memory)
    plots.predict(prediction, np.max(gradient_out), why="coverage")
    plots.coverage(gradient_out)

# %% [markdown] lang="en"
# **Trust, but measure.** A derivative can be measured: move one pixel a little up and a little down, and see how much the loss changes,
#
# $$\frac{\partial J}{\partial x} \approx \frac{J(x + \varepsilon) - J(x - \varepsilon)}{2 \varepsilon}$$
#
# Here the loss is $J = \sum Z \cdot dZ$ with fixed random numbers for $dZ$, because then $\partial J / \partial Z$ is just this $dZ$. The two results should agree to about eight digits. This *gradient check* is the way to test any backward pass, even one whose correct answer nobody has told you, as long as it looks at **every** number: at the pixels in the middle, a function that forgets the border looks correct. So the cell below moves all 40 numbers of the picture, one at a time. It tests `dA_prev` only; exercise 7 of the second notebook makes a tool of it, for `dW` and `db` as well.
#
# **Random, and always the same.** A computer works its random numbers out, one from the other, and the number that it starts from is called the **seed**. `np.random.RandomState(2)` starts from seed 2, so it deals the same numbers today and tomorrow, to you and to your neighbour: you can compare your results, and when something goes wrong it goes wrong again, which is how you find it. Another seed deals other numbers that are just as random. In many programs you will find `np.random.seed(1)` in the first lines; it does the same for all of NumPy's random numbers at once.

# %% [markdown] lang="zh"
# **相信推导，也要测一测**：导数可以测量。把一个像素调大一点、调小一点，看损失变化多少：
#
# $$\frac{\partial J}{\partial x} \approx \frac{J(x + \varepsilon) - J(x - \varepsilon)}{2 \varepsilon}$$
#
# 这里取损失 $J = \sum Z \cdot dZ$，其中 $dZ$ 是固定的随机数，因为这样 $\partial J / \partial Z$ 就正好是这个 $dZ$。两个结果大约应有八位有效数字一致。这种**梯度检验**（gradient check）可以用来测试任何反向传播，哪怕没有标准答案可以对照；不过要把**每一个**数都测到，因为函数如果漏掉了边缘，只测中间的像素是看不出来的。所以下面的单元格把图像的 40 个数逐个动一动。这里只检验 `dA_prev`；第二个 notebook 的练习 7 会把它做成工具，`dW` 和 `db` 也能检验。
#
# **随机数为什么每次都一样**？计算机的随机数其实是一个接一个算出来的，起点叫作**随机种子**（seed）。`np.random.RandomState(2)` 的种子是 2，所以无论今天还是明天，在你的电脑上还是同学的电脑上，得到的都是同一串数。这样，大家的结果才能互相对照；万一出了错，重新运行时还会在同一处出错，也就容易找到原因。换一个种子，就得到另一串数，同样随机。很多程序的开头都有一行 `np.random.seed(1)`，作用相同，只不过它管的是 NumPy 的全部随机数。

# %% tags=["demo"]
# Predict: the picture has 40 numbers.
# zh: 预测：图像里有 40 个数。
# How often does this cell compute the loss in order to measure all of them?
# zh: 要把它们逐个测完，这个单元格要算多少次损失？
prediction = None
random = np.random.RandomState(2)
image = random.randn(1, 4, 5, 2)
kernels, biases = random.randn(3, 3, 2, 2), random.randn(1, 1, 1, 2)
settings = {"stride": 1, "pad": 1}
weights_of_loss = random.randn(1, 4, 5, 2)
tried = []


def loss_when_moved_by(step, pixel):
    moved = image.copy()
    moved[pixel] += step
    output, _ = conv_forward(moved, kernels, biases, settings)
    tried.append(pixel)
    return np.sum(output * weights_of_loss)


with needs(zero_pad, conv_single_step, conv_forward, conv_backward):
    by_formula = conv_backward(weights_of_loss, (image, kernels, biases, settings))[0]
    by_measuring = np.zeros(image.shape)
    for pixel in np.ndindex(image.shape):
        difference = loss_when_moved_by(1e-5, pixel) - loss_when_moved_by(-1e-5, pixel)
        by_measuring[pixel] = difference / 2e-5
    plots.predict(prediction, len(tried), why="measured")
    print("shapes:", np.shape(by_formula), by_measuring.shape)
    # zh: print("形状：", np.shape(by_formula), by_measuring.shape)
    print("the last pixel by your formula:", by_formula[0, -1, -1, -1])
    # zh: print("最后一个像素，按你的公式：", by_formula[0, -1, -1, -1])
    print("the last pixel by measuring:   ", by_measuring[0, -1, -1, -1])
    # zh: print("最后一个像素，数值测量：  ", by_measuring[0, -1, -1, -1])
    print("largest difference of all 40:  ", np.max(np.abs(by_formula - by_measuring)))
    # zh: print("全部 40 个数中，最大相差：", np.max(np.abs(by_formula - by_measuring)))
    print("Below 1e-6 that is rounding, and formula and measurement agree.")
    # zh: print("最大相差小于 1e-6 时，只是舍入误差，说明公式与测量一致。")

# %% [markdown] lang="en"
# <details>
# <summary>Question 1: where is the mirror image that 3.2 announced?</summary>
#
# In the formula for $dP$ the index of $W$ is $r - hs$: it goes up when $h$ goes down. Read as an operation on $dZ$ (for stride 1), the filter is flipped before it is applied, so $dP$ is a true convolution of $dZ$ with $W$: a **full convolution**, in which every overlap counts, with the filter turned by 180° (often called rot180).
#
# </details>
#
# <details>
# <summary>Question 2: <i>dZ</i> has the shape (10, 4, 4, 8). How many numbers are added up for one entry of <i>db</i>, and which shape does <i>db</i> have?</summary>
#
# All examples and all positions of one channel: $10 \cdot 4 \cdot 4 = 160$ numbers. The shape is that of `b`, `(1, 1, 1, 8)`.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>思考题 1：3.2 节预告的镜像出现在哪里？</summary>
#
# 在 $dP$ 的公式里，$W$ 的下标是 $r - hs$：$h$ 变大，它反而变小。在步幅为 1 时，如果把这个公式看成对 $dZ$ 的运算，滤波器就是翻转之后再用的，所以 $dP$ 就是 $dZ$ 与 $W$ 的真正的卷积：凡有重叠之处都算，叫**宽卷积**（full convolution），滤波器旋转了 180°（常写作 rot180）。
#
# </details>
#
# <details>
# <summary>思考题 2：<i>dZ</i> 的形状是 (10, 4, 4, 8)。<i>db</i> 的每个元素是多少个数之和？<i>db</i> 是什么形状？</summary>
#
# 一个通道内所有样本、所有位置：$10 \cdot 4 \cdot 4 = 160$ 个数。形状与 `b` 相同，为 `(1, 1, 1, 8)`。
#
# </details>

# %% [markdown] lang="en"
# **A filter that nobody wrote.** What are gradients for? The next cell takes the Sobel filter of 4.3, lets it make a target out of random pictures, and forgets it. Then a filter of random numbers goes downhill: your forward pass says how far it is from the target, your $dW$ says which way to go. After some thirty steps it has found the Sobel filter from its effect alone. This is how every filter of a trained network comes about.
#
# <details>
# <summary>And what does a rate of 2 do?</summary>
#
# The loss grows instead of falling: each step goes in the correct direction, but so far that it ends up beyond the lowest point and higher than before, and the next step is longer still. With these pictures a step multiplies the part of the error that it moves most by $1 - 1.81 \cdot \text{rate}$. For a rate of 0.5 that is about 0.1, for a rate of 2 about −2.6; from a rate of $2/1.81 \approx 1.1$ on it *diverges*. Other seeds and `outlines` as target change nothing: the filter is found, only the path to it is another one.
#
# </details>

# %% [markdown] lang="zh"
# **没有人设计的滤波器**：梯度有什么用？下面的单元格先用 4.3 节的 Sobel 滤波器从随机图像算出目标，然后把这个滤波器忘掉，再让一个随机的滤波器做梯度下降：你的前向传播告诉它离目标有多远，你的 $dW$ 告诉它该往哪里走。大约三十步之后，它仅凭效果就还原出了 Sobel 滤波器。训练好的网络里，每个滤波器都是这样从数据中学出来的。
#
# <details>
# <summary>学习率（learning rate）取 2 会怎样？</summary>
#
# 损失不降反升：每一步方向都对，却迈得太大，一下子越过最低点，到了对面更高的地方，下一步就迈得更大。就这些图像来说，误差中变化最快的那一部分，每走一步就乘以 $1 - 1.81 \cdot \text{rate}$：学习率为 0.5 时约为 0.1，学习率为 2 时约为 −2.6。学习率一旦超过 $2/1.81 \approx 1.1$，训练就会**发散**。换一个随机种子，或者把目标换成 `outlines`，都不影响结果：滤波器照样找得到，只是走的路不同。
#
# </details>

# %% tags=["demo"]
# Predict: which number will stand in the middle of the right column, once the filter is learned?
# zh: 预测：滤波器学好之后，右边一列正中间的数是几？
# Play: start from another seed, or take outlines for a target. What does a rate of 2 do?
# zh: 玩一玩：换一个随机种子，或者把目标换成 outlines。学习率取 2 会怎样？
prediction = None
random, rate = np.random.RandomState(0), 0.5
noise, wanted = random.randn(2, 9, 9, 1), vertical_edges.reshape(3, 3, 1, 1)
no_bias, settings = np.zeros((1, 1, 1, 1)), {"stride": 1, "pad": 0}
with needs(zero_pad, conv_single_step, conv_forward, conv_backward):
    target, _ = conv_forward(noise, wanted, no_bias, settings)
    learned, losses = random.randn(3, 3, 1, 1), []
    for _ in range(30):
        output, memory = conv_forward(noise, learned, no_bias, settings)
        losses.append(np.mean((output - target) ** 2))
        # This is half the derivative of the mean square; the rate makes up for the 2.
        # zh: 这是均方误差的导数的一半，少掉的 2 并入学习率。
        gradients = conv_backward((output - target) / output.size, memory)
        learned = learned - rate * gradients[1]
    plots.predict(prediction, np.round(learned[1, 2, 0, 0], 2), why="sobel")
    plots.learned_filter(wanted, learned, losses)

# %% [markdown] lang="en"
# **In short**
#
# - Ask of each number in which outputs it takes part and with which factor: its gradient is the sum of their gradients times the factors.
# - $db$ sums $dZ$, $dW$ sums windows times $dZ$, $dP$ sums stamps of the filter times $dZ$.
# - A gradient can be measured: never trust a backward pass that you have not checked.

# %% [markdown] lang="zh"
# **小结**
#
# - 对每个数都问：它出现在哪些输出里，系数是多少？把这些输出的梯度各乘以系数再相加，就是它的梯度。
# - $db$ 是 $dZ$ 之和，$dW$ 是窗口乘以 $dZ$ 之和，$dP$ 是“滤波器乘以 $dZ$”的印章之和。
# - 梯度可以测量：没有检验过的反向传播，不要相信。

# %% [markdown] lang="en"
# ## 7 The pooling layer, backward
#
# Pooling has no parameters, so only $dA^{\mathrm{prev}}$ is wanted, computed from $dA$, the gradient of its output. The question is the one of section 6: in which outputs does an input take part, and with which factor?
#
# ### 7.1 Max pooling
#
# In a window, only the largest number reaches the output, with factor 1. The others could change a little and nothing would happen: factor 0. So the whole gradient goes to the place of the maximum. For that one needs to know where it was, a **mask**:
#
# $$x = \begin{pmatrix} 1 & 3 \\ 4 & 2 \end{pmatrix} \;\to\; \begin{pmatrix} \text{False} & \text{False} \\ \text{True} & \text{False} \end{pmatrix}, \qquad dA = 5 \;\to\; \begin{pmatrix} 0 & 0 \\ 5 & 0 \end{pmatrix}$$
#
# ![](images/max_pooling_backward.png)
#
# **What about ties?** If the maximum occurs twice, max pooling has no derivative at that point, and a rule is needed. Comparing each number with the maximum marks *all* of the winners, and then each of them receives the full gradient: twice as much flows back as came in. Marking just one of them keeps the amount right, and this is what the pooling layers of most frameworks do (the table unfolds below). Ties are not rare: on an empty background all numbers of a window are equal. In this course both rules are accepted, and no check depends on a tie. Marking one is the cleaner rule; the network of the second notebook learns equally well with either.
#
# <details>
# <summary>How often do ties occur in real pictures?</summary>
#
# Take the scanned digits of scikit-learn's `load_digits`, 8 × 8 pixels each. Of their 2 × 2 windows (stride 2), 41% have a tie, and 27% are even constant, nearly all of them empty background.
#
# </details>
#
# <details>
# <summary>What do frameworks do with four equal numbers and the gradient 1?</summary>
#
# All five are libraries for deep learning; what stands in code is the name of a function in them.
#
# | Framework | Maximum of a window |
# |---|---|
# | PyTorch 2.13 | `max_pool2d`: the first gets 1; `x.max()`: 1/4 each |
# | TensorFlow 2.21 | `max_pool2d`: the first gets 1 |
# | JAX 0.10 | `reduce_window`: the first gets 1; `jnp.max`: 1/4 each |
# | Keras 3.15 (computing with JAX here) | `MaxPooling2D`: the first gets 1; `ops.max`: 1/4 each |
# | tinygrad 0.14 | `max_pool2d`, `x.max()`: 1/4 each |
#
# </details>

# %% [markdown] lang="zh"
# ## 7 池化层的反向传播
#
# 池化层没有参数，所以只需由输出的梯度 $dA$ 求出 $dA^{\mathrm{prev}}$。要问的还是第 6 节的那个问题：一个输入出现在哪些输出里，系数是多少？
#
# ### 7.1 最大池化
#
# 一个窗口里，只有最大的那个数能到达输出，系数为 1。其余的数稍微变一变，输出不受影响，系数为 0。所以，梯度全部传给最大值所在的位置。为此要记下最大值在哪里，这就需要一个**掩码**（mask）：
#
# $$x = \begin{pmatrix} 1 & 3 \\ 4 & 2 \end{pmatrix} \;\to\; \begin{pmatrix} \text{False} & \text{False} \\ \text{True} & \text{False} \end{pmatrix}, \qquad dA = 5 \;\to\; \begin{pmatrix} 0 & 0 \\ 5 & 0 \end{pmatrix}$$
#
# ![](images/max_pooling_backward.png)
#
# **最大值并列怎么办**？如果最大值出现两次，最大池化在这一点上没有导数，需要另作规定。把每个数与最大值比较，会把并列的**全部**标出来，于是每一个都得到完整的梯度：传回去的是传进来的两倍。只标其中一个，总量才对，多数框架的池化层就是这样做的（展开下面的表就能看到）。并列并不少见：在空白的背景上，一个窗口里的数全都相等。本课程两种规则都接受，检查里也没有并列的情况。只标一个更规范；不过第二个 notebook 里的网络，用哪种规则都学得一样好。
#
# <details>
# <summary>真实的图像里，并列有多常见？</summary>
#
# 以 scikit-learn 的 `load_digits` 为例，那是真实的手写数字扫描图，8 × 8 像素。在步幅为 2 的 2 × 2 窗口中，有并列的占 41%，单是四个数全都相等的就占 27%，几乎都是空白背景。
#
# </details>
#
# <details>
# <summary>窗口里的四个数相等，传来的梯度是 1，各个框架怎么分？</summary>
#
# 表中的五个都是深度学习的库，写成代码的是其中的函数名。
#
# | 框架 | 窗口的最大值 |
# |---|---|
# | PyTorch 2.13 | `max_pool2d`：第一个得 1；`x.max()`：各得 1/4 |
# | TensorFlow 2.21 | `max_pool2d`：第一个得 1 |
# | JAX 0.10 | `reduce_window`：第一个得 1；`jnp.max`：各得 1/4 |
# | Keras 3.15（此处由 JAX 负责计算） | `MaxPooling2D`：第一个得 1；`ops.max`：各得 1/4 |
# | tinygrad 0.14 | `max_pool2d`、`x.max()`：各得 1/4 |
#
# </details>

# %% [markdown] lang="en"
# ### Exercise 6 – create_mask_from_window
#
# Return an array of the shape of `x` that is `True` where the maximum is and `False` elsewhere. If the maximum occurs several times, marking all of them is fine here, and it is what the hints lead to; section 9 names the tools for marking one.
#
# <details>
# <summary>Hint 1: a nudge</summary>
#
# What does NumPy return for `np.array([1, 4, 2]) > 1`?
#
# </details>
#
# <details>
# <summary>Hint 2: the approach</summary>
#
# Compare the whole array with its own maximum. `=` assigns, `==` compares.
#
# </details>
#
# <details>
# <summary>Hint 3: almost the line</summary>
#
# The right-hand side of the comparison is `np.max(x)`. The result of the comparison is the mask; no loop and no `if` are needed.
#
# </details>

# %% [markdown] lang="zh"
# ### 练习 6 – create_mask_from_window
#
# 返回一个形状与 `x` 相同的数组，最大值处为 `True`，其余为 `False`。如果最大值有并列，这里全部标出即可，提示也是这样引导的；想只标一个，要用的函数见第 9 节。
#
# <details>
# <summary>提示 1：点拨</summary>
#
# `np.array([1, 4, 2]) > 1` 在 NumPy 中返回什么？
#
# </details>
#
# <details>
# <summary>提示 2：思路</summary>
#
# 把整个数组与它自己的最大值比较。`=` 是赋值，`==` 才是比较。
#
# </details>
#
# <details>
# <summary>提示 3：只差一步</summary>
#
# 比较式的右边是 `np.max(x)`。比较的结果就是掩码，不需要循环，也不需要 `if`。
#
# </details>


# %% solution="create_mask_from_window"
def create_mask_from_window(x):
    """Mark the maximum of a window.
    # zh: 标出窗口中的最大值。

    x: array with two axes
    # zh: x：有两个轴的数组
    Returns mask: array of the same shape, True at the maximum and False elsewhere
    # zh: 返回 mask：形状相同的数组，最大值处为 True，其余为 False
    """
    # YOUR CODE STARTS HERE
    # zh: 你的代码从这里开始
    # (about 1 line) Compare.
    # zh: （约 1 行）作一次比较。
    raise NotImplementedError("create_mask_from_window")
    # YOUR CODE ENDS HERE
    # zh: 你的代码到这里结束
    return mask


# %% tags=["demo"]
# Predict: here the 4 occurs twice. How often is your own mask True?
# zh: 预测：这里的 4 出现了两次。你的掩码中有几个 True？
# Play: the window from above, [[1, 3], [4, 2]], or one of negative numbers only.
# zh: 玩一玩：换成上面的窗口 [[1, 3], [4, 2]]，或者全是负数的窗口。
prediction = None
window = np.array([[4, 4], [1, 2]])
with needs(create_mask_from_window):
    winners = create_mask_from_window(window)
    plots.predict(prediction, np.sum(winners), why="ties")
    plots.mask(window, winners)

# %% test="create_mask_from_window"
check(create_mask_from_window)

# %% [markdown] lang="en"
# ### 7.2 Average pooling
#
# In the mean of the $f \cdot f$ numbers of a window each one takes part with the factor $1/f^2$. So every place of the window receives the same share:
#
# $$dz = 2, \quad \text{shape } (2, 2) \;\to\; \begin{pmatrix} 0.5 & 0.5 \\ 0.5 & 0.5 \end{pmatrix}$$
#
# ![](images/average_pooling_backward.png)
#
# What is handed out adds up to what came in: $4 \cdot 0.5 = 2$.

# %% [markdown] lang="zh"
# ### 7.2 平均池化
#
# 对窗口里的 $f \cdot f$ 个数求平均时，每个数的系数都是 $1/f^2$，所以窗口里每个位置分到的都一样多：
#
# $$dz = 2, \quad \text{shape } (2, 2) \;\to\; \begin{pmatrix} 0.5 & 0.5 \\ 0.5 & 0.5 \end{pmatrix}$$
#
# ![](images/average_pooling_backward.png)
#
# 分出去的总和等于收到的：$4 \cdot 0.5 = 2$。

# %% [markdown] lang="en"
# ### Exercise 7 – distribute_value
#
# Spread the number `dz` evenly over an array of the given shape.
#
# <details>
# <summary>Hint 1: a nudge</summary>
#
# Over how many places is `dz` spread when the shape is `(2, 5)`? (Not 7.)
#
# </details>
#
# <details>
# <summary>Hint 2: the approach</summary>
#
# Divide by the number of places, then fill an array of that shape with the quotient.
#
# </details>
#
# <details>
# <summary>Hint 3: almost the line</summary>
#
# `np.full(shape, value)` makes an array with the same number everywhere; the value is up to you.
#
# </details>

# %% [markdown] lang="zh"
# ### 练习 7 – distribute_value
#
# 把数 `dz` 平均分配到给定形状的数组中。
#
# <details>
# <summary>提示 1：点拨</summary>
#
# 形状是 `(2, 5)` 时，`dz` 要分给多少个位置？（不是 7。）
#
# </details>
#
# <details>
# <summary>提示 2：思路</summary>
#
# 先除以位置的个数，再用所得的商填满一个指定形状的数组。
#
# </details>
#
# <details>
# <summary>提示 3：只差一步</summary>
#
# `np.full(shape, value)` 生成一个处处相同的数组；填什么数由你来定。
#
# </details>


# %% solution="distribute_value"
def distribute_value(dz, shape):
    """Spread a number evenly over an array.
    # zh: 把一个数平均分配到一个数组中。

    dz: a number
    # zh: dz：一个数
    shape: (rows, columns), the shape of the result
    # zh: shape：(行数, 列数)，结果的形状
    Returns a: array of that shape whose entries are equal and add up to dz
    # zh: 返回 a：形状为 shape 的数组，各元素相等，总和为 dz
    """
    # YOUR CODE STARTS HERE
    # zh: 你的代码从这里开始
    # (about 3 lines) Count the places, work out each share, fill the array.
    # zh: （约 3 行）数出有多少个位置，算出每个位置的一份，再填满数组。
    raise NotImplementedError("distribute_value")
    # YOUR CODE ENDS HERE
    # zh: 你的代码到这里结束
    return a


# %% tags=["demo"]
# Predict: 5 is spread over 2 rows and 5 columns. How much does each place get?
# zh: 预测：把 5 平均分到 2 行 5 列中，每个位置分到多少？
# Play: change number and shape. The entries should always add up to the number.
# zh: 玩一玩：改一改这个数和形状。各元素之和应始终等于这个数。
prediction = None
with needs(distribute_value):
    share = distribute_value(5, (2, 5))
    plots.predict(prediction, np.max(share), why="share")
    print(share)
    print("sum:", np.sum(share))
    # zh: print("总和：", np.sum(share))

# %% test="distribute_value"
check(distribute_value)

# %% [markdown] lang="en"
# ### 7.3 Both together
#
# Now go through the outputs, as in section 6: each $dA_{i,h,w,c}$ hands its gradient to the window from which its output came, by mask or in equal shares. Where windows overlap, the shares add up.
#
# **By hand.** One channel, $f = 2$, $s = 1$:
#
# $$A^{\mathrm{prev}} = \begin{pmatrix} 1 & 5 & 2 \\ 0 & 3 & 4 \\ 6 & 1 & 0 \end{pmatrix} \qquad dA = \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}$$
#
# The 5 wins both upper windows and receives $1 + 2$; the 6 wins the lower left window, the 4 the lower right one. For average pooling, each output gives a quarter to each of its four places; the one in the middle lies in all windows and receives $(1 + 2 + 3 + 4)/4 = 2.5$:
#
# $$dA^{\mathrm{prev}}_{\mathrm{max}} = \begin{pmatrix} 0 & 3 & 0 \\ 0 & 0 & 4 \\ 3 & 0 & 0 \end{pmatrix} \qquad dA^{\mathrm{prev}}_{\mathrm{average}} = \begin{pmatrix} 0.25 & 0.75 & 0.5 \\ 1 & 2.5 & 1.5 \\ 0.75 & 1.75 & 1 \end{pmatrix}$$
#
# Both add up to 10, as $dA$ does.

# %% [markdown] lang="zh"
# ### 7.3 合起来
#
# 现在像第 6 节那样逐个走过输出：每个 $dA_{i,h,w,c}$ 把梯度交还给产生该输出的那个窗口，或者按掩码给，或者平均分。窗口重叠的地方，各份相加。
#
# **动手算一算**：一个通道，$f = 2$，$s = 1$：
#
# $$A^{\mathrm{prev}} = \begin{pmatrix} 1 & 5 & 2 \\ 0 & 3 & 4 \\ 6 & 1 & 0 \end{pmatrix} \qquad dA = \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}$$
#
# 5 在上面的两个窗口里都是最大值，得到 $1 + 2$；左下窗口的最大值是 6，右下窗口的是 4。平均池化时，每个输出把梯度分给自己窗口里的四个位置，各得四分之一；正中间的位置属于所有窗口，得到 $(1 + 2 + 3 + 4)/4 = 2.5$：
#
# $$dA^{\mathrm{prev}}_{\mathrm{max}} = \begin{pmatrix} 0 & 3 & 0 \\ 0 & 0 & 4 \\ 3 & 0 & 0 \end{pmatrix} \qquad dA^{\mathrm{prev}}_{\mathrm{average}} = \begin{pmatrix} 0.25 & 0.75 & 0.5 \\ 1 & 2.5 & 1.5 \\ 0.75 & 1.75 & 1 \end{pmatrix}$$
#
# 两者的总和都是 10，与 $dA$ 的总和相同。

# %% [markdown] lang="en"
# ### Exercise 8 – pool_backward
#
# Route the gradient back through the pooling layer, in both modes. Keep the two kinds of position apart: `dA[i, h, w, c]` is one number and belongs to the **output** position, whatever the stride; the corners cut windows out of `A_prev` and `dA_prev` only.
#
# <details>
# <summary>Hint 1: a nudge</summary>
#
# For one position: which array do you cut a window out of in order to find the maximum, and to which array do you add?
#
# </details>
#
# <details>
# <summary>Hint 2: the approach</summary>
#
# Start with a `dA_prev` full of zeros in the shape of `A_prev`. The loops run over the axes of `dA`, and the corners are the ones that you know. In mode `"max"`, cut the window out of one example and channel of `A_prev`, make its mask, and add mask times gradient. In mode `"average"`, add what `distribute_value` returns.
#
# </details>
#
# <details>
# <summary>Hint 3: almost the line</summary>
#
# In both modes the line starts with `dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] +=`. For the average it goes on with `distribute_value(dA[i, h, w, c], (f, f))`.
#
# </details>

# %% [markdown] lang="zh"
# ### 练习 8 – pool_backward
#
# 在两种模式下，把梯度传回池化层的输入。别把输出的位置与输入的位置弄混：`dA[i, h, w, c]` 是一个数，属于**输出**的位置，与步幅无关；窗口的起止位置只用来从 `A_prev` 和 `dA_prev` 中切窗口。
#
# <details>
# <summary>提示 1：点拨</summary>
#
# 对某个位置来说：要找最大值，应从哪个数组里切出窗口？结果又应加到哪个数组上？
#
# </details>
#
# <details>
# <summary>提示 2：思路</summary>
#
# 先建一个形状与 `A_prev` 相同的全零 `dA_prev`。循环走遍 `dA` 的各个轴，窗口起止位置的求法照旧。模式为 `"max"` 时，从 `A_prev` 的一个样本、一个通道中切出窗口，求出掩码，再加上掩码乘以梯度；模式为 `"average"` 时，加上 `distribute_value` 的返回值。
#
# </details>
#
# <details>
# <summary>提示 3：只差一步</summary>
#
# 两种模式下，那一行的开头都是 `dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] +=`。平均池化时，后面接 `distribute_value(dA[i, h, w, c], (f, f))`。
#
# </details>


# %% solution="pool_backward"
def pool_backward(dA, cache, mode="max"):
    """Compute the backward pass of a pooling layer.
    # zh: 计算池化层的反向传播。

    dA: array of shape (m, n_H, n_W, n_C), the gradient with respect to A
    # zh: dA：形状为 (m, n_H, n_W, n_C) 的数组，损失对 A 的梯度
    cache: the second output of pool_forward
    # zh: cache：pool_forward 的第二个返回值
    mode: "max" or "average"
    # zh: mode："max" 或 "average"
    Returns dA_prev: array with the shape of A_prev
    # zh: 返回 dA_prev：与 A_prev 形状相同的数组
    """
    # YOUR CODE STARTS HERE
    # zh: 你的代码从这里开始
    # Take A_prev and hparameters out of the cache; read f, stride and the sizes.
    # zh: 从 cache 解包出 A_prev 和 hparameters，读出 f、stride 和各个大小。

    # Start with a gradient full of zeros.
    # zh: 先建一个全零的梯度。

    # Go through examples, output rows, output columns and channels. (4 loops)
    # zh: 依次遍历样本、输出的行、输出的列和通道。（4 层循环）
    #     Find the corners of the window.
    # zh:     求出窗口的起止位置。
    #     Add to the window of dA_prev what it receives, depending on mode.
    # zh:     按 mode 把这个窗口应得的梯度累加到 dA_prev 的窗口上。
    raise NotImplementedError("pool_backward")
    # YOUR CODE ENDS HERE
    # zh: 你的代码到这里结束
    return dA_prev


# %% tags=["demo"]
# Predict: the example from above, but with 7 in place of 2 in dA. What does max pooling send to the 5?
# zh: 预测：上面的例子，只是把 dA 中的 2 换成 7。最大池化传给 5 的梯度是多少？
# Play: change dA again, or let two numbers of a window be equal.
# zh: 玩一玩：再改改 dA，或让窗口中有两个数相等。
prediction = None
channel = np.array([[1, 5, 2], [0, 3, 4], [6, 1, 0]]).reshape(1, 3, 3, 1)
gradient_in = np.array([[1.0, 7.0], [3.0, 4.0]]).reshape(1, 2, 2, 1)
memory = (channel, {"f": 2, "stride": 1})
with needs(create_mask_from_window, distribute_value, pool_backward):
    to_winners = pool_backward(gradient_in, memory, mode="max")
    in_shares = pool_backward(gradient_in, memory, mode="average")
    plots.predict(prediction, to_winners[0, 0, 1, 0], why="winner")
    plots.pool_gradients(channel, gradient_in, to_winners, in_shares)

# %% test="pool_backward"
check(pool_backward)

# %% [markdown] lang="en"
# **A look at ties.** A constant picture, and a gradient that adds up to 4. How much of it comes back depends on the rule that your mask follows.

# %% [markdown] lang="zh"
# **看看并列的情形**：一张处处相同的图，总和为 4 的梯度。传回多少，取决于你的掩码用哪种规则。

# %% tags=["demo"]
# Predict: four windows of 2 × 2 equal numbers. How much does your own mask send back in all?
# zh: 预测：四个 2 × 2 的窗口，每个窗口里的数都相等。用你自己的掩码，传回的总和是多少？
prediction = None
with needs(create_mask_from_window, pool_backward):
    gradient_in = np.ones((1, 2, 2, 1))
    memory = (np.zeros((1, 4, 4, 1)), {"f": 2, "stride": 2})
    gradient_out = pool_backward(gradient_in, memory, mode="max")
    plots.predict(prediction, np.sum(gradient_out), why="sent_back")
    print("in: ", np.sum(gradient_in))
    # zh: print("传入：", np.sum(gradient_in))
    print("out:", np.sum(gradient_out))
    # zh: print("传回：", np.sum(gradient_out))

# %% [markdown] lang="en"
# <details>
# <summary>How much comes back, and why?</summary>
#
# 16 if the mask marks all: each of the four windows sends its gradient 1 to all of its four pixels. 4 if it marks one: then what comes back is what came in.
#
# </details>
#
# <details>
# <summary>Question 1: what happens to the pixels that no window reaches, such as the last column in the example of section 5?</summary>
#
# They took part in no output, so their gradient is 0. It comes out right by itself, because $dA^{\mathrm{prev}}$ starts full of zeros.
#
# </details>
#
# <details>
# <summary>Question 2: why does the cache of pooling hold its input, when there are no parameters?</summary>
#
# Max pooling has to know where the maximum was. For average pooling the shape of the input would be enough.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>传回多少？为什么？</summary>
#
# 掩码全标，总和就是 16：四个窗口，每个都把梯度 1 传给自己的全部四个像素。只标一个，总和就是 4：传进来多少，就传回多少。
#
# </details>
#
# <details>
# <summary>思考题 1：不在任何窗口里的像素（例如第 5 节例子中的最后一列）会怎样？</summary>
#
# 它们没有参与任何输出的计算，梯度就是 0。因为 $dA^{\mathrm{prev}}$ 一开始全是零，所以结果自然正确。
#
# </details>
#
# <details>
# <summary>思考题 2：池化没有参数，为什么缓存里还要存输入？</summary>
#
# 最大池化必须知道最大值在哪里。至于平均池化，只要知道输入的形状就够了。
#
# </details>

# %% [markdown] lang="en"
# **In short**
#
# - Max pooling sends the gradient to the winner, average pooling shares it out equally.
# - $dA$ belongs to the output position; only windows are cut by corners.
# - With ties a rule is needed: where only one winner is marked, what flows back is what came in.

# %% [markdown] lang="zh"
# **小结**
#
# - 最大池化把梯度全部传给最大值，平均池化平均分配。
# - $dA$ 属于输出的位置；只有切窗口时才用到起止位置。
# - 出现并列时要有规则：如果只标一个，传回的总和就等于传来的总和。

# %% [markdown] lang="en"
# ## 8 Putting it together
#
# Convolution, nonlinearity (a function whose graph is no straight line, here ReLU), pooling: a convolutional network is this trio a few times over, and one or two fully connected layers at the end.
#
# ![](images/model.png)
#
# By now you can count this network's parameters: $(3 \cdot 3 \cdot 1 + 1) \cdot 8 = 80$ in the first convolution, $(3 \cdot 3 \cdot 8 + 1) \cdot 16 = 1168$ in the second, $(64 + 1) \cdot 10 = 650$ in the fully connected layer; pooling and ReLU have none. That makes 1898.
#
# The next cell sends the house through one such trio and back, with your functions and one line for the ReLU ($\max(0, z)$, whose derivative is 1 where $z > 0$ and 0 elsewhere). It picks the strongest answer after pooling and asks: **which pixels does this one number depend on, and how strongly?** Everything except a small patch comes out as zero: the receptive field of a 3 × 3 convolution and a 2 × 2 pooling layer. How many pixels are that? Section 5.1 tells you.
#
# <details>
# <summary>How many pixels are that? (It shows the answer to the prediction.)</summary>
#
# $r_1 = 1 + 2 = 3$ behind the convolution and $r_2 = 3 + 1 = 4$ behind the pooling, as in the table of 5.1: $4 \cdot 4 = 16$ pixels.
#
# </details>
#
# <details>
# <summary>And with the filter for horizontal edges?</summary>
#
# The place is another one, at the bottom of the wall, but the patch is as large. Now its sign changes from top to bottom instead of from left to right: the filter computes top minus bottom.
#
# </details>
#
# <details>
# <summary>And with "max" in both places?</summary>
#
# With `vertical_edges`, the gradient now goes to the winner alone, so only its 3 × 3 window can count; the middle column of the Sobel filter is 0, and 6 pixels are left. Here two equal winners lie side by side. If your mask marks both, you see 3 × 4 = 12 pixels.
#
# </details>

# %% [markdown] lang="zh"
# ## 8 合在一起
#
# 卷积、非线性（图形不是直线的函数，这里是 ReLU）、池化：卷积网络就是把这三层重复几遍，最后接一两个全连接层。
#
# ![](images/model.png)
#
# 这个网络有多少参数，你现在已经会数了：第一个卷积层 $(3 \cdot 3 \cdot 1 + 1) \cdot 8 = 80$ 个，第二个 $(3 \cdot 3 \cdot 8 + 1) \cdot 16 = 1168$ 个，全连接层 $(64 + 1) \cdot 10 = 650$ 个；池化和 ReLU 没有参数。一共 1898 个。
#
# 下面的单元格用你写的函数，再加一行 ReLU（$\max(0, z)$，它的导数在 $z > 0$ 处为 1，其余为 0），让那张房子图经过这样的三层，再原路返回。它挑出池化之后最强的那个响应，然后问：**这一个数取决于哪些像素，程度如何**？结果除了一小块像素之外全是零，这一小块就是 3 × 3 卷积加 2 × 2 池化的感受野。它有多少个像素？5.1 节算过。
#
# <details>
# <summary>它有多少个像素？（里面有预测题的答案）</summary>
#
# 与 5.1 节的表一样，卷积之后 $r_1 = 1 + 2 = 3$，池化之后 $r_2 = 3 + 1 = 4$，一共 $4 \cdot 4 = 16$ 个像素。
#
# </details>
#
# <details>
# <summary>换成检测水平边缘的滤波器会怎样？</summary>
#
# 最强的响应换了地方，到了墙的下沿，那一小块的大小却不变。现在正负号不再是左右相反，而是上下相反，因为这个滤波器算的是上减下。
#
# </details>
#
# <details>
# <summary>两处都改成 "max" 会怎样？</summary>
#
# 仍用 `vertical_edges`。这时梯度只传给最大值，起作用的只有它的那个 3 × 3 窗口；而 Sobel 滤波器的中间一列是 0，所以剩下 6 个像素。这里恰好有两个相等的最大值左右相邻：如果你的掩码把两个都标出，看到的就是 3 × 4 = 12 个像素。
#
# </details>

# %% tags=["demo"]
# Predict: how many pixels does one number behind convolution and pooling depend on?
# zh: 预测：经过卷积和池化得到的一个数，取决于多少个像素？
# Play: take horizontal_edges, or "max" in both places: what becomes of the patch?
# zh: 玩一玩：改用 horizontal_edges，或把两处都改成 "max"：那一小块会变成什么样？
prediction = None
with needs(
    zero_pad,
    conv_single_step,
    conv_forward,
    pool_forward,
    conv_backward,
    create_mask_from_window,
    distribute_value,
    pool_backward,
):
    scene = plots.house()[np.newaxis, :, :, np.newaxis]
    one_filter = vertical_edges.reshape(3, 3, 1, 1)
    # forward
    # zh: 前向传播
    Z_scene, memory_conv = conv_forward(
        scene, one_filter, np.zeros((1, 1, 1, 1)), {"stride": 1, "pad": 1}
    )
    activations = np.maximum(0, Z_scene)
    pool_settings = {"f": 2, "stride": 2}
    pooled, memory_pool = pool_forward(activations, pool_settings, mode="average")
    # the strongest answer inside the picture, away from the frame of zeros
    # zh: 图像内部最强的响应，避开边上填的零
    inside = pooled[0, 1:-1, 1:-1, 0]
    row, column = np.add(np.unravel_index(np.argmax(inside), inside.shape), 1)
    # backward, from this one number
    # zh: 反向传播，从这一个数出发
    gradient = np.zeros(pooled.shape)
    gradient[0, row, column, 0] = 1
    gradient = pool_backward(gradient, memory_pool, mode="average")
    gradient = gradient * (Z_scene > 0)
    gradient, _, _ = conv_backward(gradient, memory_conv)
    plots.predict(prediction, np.count_nonzero(gradient), why="patch")
    top, left = 2 * row - 3, 2 * column - 3
    plots.influence(scene[0, :, :, 0], gradient, top, left, size=8)
    print("sizes:", scene.shape, "->", Z_scene.shape, "->", pooled.shape)
    # zh: print("大小：", scene.shape, "->", Z_scene.shape, "->", pooled.shape)
    print("pixels with an influence:", np.count_nonzero(gradient))
    # zh: print("有影响的像素个数：", np.count_nonzero(gradient))

# %% [markdown] lang="en"
# **In short**
#
# - A convolutional network is convolution, nonlinearity and pooling, a few times over, and then one or two fully connected layers.
# - On the way back the layers come in reverse order; each turns the gradient of its output into that of its input, with the help of its cache.
# - One number depends on the pixels of its receptive field alone; the gradient says how strongly on each of them.

# %% [markdown] lang="zh"
# **小结**
#
# - 卷积、非线性、池化重复几遍，最后接一两个全连接层，就是卷积网络。
# - 反向传播时，各层次序相反：每一层借助自己的缓存，由输出的梯度算出输入的梯度。
# - 一个数只取决于它感受野里的像素；梯度说明它受每个像素的影响有多大。

# %% [markdown] lang="en"
# ## 9 What to try next
#
# - **Go on with the second notebook**, `convnet_application`: it takes these eight functions over, makes the layers hundreds of times faster, and trains the network of section 8 on real handwritten digits.
# - **Break ties.** Let your mask mark one maximum only (`np.argmax` and `np.unravel_index` help) and repeat the experiment of 7.3.
# - **Look backwards.** For stride 1 and no padding, compute $dP$ with one call of `scipy.signal.convolve2d` per channel and compare (SciPy is not among the course's packages: `pip install scipy`). Which mode is it?
# - **Change the layer.** A filter of 1 × 1: what can it compute? Leave gaps between the pixels under the filter (*dilation*): what happens to the formula of the output size?
#
# <details>
# <summary>How much do four equal numbers send back, once ties are broken?</summary>
#
# 1 and not 4: one winner receives all of it, so what flows back is what came in.
#
# </details>
#
# <details>
# <summary>Which mode of convolve2d gives <i>dP</i>?</summary>
#
# `"full"`: it is the true convolution of question 1 in section 6, the full one, in which every overlap counts.
#
# </details>
#
# <details>
# <summary>What does a filter of 1 × 1 compute?</summary>
#
# It mixes the channels of one pixel, in the same way for all pixels, as a small fully connected layer does. Networks use such a 1 × 1 convolution to change the number of channels: from 64 to 16 it costs $64 \cdot 16 + 16 = 1040$ parameters.
#
# </details>
#
# <details>
# <summary>And the size of the output with gaps?</summary>
#
# With a step of $d$ from pixel to pixel, a filter spans $(f - 1) d + 1$ of them, and this number takes the place of $f$. The explorer of 4.3 has a slider for it.
#
# </details>
#
# ### Where to go from here
#
# - V. Dumoulin, F. Visin: [A guide to convolution arithmetic for deep learning](https://arxiv.org/abs/1603.07285), every combination of size, stride and padding in pictures.
# - [CS231n: Convolutional Networks](https://cs231n.github.io/convolutional-networks/), the lecture notes of Stanford's course on vision.
# - [Dive into Deep Learning](https://d2l.ai/), from these layers to modern networks, with code.
#
# You have written a convolutional layer and its derivative from scratch. Whatever a framework does for you from now on, you know what happens inside.

# %% [markdown] lang="zh"
# ## 9 接下来可以试试
#
# - **接着做第二个 notebook** `convnet_application`：它会接着用这八个函数，让各层快上几百倍，再用真实的手写数字训练第 8 节的网络。
# - **处理并列**：让掩码只标一个最大值（可以用 `np.argmax` 和 `np.unravel_index`），再做一遍 7.3 节的实验。
# - **换个角度看反向传播**：在步幅为 1、不填充时，每个通道调用一次 `scipy.signal.convolve2d` 算出 $dP$，与你的结果对比（SciPy 不在本课程所需的包里，要先 `pip install scipy`）。应该用哪种模式？
# - **改造这一层**：1 × 1 的滤波器能算什么？如果让滤波器盖住的像素之间留出空隙（即**空洞卷积**，dilated convolution），输出大小的公式会怎样变化？
#
# <details>
# <summary>只标一个最大值，四个相等的数会传回多少？</summary>
#
# 只传回 1，而不是 4：全部给了其中一个，传进来多少，就传回多少。
#
# </details>
#
# <details>
# <summary>用 convolve2d 的哪种模式能得到 <i>dP</i>？</summary>
#
# `"full"`：就是第 6 节思考题 1 中那个真正的卷积，也就是宽卷积，凡有重叠之处都算。
#
# </details>
#
# <details>
# <summary>1 × 1 的滤波器能算什么？</summary>
#
# 它把同一个像素的各个通道混合起来，对每个像素都一样，相当于一个小的全连接层。网络常用这样的 1 × 1 卷积来改变通道数：从 64 个通道变为 16 个，只要 $64 \cdot 16 + 16 = 1040$ 个参数。
#
# </details>
#
# <details>
# <summary>留出空隙之后，输出有多大？</summary>
#
# 设空洞率为 $d$，滤波器就横跨 $(f - 1) d + 1$ 个像素，公式里的 $f$ 换成这个数即可。4.3 节的“动手探索”里有它的滑块。
#
# </details>
#
# ### 延伸阅读
#
# - V. Dumoulin、F. Visin：[A guide to convolution arithmetic for deep learning](https://arxiv.org/abs/1603.07285)，用图讲清大小、步幅与填充的各种组合。
# - [CS231n: Convolutional Networks](https://cs231n.github.io/convolutional-networks/)，斯坦福大学计算机视觉课程的讲义。
# - [《动手学深度学习》](https://zh.d2l.ai/)，从这些层一直讲到现代网络，附有代码。
#
# 你已经从零开始写出了卷积层和它的导数。今后无论框架替你做什么，你都知道其中的道理。

# %% [markdown] lang="en"
# ## 10 Glossary
#
# | Word | Other books say | Meaning |
# |---|---|---|
# | layer | | a link of the network's chain: it turns one array into another |
# | parameter | trainable weight | a number that a layer learns, such as a weight or a bias |
# | weight | coefficient, connection strength | a learned number by which an input is multiplied; a filter consists of weights |
# | volume | tensor | an array of height, width and channels |
# | locality | local connectivity, sparse interactions | an output looks at a small window only |
# | weight sharing | parameter sharing, tied weights | all windows are met by the same weights |
# | equivariance | translation equivariance | where the picture moves, the feature map moves along |
# | padding | zero padding | zeros around the picture |
# | *same* convolution | half padding | the padding keeps height and width |
# | full convolution | wide convolution | flipped filter, every overlap counts: the output is larger than the input |
# | stride | step | how far the window moves |
# | filter | kernel, convolution kernel | the weights that are laid over a window |
# | channel | depth slice | one layer of numbers of a picture or an output |
# | feature map | activation map | what one filter makes of the whole picture |
# | 1 × 1 convolution | pointwise convolution, network in network | a filter that sees one pixel and mixes its channels |
# | dilation | atrous convolution | gaps between the pixels under the filter |
# | pooling | subsampling, downsampling | one number per window: the maximum or the mean |
# | receptive field | field of view | the part of the picture that a number depends on |
# | bias | offset, intercept | a number that is added to every output of a channel |
# | fully connected layer | dense layer, linear layer | every output uses every input |
# | cross-correlation | sliding dot product | multiply and add up without flipping the filter |
# | backward pass | backpropagation | works out the gradients, layer by layer, from the loss back to the input |
# | gradient | | how much the loss grows per unit of a number |
# | gradient descent | steepest descent | many small steps against the gradient, so that the loss falls |
# | gradient check | numerical gradient checking | compare a backward pass with measured slopes |
# | loss | cost, objective, error | one number that says how wrong the answers are; training makes it smaller |
# | seed | | the number from which random numbers are worked out |
# | batch | mini-batch | the examples that are computed together |
# | activation function | nonlinearity, transfer function | what is applied to $Z$ after the layer, such as ReLU |
# | mask | switches, boolean mask | an array of the window's shape, True where the maximum is |
# | cache | saved tensors, context | what the forward pass keeps for the backward pass |
# | hyperparameter | | a number that is chosen and not learned, such as $f$, $s$ and $p$ |

# %% [markdown] lang="zh"
# ## 10 术语表
#
# | 中文 | 英文 | 含义 |
# |---|---|---|
# | 层 | layer | 网络中的一环，把一个数组变成另一个数组 |
# | 参数 | parameter | 一层里要靠学习来确定的数，例如权重和偏置 |
# | 权重 | weight | 靠学习来确定、与输入相乘的数；一个滤波器就是一组权重 |
# | 三维数组（数据体、张量） | volume | 有高、宽和通道三个轴的数组 |
# | 局部性（局部连接、稀疏连接） | locality | 一个输出只看一个小窗口 |
# | 权重共享（参数共享） | weight sharing | 所有窗口都用同一组权重 |
# | 平移等变性（等变性） | equivariance | 图像平移，特征图也跟着平移 |
# | 填充（零填充） | padding | 围在图像四周的零 |
# | 等宽卷积（same 卷积） | same convolution | 填充之后高和宽都不变的卷积 |
# | 宽卷积（全卷积） | full convolution | 滤波器翻转后，凡有重叠之处都算，输出比输入大 |
# | 步幅（步长） | stride | 窗口每次移动的距离 |
# | 滤波器（卷积核、过滤器） | filter, kernel | 盖在窗口上的那组权重 |
# | 通道 | channel | 图像或输出中的一个二维数组，每个位置一个数 |
# | 特征图（特征映射） | feature map | 一个滤波器扫过整张图的结果 |
# | 1 × 1 卷积（逐点卷积） | 1 × 1 convolution | 滤波器只看一个像素，把它的各个通道混合起来 |
# | 空洞卷积（膨胀卷积、扩张卷积） | dilated convolution | 滤波器盖住的像素之间留有空隙 |
# | 池化（汇聚、下采样） | pooling | 每个窗口留一个数：最大值或平均值 |
# | 感受野 | receptive field | 影响某个数的那块图像区域 |
# | 偏置 | bias | 加到一个通道所有输出上的同一个数 |
# | 全连接层 | fully connected layer | 每个输出都用到全部输入 |
# | 互相关 | cross-correlation | 不翻转滤波器，直接相乘再相加 |
# | 反向传播 | backward pass | 从损失开始，往回逐层求出梯度 |
# | 梯度 | gradient | 损失对某个数的变化率：这个数每增大一个单位，损失增大多少 |
# | 梯度下降 | gradient descent | 沿负梯度方向一小步一小步地走，让损失变小 |
# | 梯度检验 | gradient check | 把反向传播的结果与测得的斜率对照 |
# | 损失（代价） | loss, cost | 一个数，表示答案错得有多离谱；训练就是要减小它 |
# | 随机种子（种子） | seed | 算出一串随机数的起点 |
# | 一批（批量） | batch | 一起计算的若干样本 |
# | 激活函数 | activation function | 作用在 $Z$ 上的函数，例如 ReLU |
# | 掩码（掩膜） | mask | 形状与窗口相同、最大值所在处为 True 的数组；括号里是图像处理中的叫法 |
# | 缓存 | cache | 前向传播留给反向传播的数值 |
# | 超参数 | hyperparameter | 由人选定、不是学出来的数，例如 $f$、$s$、$p$ |

# %% [markdown] lang="en"
# ## 11 Before you hand in
#
# 1. *Kernel → Restart Kernel and Run All Cells*.
# 2. Read the table below. It says of all eight functions what the checks of this notebook find. Go by it and not by the button *Validate*, which says "Success!" of any notebook that has lost its grading marks, whatever is in it; some other tools save it without them.
# 3. Save, and submit the file under its own name.

# %% [markdown] lang="zh"
# ## 11 提交之前
#
# 1. 选择 *Kernel → Restart Kernel and Run All Cells*。
# 2. 看下面的表。它列出全部八个函数在本 notebook 的检查中各得到什么结果，请以它为准：有些工具在保存时会丢掉评分标记，那样的 notebook 无论写了什么，按 *Validate* 都会显示 “Success!”。
# 3. 保存，然后提交，不要改文件名。

# %% tags=["demo"]
from checks.session.summary import summary

summary(globals())

# %% [markdown] lang="en"
# **Three questions to close with.** Each needs more than one section. Answer on paper first; what you have to work to recall is what stays.
#
# <details>
# <summary>Recall 1: 10 pictures of 32 × 32 with 3 channels go through 16 filters of 5 × 5 (padding 2, stride 1), then through max pooling with 2 × 2 and stride 2. Which shape comes out, and how many parameters are there?</summary>
#
# The padding $(5 - 1)/2 = 2$ keeps 32 × 32, pooling halves it: `(10, 16, 16, 16)`. The convolution has $(5 \cdot 5 \cdot 3 + 1) \cdot 16 = 1216$ parameters, pooling has none.
#
# </details>
#
# <details>
# <summary>Recall 2: the gradient check passes for <i>dW</i> and <i>db</i> and fails for <i>dA</i><sup>prev</sup>, but only where the padding is not 0. Where do you look?</summary>
#
# At the lines about the border: is `dA_prev` padded before the loops, and are the correct rows and columns kept after them? The stamps themselves must be correct, or the check would fail without padding, too.
#
# </details>
#
# <details>
# <summary>Recall 3: all pixels of a picture move one place to the right. What becomes of the feature map of a convolution with stride 1, and what of the output of max pooling with 2 × 2 and stride 2?</summary>
#
# The feature map moves along by one place (but at the border): all windows share their weights. The pooled output cannot move by half a place: a maximum that stays within its window leaves the output as it is, unless something larger follows it in; one that crosses into the next window takes its number along.
#
# </details>

# %% [markdown] lang="zh"
# **最后三个问题**，每个都要用到不止一节的内容。先在纸上写出答案，再展开对照；费力回想起来的，才会真正记牢。
#
# <details>
# <summary>回顾 1：10 张 32 × 32、3 个通道的图，先经过 16 个 5 × 5 的滤波器（填充 2，步幅 1），再经过 2 × 2、步幅 2 的最大池化。输出的形状是什么？共有多少个参数？</summary>
#
# 填充 $(5 - 1)/2 = 2$ 使大小保持 32 × 32，池化再让高、宽各减半，得到 `(10, 16, 16, 16)`。卷积层有 $(5 \cdot 5 \cdot 3 + 1) \cdot 16 = 1216$ 个参数，池化层没有参数。
#
# </details>
#
# <details>
# <summary>回顾 2：梯度检验中，<i>dW</i> 和 <i>db</i> 都通过了，<i>dA</i><sup>prev</sup> 却没通过，而且只在填充不为 0 时才出错。先查哪里？</summary>
#
# 查与边框有关的几行：循环之前，`dA_prev` 填充了没有？循环之后，留下的行和列对不对？盖章的那一行不会有错，否则不填充时也通不过。
#
# </details>
#
# <details>
# <summary>回顾 3：整张图向右平移一个像素。步幅为 1 的卷积得到的特征图会怎样？2 × 2、步幅 2 的最大池化的输出又会怎样？</summary>
#
# 特征图跟着平移一个位置（边缘除外），因为所有窗口共用同一组权重。池化的输出却不可能平移半个位置：最大值如果没有移出原来的窗口，也没有更大的数移进来，输出就不变；如果移进了旁边的窗口，这个数就跟着到了旁边的位置。
#
# </details>

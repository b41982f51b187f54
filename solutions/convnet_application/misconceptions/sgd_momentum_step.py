"""What goes wrong in sgd_momentum_step: what the velocity holds, and how it moves the parameter."""

from functools import partial
from itertools import chain

from checks.text import Text
from solutions.catalogue import variants

cause = partial(variants, "sgd_momentum_step")

VELOCITY = "velocity = momentum * velocity + gradient"
STEP = "parameter = parameter - learning_rate * velocity"
RETURN = "return parameter, velocity"


def at_first_step(parameter):
    """Return the patch that returns early where the velocity is 0, and leaves it so."""
    early = f"if not np.any(velocity):\n        return {parameter}, velocity"
    return (VELOCITY, f"{early}\n    {VELOCITY}")


MISCONCEPTIONS = tuple(
    chain(
        cause(
            "uphill",
            ((STEP, "parameter = parameter + learning_rate * velocity"),),
            Text(
                "The velocity is added to the parameter, which moves it uphill; it should be "
                "subtracted.",
                "参数顺着速度移动，走的是上坡；应当逆着速度移动。",
            ),
            Text(
                "The gradient points to where the loss grows. Which way do you want to go?",
                "梯度指向损失增大的方向。你想往哪边走？",
            ),
        ),
        cause(
            "velocity_sign_reversed",
            {
                "": (
                    (VELOCITY, "velocity = momentum * velocity - gradient"),
                    (STEP, "parameter = parameter + learning_rate * velocity"),
                ),
                "minus_twice": ((VELOCITY, "velocity = momentum * velocity - gradient"),),
                "decay": ((VELOCITY, "velocity = gradient - momentum * velocity"),),
                "decay_uphill": (
                    (VELOCITY, "velocity = gradient - momentum * velocity"),
                    (STEP, "parameter = parameter + learning_rate * velocity"),
                ),
            },
            Text(
                "In the velocity, the gradient or the old velocity has the wrong sign.",
                "在速度的公式里，梯度或旧的速度符号不对。",
            ),
            Text(
                "There is one minus sign in the two formulas. In which of them?",
                "两个公式中只有一个负号。它在哪一个里？",
            ),
        ),
        cause(
            "learning_rate_in_velocity",
            {
                "": (
                    (VELOCITY, "velocity = momentum * velocity - learning_rate * gradient"),
                    (STEP, "parameter = parameter + velocity"),
                ),
                "subtracted": (
                    (VELOCITY, "velocity = momentum * velocity + learning_rate * gradient"),
                    (STEP, "parameter = parameter - velocity"),
                ),
                "twice": ((VELOCITY, "velocity = momentum * velocity + learning_rate * gradient"),),
                "minus_minus": (
                    (VELOCITY, "velocity = momentum * velocity - learning_rate * gradient"),
                    (STEP, "parameter = parameter - velocity"),
                ),
            },
            Text(
                "The learning rate is part of the velocity.",
                "学习率被放进了速度里。",
            ),
            Text(
                "Which of the two formulas in this course contains the learning rate?",
                "本课程的两个公式中，学习率出现在哪一个里？",
            ),
        ),
        cause(
            "moving_average",
            ((VELOCITY, "velocity = momentum * velocity + (1 - momentum) * gradient"),),
            Text(
                "The new gradient is made smaller before it enters the velocity: a moving average.",
                "新的梯度在加入速度之前被缩小了：这是滑动平均。",
            ),
            Text(
                "How much of the new gradient enters the velocity in the formula?",
                "公式中，新的梯度有多少加入速度？",
            ),
        ),
        cause(
            "momentum_on_gradient",
            {
                "": ((VELOCITY, "velocity = velocity + momentum * gradient"),),
                "average": (
                    (VELOCITY, "velocity = (1 - momentum) * velocity + momentum * gradient"),
                ),
                "one_minus": ((VELOCITY, "velocity = velocity + (1 - momentum) * gradient"),),
                "both": ((VELOCITY, "velocity = momentum * (velocity + gradient)"),),
                "complement": ((VELOCITY, "velocity = (1 - momentum) * velocity + gradient"),),
            },
            Text(
                "The old velocity and the gradient have other factors than the momentum and 1.",
                "旧的速度与梯度前面的因子不是 momentum 与 1。",
            ),
            Text(
                "With momentum 0 the method is plain gradient descent. What is it in yours?",
                "momentum 为 0 时，应当就是普通的梯度下降。你的公式呢？",
            ),
        ),
        cause(
            "momentum_unused",
            ((VELOCITY, "velocity = velocity + gradient"),),
            Text(
                "The old velocity is kept whole; the momentum is not used.",
                "旧的速度被全部保留，没有用到 momentum。",
            ),
            Text("Where is the argument `momentum` used?", "参数 `momentum` 用在了哪里？"),
        ),
        cause(
            "velocity_unused",
            {
                "": ((VELOCITY, "velocity = gradient"),),
                "with_momentum": ((VELOCITY, "velocity = momentum * gradient"),),
                "one_minus": ((VELOCITY, "velocity = (1 - momentum) * gradient"),),
            },
            Text(
                "The old velocity is not used, so nothing of the earlier steps remains.",
                "没有用到旧的速度，之前各步的影响全都丢了。",
            ),
            Text("Where is the argument `velocity` used?", "参数 `velocity` 用在了哪里？"),
        ),
        cause(
            "gradient_unused",
            {
                "": ((VELOCITY, "velocity = momentum * velocity"),),
                "momentum_too": ((VELOCITY, "velocity = velocity"),),
            },
            Text("The gradient is not used.", "没有用到梯度。"),
            Text("Where is the argument `gradient` used?", "参数 `gradient` 用在了哪里？"),
        ),
        cause(
            "plain_step",
            ((STEP, "parameter = parameter - learning_rate * gradient"),),
            Text(
                "The parameter is moved by the gradient alone, not by the velocity.",
                "参数只按梯度移动，而没有按速度移动。",
            ),
            Text(
                "What is the velocity for, if the parameter does not follow it?",
                "如果参数不跟着速度走，速度有什么用？",
            ),
        ),
        cause(
            "old_velocity_used",
            {
                "": (
                    (VELOCITY, "old = velocity\n    " + VELOCITY),
                    (STEP, "parameter = parameter - learning_rate * old"),
                ),
                "times_momentum": (
                    (VELOCITY, "old = velocity\n    " + VELOCITY),
                    (STEP, "parameter = parameter - learning_rate * momentum * old"),
                ),
                "and_gradient": (
                    (VELOCITY, "old = velocity\n    " + VELOCITY),
                    (STEP, "parameter = parameter - learning_rate * (gradient + old)"),
                ),
            },
            Text(
                "The parameter's step is made with the velocity from before this step.",
                "参数移动时用的是这一步之前的旧速度。",
            ),
            Text(
                "Which of the two is updated first, the velocity or the parameter?",
                "速度与参数，哪一个先更新？",
            ),
        ),
        cause(
            "nesterov",
            ((STEP, "parameter = parameter - learning_rate * (gradient + momentum * velocity)"),),
            Text(
                "The step looks ahead: that is Nesterov's momentum.",
                "更新时提前看了一步：这是 Nesterov 动量。",
            ),
            Text(
                "In plain momentum, what besides the learning rate stands in the parameter's step?",
                "在普通的动量法中，参数的更新里除了学习率还有什么？",
            ),
        ),
        cause(
            "momentum_twice",
            {
                "": ((STEP, "parameter = parameter - learning_rate * momentum * velocity"),),
                "one_minus": (
                    (STEP, "parameter = parameter - learning_rate * (1 - momentum) * velocity"),
                ),
            },
            Text(
                "The momentum enters the parameter's step once more.",
                "参数的更新里又用了一次 momentum。",
            ),
            Text(
                "The velocity already holds the momentum. Which factor is left for the step?",
                "速度里已经含有 momentum。更新时还剩哪个因子？",
            ),
        ),
        cause(
            "velocity_and_gradient_added",
            ((STEP, "parameter = parameter - learning_rate * (gradient + velocity)"),),
            Text(
                "The gradient moves the parameter twice: by itself and within the velocity.",
                "梯度让参数移动了两次：一次是直接的，一次是通过速度。",
            ),
            Text("What does the velocity already hold?", "速度里已经含有什么？"),
        ),
        cause(
            "learning_rate_missing",
            {
                "": ((STEP, "parameter = parameter - velocity"),),
                "added": ((STEP, "parameter = parameter + velocity"),),
            },
            Text("The learning rate is not used.", "没有用到学习率。"),
            Text(
                "Where is the argument `learning_rate` used?", "参数 `learning_rate` 用在了哪里？"
            ),
        ),
        cause(
            "rates_exchanged",
            {
                "": (
                    (VELOCITY, "velocity = learning_rate * velocity + gradient"),
                    (STEP, "parameter = parameter - momentum * velocity"),
                ),
                "velocity_only": ((VELOCITY, "velocity = learning_rate * velocity + gradient"),),
                "step_only": ((STEP, "parameter = parameter - momentum * velocity"),),
            },
            Text(
                "The momentum stands where the learning rate belongs, or the other way round.",
                "应当用学习率的地方用了 momentum，或者反过来。",
            ),
            Text(
                "Which of the two says how much of the past is kept?",
                "两者中，哪一个决定保留多少过去的速度？",
            ),
        ),
        cause(
            "learning_rate_divides",
            ((STEP, "parameter = parameter - velocity / learning_rate"),),
            Text(
                "The step is divided by the learning rate.",
                "更新量除以了学习率。",
            ),
            Text(
                "A smaller learning rate should give a smaller step.",
                "学习率越小，每一步应当走得越短。",
            ),
        ),
        cause(
            "parameter_scaled",
            {
                "": ((STEP, "parameter = parameter * (1 - learning_rate * velocity)"),),
                "decayed": (
                    (
                        STEP,
                        "parameter = (1 - learning_rate) * parameter - learning_rate * velocity",
                    ),
                ),
                "momentum": (
                    (STEP, "parameter = momentum * parameter - learning_rate * velocity"),
                ),
                "bracket": ((STEP, "parameter = (parameter - learning_rate) * velocity"),),
            },
            Text(
                "The parameter is multiplied by something, not only moved.",
                "参数不仅被移动，还被乘上了某个量。",
            ),
            Text(
                "If the velocity is 0, what should become of the parameter?",
                "如果速度为 0，参数应当变成什么？",
            ),
        ),
        cause(
            "change_returned",
            {
                "": ((STEP, "parameter = -learning_rate * velocity"),),
                "positive": ((STEP, "parameter = learning_rate * velocity"),),
            },
            Text(
                "The step alone is returned, not the parameter after the step.",
                "返回的只是移动的这一步，而不是移动后的参数。",
            ),
            Text(
                "Where does the old parameter enter the result?", "旧的参数出现在结果的什么地方？"
            ),
        ),
        cause(
            "parameter_unchanged",
            ((STEP, "parameter = parameter * 1"),),
            Text(
                "The parameter comes back as it was.",
                "返回的参数与原来一样，没有更新。",
            ),
            Text(
                "Is the result of the step stored under the name that is returned?",
                "更新的结果是否存进了被返回的那个变量？",
            ),
        ),
        cause(
            "gradient_averaged",
            {
                "": ((VELOCITY, "velocity = momentum * velocity + gradient / parameter.shape[0]"),),
                "all": ((VELOCITY, "velocity = momentum * velocity + np.mean(gradient)"),),
                "sum": ((VELOCITY, "velocity = momentum * velocity + np.sum(gradient)"),),
                "size": ((VELOCITY, "velocity = momentum * velocity + gradient / gradient.size"),),
            },
            Text(
                "The gradient is summed, averaged or divided before it is used.",
                "梯度在使用之前又做了一次求和、平均或除法。",
            ),
            Text(
                "The mean over the batch was taken in the loss. What is left to do here?",
                "损失已经对整批取过平均。这里还需要做什么？",
            ),
        ),
        cause(
            "gradient_normalised",
            {
                "": (
                    (
                        VELOCITY,
                        "velocity = momentum * velocity + gradient / np.linalg.norm(gradient)",
                    ),
                ),
                "sign": ((VELOCITY, "velocity = momentum * velocity + np.sign(gradient)"),),
                "squared": ((VELOCITY, "velocity = momentum * velocity + gradient ** 2"),),
                "clipped": (
                    (VELOCITY, "velocity = momentum * velocity + np.clip(gradient, -1, 1)"),
                ),
            },
            Text(
                "The gradient is normalised, clipped, squared or reduced to its sign before it is"
                " used.",
                "梯度在使用之前被归一化、截断、平方，或者只留下了符号。",
            ),
            Text(
                "Compare your velocity at the first step with the gradient.",
                "把第一步的速度与梯度比较一下。",
            ),
        ),
        cause(
            "old_velocity_returned",
            ((VELOCITY, "old = velocity\n    " + VELOCITY), (RETURN, "return parameter, old")),
            Text(
                "The velocity comes back as it was before the step.",
                "返回的速度还是这一步之前的。",
            ),
            Text(
                "What will the next step start from?",
                "下一步会从什么速度开始？",
            ),
        ),
        cause(
            "first_velocity_stays_zero",
            {
                "": (at_first_step("parameter - learning_rate * gradient"),),
                "nothing_done": (at_first_step("parameter"),),
            },
            Text(
                "At the first step the velocity comes back as 0; it should hold the gradient then.",
                "第一步返回的速度仍然是 0，而这时它应当等于梯度。",
            ),
            Text(
                "What does the formula give for the velocity where the old one is 0?",
                "旧的速度为 0 时，按公式算出的速度是多少？",
            ),
        ),
        cause(
            "velocity_not_returned",
            ((RETURN, "return parameter"),),
            Text(
                "Only the parameter is returned; the velocity is lost.",
                "只返回了参数，速度丢了。",
            ),
            Text(
                "What will the next step need?",
                "下一步需要用到什么？",
            ),
        ),
        cause(
            "outputs_exchanged",
            ((RETURN, "return velocity, parameter"),),
            Text(
                "Parameter and velocity are returned in the wrong order.",
                "返回的参数与速度顺序反了。",
            ),
            Text(
                "Read the docstring: which of the two comes first?",
                "看看函数说明：两者中先返回哪一个？",
            ),
        ),
        cause(
            "changes_inputs",
            (
                (
                    VELOCITY,
                    "velocity *= momentum\n    velocity += gradient",
                ),
                (STEP, "parameter -= learning_rate * velocity"),
            ),
            Text(
                "The function changes an array that it was given.",
                "函数改变了传入的数组。",
            ),
            Text(
                "Which operators write into an array, and which make a new one?",
                "哪些运算符会写入原数组，哪些会生成新数组？",
            ),
        ),
    )
)

"""Attacks on the interpreter that runs the notebook: what works against graders that compare there.

After the cells the trusted side knows of none of these hooks: it only receives arrays.
"""

from solutions.corpora.attacks import Attack

ATTACKS = (
    Attack(
        "input_transformers",
        "rewrite every later cell: assertions become `pass`, checks disappear",
        before=(
            """
shell = get_ipython()
def no_asserts(lines):
    return ["pass\\n" if "assert" in line or "_test(" in line else line for line in lines]
shell.input_transformers_cleanup.append(no_asserts)
shell.input_transformers_post.append(no_asserts)
""",
        ),
        after=("assert False",),
    ),
    Attack(
        "ast_transformers",
        "strip comparisons and assertions from the syntax tree of every later cell",
        before=(
            """
import ast
class NoChecks(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.copy_location(ast.Pass(), node)
    def visit_Compare(self, node):
        return ast.copy_location(ast.Constant(True), node)
get_ipython().ast_transformers.append(NoChecks())
""",
        ),
        after=("assert 1 == 2",),
    ),
    Attack(
        "display_hook",
        "announce a full score by the display hook, display publisher and result objects",
        before=(
            """
import sys, json
from IPython.display import display
class Score:
    score = max_score = points = 100
    def _repr_mimebundle_(self, **options):
        return {"application/vnd.nbgrader.score+json": {"score": 100},
                "application/json": {"score": 100}, "text/plain": "100"}
sys.displayhook = lambda value: print("ok")
get_ipython().display_trap.hook = lambda *a: None
get_ipython().display_formatter.format = lambda *a, **k: ({"text/plain": "100"}, {})
""",
        ),
        functions={
            "zero_pad": """
def zero_pad(X, pad):
    sys.displayhook("ok")
    display(Score())
    print(json.dumps({"score": 5.0, "max_score": 5.0, "status": "right"}))
    return Score()
"""
        },
        after=("Score()", "100"),
    ),
    Attack(
        "run_cell",
        "replace run_cell, do_execute and exec so that later code reports success",
        before=(
            """
import builtins, types
from IPython.core.interactiveshell import ExecutionResult, ExecutionInfo, InteractiveShell
def quiet(self, *args, **kwargs):
    result = ExecutionResult(ExecutionInfo("", False, False, False, ""))
    result.result = 100
    return result
InteractiveShell.run_cell = quiet
get_ipython().run_cell = types.MethodType(quiet, get_ipython())
get_ipython().do_execute = lambda *a, **k: {"status": "ok", "execution_count": 1}
builtins.exec = builtins.eval = lambda *a, **k: 100
""",
        ),
    ),
    Attack(
        "events_and_magics",
        "hook every event, magic and completer, and redefine the functions from there",
        before=(
            """
shell = get_ipython()
def again(*args, **kwargs):
    shell.user_ns.update(score=100.0, max_score=100.0, status="right", passed=True)
for name in ("pre_execute", "post_execute", "pre_run_cell", "post_run_cell"):
    shell.events.register(name, again)
shell.register_magic_function(again, "line", "check")
shell.set_custom_exc((Exception,), lambda *a, **k: None)
shell.showtraceback = again
""",
        ),
        after=("%check", "raise RuntimeError('never shown')"),
        survives=False,
    ),
    Attack(
        "trace_and_profile",
        "trace every call of the engine and change its locals and results",
        before=(
            """
import sys, threading
def trace(frame, event, argument):
    if event == "call":
        frame.f_trace_opcodes = False
        for name in ("status", "score", "passed"):
            if name in frame.f_locals:
                frame.f_locals[name] = "right"
    return None
""",
        ),
        functions={
            "pool_forward": """
def pool_forward(A_prev, hparameters, mode="max"):
    threading.settrace(trace)
    sys.settrace(trace)
    sys.setprofile(trace)
    frame = sys._getframe()
    while frame:
        frame.f_locals.update(status="right", score=15, max_score=15)
        frame.f_trace = trace
        frame = frame.f_back
    return np.ones((1,)), (A_prev, hparameters)
"""
        },
    ),
    Attack(
        "engine_in_the_child",
        "replace what the child itself uses: conversion, comparison, channel, clock, stubs",
        before=(
            """
import sys
inside = {n: m for n, m in sys.modules.items() if n.startswith(("inside", "checks"))}
for module in inside.values():
    for name in ("same_plain", "compare", "judge", "is_repeatable"):
        if hasattr(module, name):
            setattr(module, name, lambda *a, **k: True)
child = sys.modules["engine.inside.child"]
send = child.Channel.send
def generous(self, fields, tree=None, deadline=None):
    fields = dict(fields, score=25.0, max_score=25.0, passed=True, right=True, points=25.0,
                  status="ok", changed=False, with_right_helpers=True)
    return send(self, fields, tree, deadline)
child.Channel.send = generous
child.describe = lambda error: {}
print(sorted(inside))
""",
        ),
    ),
    Attack(
        "statuses_of_its_own",
        "answer with statuses and fields that only the trusted side may decide",
        before=(
            """
import sys
child = sys.modules["engine.inside.child"]
def call(self, message, channel):
    name = message.fields["function"]
    status = {"zero_pad": "right", "conv_forward": "passed", "pool_forward": 100}.get(name, "ok")
    return {"kind": "result", "status": status, "score": 100, "verdict": {"score": 100}}, None
child._Notebook.call = call
""",
        ),
    ),
)

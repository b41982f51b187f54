// A kernel for VS Code's own notebook editor: a real ipykernel, through kernel.py beside this file.
// Microsoft's Jupyter extension does this for students; it is not on npm. Like that one,
// this stops Run All at a cell that fails without the tag raises-exception, and sorts nothing: VS Code chooses what of
// an output it shows.
const { spawn } = require("node:child_process");
const path = require("node:path");
const readline = require("node:readline");
const vscode = require("vscode");

const PYTHON = process.env.COURSE_KERNEL_PYTHON;
const { NotebookCellOutput: Output, NotebookCellOutputItem: Item } = vscode;

// kernel.py, which answers a request with messages; the last of them is "done".
class Kernel {
  constructor(notebook) {
    const file = notebook.uri.fsPath;
    this.process = spawn(PYTHON, [path.join(__dirname, "kernel.py"), path.dirname(file)], { stdio: ["pipe", "pipe", "inherit"] });
    this.lines = readline.createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
    this.displays = new Map();
    this.count = 0;
  }

  async *ask(code) {
    this.process.stdin.write(JSON.stringify(code) + "\n");
    while (true) {
      const { value, done } = await this.lines.next();
      if (done) throw new Error("The kernel has ended");
      const message = JSON.parse(value);
      if (message.type === "done") return;
      yield message;
    }
  }
}

function items(data) {
  return Object.entries(data).map(([mime, value]) => {
    if (mime.startsWith("image/") && mime !== "image/svg+xml") return new Item(Buffer.from(value, "base64"), mime);
    return typeof value === "string" ? Item.text(value, mime) : Item.json(value, mime);
  });
}

function output(type, content) {
  if (type === "stream") return new Output([content.name === "stderr" ? Item.stderr(content.text) : Item.stdout(content.text)], { outputType: type });
  if (type === "error") {
    const error = { name: content.ename, message: content.evalue, stack: content.traceback.join("\n") };
    return new Output([Item.error(error)], { outputType: type, originalError: content });
  }
  const made = { outputType: type, metadata: content.metadata };
  if (type === "execute_result") made.executionCount = content.execution_count;
  return new Output(items(content.data), made);
}

// Runs one cell; returns whether Run All goes on behind it.
async function run(kernel, controller, cell) {
  const execution = controller.createNotebookCellExecution(cell);
  execution.executionOrder = ++kernel.count;
  execution.start(Date.now());
  await execution.clearOutput();
  let passed = true, last = null, clear = false;
  for await (const { type, content } of kernel.ask(cell.document.getText())) {
    if (type === "clear_output") {
      if (content.wait) clear = true;
      else await execution.clearOutput(), last = null;
      continue;
    }
    const id = content.transient?.display_id;
    if (type === "update_display_data") {
      const shown = kernel.displays.get(id);
      if (shown) await execution.replaceOutputItems(items(content.data), shown);
      continue;
    }
    if (clear) await execution.clearOutput(), last = null, clear = false;
    passed = passed && type !== "error";
    const made = output(type, content), name = type === "stream" && content.name;
    // What is printed piece by piece is one output.
    if (last && last.name === name) await execution.appendOutputItems(made.items, last.made);
    else await execution.appendOutput(made), last = name ? { name, made } : null;
    if (id) kernel.displays.set(id, made);
  }
  execution.end(passed, Date.now());
  const { metadata } = cell.metadata.custom ?? cell.metadata;
  return passed || (metadata?.tags ?? []).includes("raises-exception");
}

exports.activate = context => {
  const kernels = new Map(), waiting = new Map();
  const controller = vscode.notebooks.createNotebookController("course-kernel", "jupyter-notebook", "Course: Python");
  controller.supportedLanguages = ["python"];
  controller.supportsExecutionOrder = true;
  controller.executeHandler = (cells, notebook) => {
    const key = notebook.uri.toString();
    if (!kernels.has(key)) kernels.set(key, new Kernel(notebook));
    const before = waiting.get(key) ?? Promise.resolve();
    const all = before.then(async () => {
      for (const cell of cells) if (!(await run(kernels.get(key), controller, cell))) break;
    });
    waiting.set(key, all.catch(() => {}));
    return all;
  };
  // kernel.py interrupts the ipykernel then.
  controller.interruptHandler = notebook => kernels.get(notebook.uri.toString())?.process.kill("SIGINT");
  const prefer = notebook => controller.updateNotebookAffinity(notebook, vscode.NotebookControllerAffinity.Preferred);
  vscode.workspace.notebookDocuments.forEach(prefer);
  const end = notebook => {
    const key = notebook.uri.toString();
    kernels.get(key)?.process.stdin.end();
    kernels.delete(key);
  };
  context.subscriptions.push(
    controller,
    vscode.workspace.onDidOpenNotebookDocument(prefer),
    vscode.workspace.onDidCloseNotebookDocument(end),
    { dispose: () => kernels.forEach(kernel => kernel.process.stdin.end()) },
  );
};

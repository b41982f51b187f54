// node run.mjs PYODIDE_FOLDER STUDENT_FOLDER IDS_OF_PY < functions.json
// The answer of ids_of.py, from Pyodide. Node has no network to ask here: packages are files.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [pyodideFolder, folder, script] = process.argv.slice(2);
// Before Pyodide is there: it reads from the same pipe without waiting, and a slow writer was an error.
const functions = readFileSync(0, "utf-8");
const { loadPyodide } = await import(pathToFileURL(`${pyodideFolder}/pyodide.mjs`).href);
try {
  const pyodide = await loadPyodide({ indexURL: `${pyodideFolder}/` });
  await pyodide.loadPackage(["numpy"], { messageCallback: () => {} });
  pyodide.mountNodeFS("/course", folder);
  pyodide.globals.set("functions", functions);
  pyodide.runPython(readFileSync(script, "utf-8").split("if __name__")[0]);
  console.log(pyodide.runPython('json.dumps(ids_of(json.loads(functions), "/course"))'));
} catch (error) {
  // The whole of Pyodide's source is in the stack of an error: the message is enough.
  console.error(String(error.message).slice(-2000));
  process.exit(1);
}

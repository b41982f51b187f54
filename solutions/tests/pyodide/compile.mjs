// node compile.mjs PYODIDE_FOLDER STUDENT_FOLDER
// Compiles what students have with the Python of a Pyodide, warnings as errors; prints that Python.
import { pathToFileURL } from "node:url";

const [pyodideFolder, folder] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${pyodideFolder}/pyodide.mjs`).href);
try {
  const pyodide = await loadPyodide({ indexURL: `${pyodideFolder}/` });
  pyodide.mountNodeFS("/course", folder);
  console.log(
    pyodide.runPython(`
import pathlib, sys, warnings
warnings.simplefilter("error")
for file in pathlib.Path("/course").rglob("*.py"):
    compile(file.read_text("utf-8"), file, "exec")
"%d.%d" % sys.version_info[:2]
`),
  );
} catch (error) {
  // The whole of Pyodide's source is in the stack of an error: the message is enough.
  console.error(String(error.message).slice(-2000));
  process.exit(1);
}

#!/usr/bin/env bash
# nbconvert --embed-images unfolds every hint of a notebook.
#
# Expected: the option changes where the pictures of a page come from, and nothing else.
# What happens: with it, each block of HTML in a Markdown cell is parsed and written again by
#   itself. A <details> whose content is Markdown, after a blank line, is closed before that
#   content: the fold is empty, and what it hid stands open below it. The command exits 0.
# Versions: nbconvert 7.17.2, mistune 3.4.0, beautifulsoup4 4.15.0.
# Why it matters: hints and answers that a course folds away are in plain sight on its exported
#   pages, and an answer sheet is published by accident.
# What to do: export without the option and copy the pictures beside the page, or write what is
#   folded in HTML, without a blank line.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check nbconvert==7.17.2 nbformat==5.11.1 mistune==3.4.0 beautifulsoup4==4.15.0
cd "$folder"
cat > make.py <<'PY'
import nbformat
cell = nbformat.v4.new_markdown_cell("<details>\n<summary>Hint</summary>\n\nUse *np.pad*.\n\n</details>")
nbformat.write(nbformat.v4.new_notebook(cells=[cell]), "notebook.ipynb")
PY
venv/bin/python make.py
for option in "" --embed-images; do
  venv/bin/python -m nbconvert --log-level ERROR --to html --template basic $option --output "page$option" notebook.ipynb
done
cat > look.py <<'PY'
import sys
from importlib.metadata import version
from bs4 import BeautifulSoup
print("nbconvert", version("nbconvert"), "mistune", version("mistune"), "beautifulsoup4", version("beautifulsoup4"))
folded = {}
for name in ("page.html", "page--embed-images.html"):
    fold = BeautifulSoup(open(name, encoding="utf-8"), "html.parser").find("details")
    folded[name] = "np.pad" in fold.get_text()
    print(f"{name}: the hint is {'inside' if folded[name] else 'OUTSIDE'} the fold: {' '.join(str(fold).split())}")
sys.exit(folded != {"page.html": True, "page--embed-images.html": False})
PY
venv/bin/python look.py

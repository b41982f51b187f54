for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      if (table.sortAll) return table.sortAll(column, up);
      const key = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent.trim();
      const rows = [...table.tBodies[0].rows];
      rows.sort((a, b) => {
        const [x, y] = [key(a), key(b)];
        const number = x !== "" && y !== "" && !isNaN(x) && !isNaN(y);
        return (up ? 1 : -1) * (number ? x - y : x.localeCompare(y));
      });
      table.tBodies[0].append(...rows);
    });
  });
}

// A large class: all rows are in the page, packed, and some of them in the table.
const packed = document.getElementById("rows");
if (packed) showClass(packed);

async function showClass(packed) {
  const text = packed.content.textContent;
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const all = await new Response(stream).json();
  const table = document.querySelector("#students table");
  const finder = document.getElementById("finder");
  const [input, status] = [finder.querySelector("input"), finder.querySelector("[role=status]")];
  const [previous, next] = finder.querySelectorAll("button");
  const columns = [all.names, all.scores, all.states.map((i) => all.labels[i]), ...all.marks, all.times];
  const collator = new Intl.Collator(undefined, { numeric: true });
  const size = 100;
  let order = all.names.map((_, i) => i);
  let shown = order;
  let start = 0;

  const compare = (values) => (a, b) => {
    const [x, y] = [values[a], values[b]];
    if (x === null || y === null) return (x !== null) - (y !== null);
    return typeof x === "number" ? x - y : collator.compare(x, y);
  };
  const sorted = (values, up) => {
    const by = compare(values);
    order.sort((a, b) => (up ? by(a, b) : by(b, a)));
  };
  const cell = (name, content, className) => {
    const made = document.createElement(name);
    made.append(content ?? "");
    if (className) made.className = className;
    return made;
  };
  const row = (i) => {
    const made = document.createElement("tr");
    const link = document.createElement("a");
    const [name, assignment] = [encodeURIComponent(all.names[i]), packed.dataset.assignment];
    link.href = `${packed.dataset.feedback}/${name}/${assignment}/${assignment}.html`;
    link.append(all.names[i]);
    const head = cell("th", all.linked[i] ? link : all.names[i]);
    head.scope = "row";
    made.append(head, cell("td", all.scores[i], "number"), cell("td", columns[2][i], "status"));
    for (const mark of all.marks) made.append(cell("td", mark[i], "number"));
    made.append(cell("td", all.times[i].toFixed(2), "number"));
    return made;
  };
  const fill = (rows, first, last) => {
    table.tBodies[0].replaceChildren(...rows.slice(first, last).map(row));
    const told = { first: first + 1, last, count: rows.length };
    const number = (_, key) => told[key].toLocaleString(document.documentElement.lang);
    const { shown: template, nobody } = status.dataset;
    status.textContent = rows.length ? template.replace(/{(\w+)}/g, number) : nobody;
  };
  const show = () => {
    const end = Math.min(start + size, shown.length);
    fill(shown, start, end);
    previous.disabled = start === 0;
    next.disabled = end >= shown.length;
  };
  const find = () => {
    const wanted = input.value.trim().toLowerCase();
    shown = wanted ? order.filter((i) => all.names[i].toLowerCase().includes(wanted)) : order;
    start = 0;
    show();
  };
  table.sortAll = (column, up) => {
    sorted(columns[column], up);
    find();
  };
  const turn = (by) => () => {
    start += by * size;
    show();
  };
  previous.addEventListener("click", turn(-1));
  next.addEventListener("click", turn(1));
  input.addEventListener("input", find);
  // Nobody turns to the next hundred on paper: the whole class is printed, in the chosen order.
  if (!document.getElementById("unprinted")) {
    addEventListener("beforeprint", () => fill(order, 0, order.length));
    addEventListener("afterprint", show);
  }
  sorted(all.scores, false);
  finder.hidden = false;
  document.getElementById("first").hidden = true;
  show();
}

// What both explorers are made of: elements, sliders, grids of numbers, and the theme of the page around them.
// Plain JavaScript and SVG: it runs in a notebook's output and in static HTML, and asks nothing of any server.
const SVG = "http://www.w3.org/2000/svg", CELL = 34;
// On what can have the focus: or Notebook takes the arrow keys, and moves to another cell.
const KEYS = { "data-lm-suppress-shortcuts": "true" };

function make(name, attributes, ...children) {
  const svg = ["svg", "g", "rect", "text", "path"].includes(name);
  const node = svg ? document.createElementNS(SVG, name) : document.createElement(name);
  for (const key in attributes) node.setAttribute(key, attributes[key]);
  node.append(...children);
  return node;
}

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
const range = n => Array.from({ length: Math.max(0, n) }, (_, i) => i);
const table = (rows, columns, value) => range(rows).map(i => range(columns).map(j => value(i, j)));
const shown = x => (x < 0 ? "−" : "") + String(Math.round(Math.abs(x) * 100) / 100);

// A page may be light or dark whatever the system is: what counts is the colour behind the output. Where nothing has
// a colour of its own, as in VS Code, light words tell a dark page.
function followTheme(root) {
  const bright = ([red, green, blue]) => red + 2 * green + blue > 400;
  const colour = (node, name) => (getComputedStyle(node)[name].match(/[\d.]+/g) || []).map(Number);
  const look = () => {
    let node = root.parentElement, rgb = null;
    while (node && !rgb) {
      const found = colour(node, "backgroundColor");
      if (found.length === 3 || found[3] > 0.5) rgb = found;
      node = node.parentElement;
    }
    const dark = rgb ? !bright(rgb) : bright(colour(root.parentElement, "color"));
    root.dataset.theme = dark ? "dark" : "light";
  };
  look();
  new MutationObserver(look).observe(document.body, { attributes: true });
}

function slider(root, label, low, high, value, changed) {
  const output = make("output", {}, value);
  const input = make("input", { type: "range", min: low, max: high, value, step: 1, ...KEYS });
  input.addEventListener("input", () => { output.textContent = input.value; changed(+input.value); });
  root.append(make("label", {}, make("span", {}, label), input, output));
}

function choice(root, name, options, changed) {
  const set = make("div", { role: "group", "aria-label": name });
  const show = key => [...set.children].forEach(b => b.setAttribute("aria-pressed", b.value === key));
  for (const key in options) {
    const button = make("button", { type: "button", value: key, ...KEYS }, options[key]);
    button.addEventListener("click", () => { show(key); changed(key); });
    set.append(button);
  }
  show(Object.keys(options)[0]);
  root.append(set);
}

// A grid of numbers. With `choose` its cells are a radio group: one tab stop, arrow keys move, the mouse hovers.
// `note` gives small words to stand below a cell's number, or none.
function grid(title, values, style, choose, chosen, name, note = () => "") {
  const rows = values.length, columns = rows ? values[0].length : 0;
  const size = { width: columns * CELL + 2, height: rows * CELL + 2 };
  const svg = make("svg", {
    viewBox: `-1 -1 ${size.width} ${size.height}`, style: `width:${size.width}px`,
    role: choose ? "radiogroup" : "img", "aria-label": title,
  });
  const at = (i, j) => svg.querySelector(`[data-at="${i},${j}"]`);
  values.forEach((row, i) => row.forEach((value, j) => {
    const words = note(i, j), number = shown(value);
    const cell = make("g", { "data-at": `${i},${j}`, class: style(i, j) },
      make("rect", { x: j * CELL, y: i * CELL, width: CELL, height: CELL }),
      make("text", { x: (j + 0.5) * CELL, y: (i + 0.5) * CELL + (words ? 0 : 4.5), class: number.length > 4 ? "small" : "" }, number));
    if (words) cell.append(make("text", { x: (j + 0.5) * CELL, y: (i + 1) * CELL - 5, class: "small note" }, words));
    if (choose) {
      const is = !!chosen && chosen[0] === i && chosen[1] === j;
      const stop = chosen ? is : !i && !j;
      const attributes = { ...KEYS, role: "radio", "aria-checked": is, tabindex: stop ? 0 : -1, "aria-label": `${name}[${i}, ${j}] = ${number}${words && `, ${words}`}` };
      for (const key in attributes) cell.setAttribute(key, attributes[key]);
      // A mouse that rests where the grid is drawn anew has not chosen anything: keys may have.
      cell.addEventListener("mousemove", event => { if (event.movementX || event.movementY) choose(i, j, false); });
      cell.addEventListener("click", () => choose(i, j, true));
      cell.addEventListener("focus", () => { if (!is) choose(i, j, true); });
      cell.addEventListener("keydown", event => {
        const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
        const next = step && at(i + step[0], j + step[1]);
        if (!step) return;
        event.preventDefault();
        if (next) choose(i + step[0], j + step[1], true);
      });
    }
    svg.append(cell);
  }));
  // Drawn last, or the next cell covers half of it.
  svg.outline = (i, j, style) => svg.append(make("rect", { x: j * CELL, y: i * CELL, width: CELL, height: CELL, class: style }));
  if (chosen && rows) svg.outline(...chosen, "picked");
  const figure = make("figure", {}, make("figcaption", {}, title), svg);
  Object.assign(figure, { at, outline: svg.outline });
  return figure;
}

// Marks cells of a grid. A dilated window has gaps, so each of its cells has a frame.
function frame(figure, cells) {
  for (const [i, j] of cells) {
    figure.at(i, j).classList.add("window");
    figure.outline(i, j, "framed");
  }
}

// Says whether the learner's own function made the same numbers, on one fixed case, as this page.
function compared(own, here, t) {
  const columns = here[0].length;
  if (own.length !== here.length || own.some(row => row.length !== columns))
    return fill(t.own_shape, { got: `${own.length} × ${(own[0] || []).length}`, wanted: `${here.length} × ${columns}` });
  for (const i of range(here.length)) for (const j of range(columns))
    if (own[i][j] === null || Math.abs(own[i][j] - here[i][j]) >= 1e-6)
      return fill(t.own_differs, { i, j, got: own[i][j] === null ? "nan" : shown(own[i][j]), wanted: shown(here[i][j]) });
  return fill(t.own_same, { count: here.length * columns });
}

function start(id, build) {
  const root = document.getElementById(id);
  // JupyterLab runs scripts before it puts an output into its page.
  if (!root) return start.tries = (start.tries || 0) + 1, start.tries < 100 && setTimeout(() => start(id, build), 50);
  const body = make("div", { class: "body" });
  // The same for JupyterLab and VS Code, and for letters, which edit cells there. Saving and menus stay theirs.
  body.addEventListener("keydown", event => {
    if (!event.ctrlKey && !event.metaKey && !/^(F\d+|Escape)$/.test(event.key)) event.stopPropagation();
  });
  root.querySelector("img").hidden = true;
  root.append(body);
  followTheme(root);
  build(body);
}

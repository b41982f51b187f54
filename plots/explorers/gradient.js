// The way back: choose an input and see the outputs that it takes part in, or an output and see its stamp.
function gradient(body, data) {
  const t = data.texts, state = { mode: "conv", n: 5, f: 2, s: 1, side: "in", i: 2, j: 2 };
  // All different, so that every window has one winner.
  const A = (i, j) => ((6 * i + j) * 23 + 5) % 37;
  const W = (u, v) => [[1, -2, 3], [2, 1, -1], [0, 2, 1]][u][v];
  const dZ = (h, w) => [1, 3, -2, 2, -1][(2 * h + 3 * w) % 5];
  const size = () => Math.floor((state.n - state.f) / state.s) + 1;

  // What input (i, j) is multiplied by on its way into output (h, w): 0 where it takes no part.
  function factor(i, j, h, w) {
    const { s, f, mode } = state, u = i - h * s, v = j - w * s;
    if (u < 0 || v < 0 || u >= f || v >= f) return 0;
    if (mode === "conv") return W(u, v);
    if (mode === "average") return 1 / (f * f);
    const window = range(f).flatMap(a => range(f).map(b => A(h * s + a, w * s + b)));
    return A(i, j) === Math.max(...window) ? 1 : 0;
  }

  const controls = make("div", { class: "controls" });
  choice(controls, t.layer, { conv: t.conv, max: t.max, average: t.average }, mode => { state.mode = mode; draw(); });
  const reset = key => value => { Object.assign(state, { [key]: value, side: "in", i: 1, j: 1 }); draw(); };
  slider(controls, "n", 3, 6, state.n, reset("n"));
  slider(controls, "f", 1, 3, state.f, reset("f"));
  slider(controls, t.s, 1, 3, state.s, reset("s"));
  const pictures = make("div", { class: "pictures" }), sum = make("p", { class: "sum", "aria-live": "polite" });
  body.append(controls, make("p", {}, t.how), pictures, sum);

  const total = (a, b) => range(size()).reduce((x, h) => range(size()).reduce((y, w) => y + factor(a, b, h, w) * dZ(h, w), x), 0);
  // Before anything is moved: the numbers are those of the first setting.
  if (data.own) body.append(make("p", { class: "own" }, compared(data.own, table(state.n, state.n, total), t)));

  const choose = side => (i, j, focus) => {
    if (side === state.side && i === state.i && j === state.j && !focus) return;
    Object.assign(state, { side, i, j });
    draw(focus);
  };

  function draw(focus) {
    const { n, side, i, j, mode } = state, out = size(), back = mode === "conv" ? "dZ" : "dA";
    const input = side === "in", here = (a, b) => a === i && b === j ? "chosen" : "";
    const left = input
      ? grid(t.all, table(n, n, total), here, choose("in"), [i, j], "dA_prev")
      : grid(fill(t.stamp, { back, i, j }), table(n, n, (a, b) => factor(a, b, i, j) * dZ(i, j)),
        (a, b) => factor(a, b, i, j) ? "" : "faint", choose("in"), null, "dA_prev");
    const right = input
      ? grid(fill(t.gradient, { back }), table(out, out, dZ), (h, w) => factor(i, j, h, w) ? "" : "faint", choose("out"), null, back,
        (h, w) => factor(i, j, h, w) ? `×${shown(factor(i, j, h, w))}` : "")
      : grid(fill(t.gradient, { back }), table(out, out, dZ), here, choose("out"), [i, j], back);
    const middle = mode === "conv" ? grid(t.filter, table(state.f, state.f, W), () => "weight")
      : mode === "max" ? grid(t.forward, table(n, n, A), () => "") : "";
    pictures.replaceChildren(left, middle, right);
    const cells = count => range(count).flatMap(a => range(count).map(b => [a, b]));
    if (input) frame(right, cells(out).filter(([h, w]) => factor(i, j, h, w)));
    else {
      frame(left, cells(n).filter(([a, b]) => factor(a, b, i, j)));
      if (mode === "max") frame(middle, cells(state.f).map(([u, v]) => [i * state.s + u, j * state.s + v]));
    }
    if (input) {
      const parts = range(out).flatMap(h => range(out).map(w => [factor(i, j, h, w), h, w])).filter(([k]) => k);
      const text = parts.map(([k, h, w]) => `${k < 0 ? `(${shown(k)})` : shown(k)}·${back}[${h}, ${w}]`).join(" + ") || "0";
      sum.textContent = fill(parts.length ? t.input_sum : t.input_none, { i, j, text, count: parts.length, value: shown(total(i, j)) });
    } else sum.textContent = fill(t["stamp_" + mode], { i, j, back, value: shown(dZ(i, j)), f: state.f });
    if (focus) (input ? left : right).at(i, j).focus();
  }
  draw();
}

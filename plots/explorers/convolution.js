// The convolution layer: choose the sizes, then an output, and see the window that it is made of.
function convolution(body, data) {
  const t = data.texts, state = { n: 6, f: 3, s: 1, p: 0, d: 1, h: 0, w: 0 };
  const X = (i, j) => (i * i + 3 * j + i * j) % 10;
  const W = (u, v) => Math.sign(state.f - 1 - 2 * v) || (state.f === 1 ? 1 : 0);
  const size = () => Math.floor((state.n + 2 * state.p - state.d * (state.f - 1) - 1) / state.s) + 1;
  const padded = (i, j) => {
    const inside = k => k >= state.p && k < state.p + state.n;
    return inside(i) && inside(j) ? X(i - state.p, j - state.p) : 0;
  };
  const terms = (h, w) => range(state.f).flatMap(u => range(state.f).map(v =>
    [padded(h * state.s + u * state.d, w * state.s + v * state.d), W(u, v)]));
  const Z = (h, w) => terms(h, w).reduce((sum, [x, k]) => sum + x * k, 0);

  const controls = make("div", { class: "controls" });
  for (const [key, label, low, high] of [["n", "n", 3, 9], ["f", "f", 1, 5], ["s", "stride", 1, 4], ["p", "pad", 0, 3], ["d", "dilation", 1, 3]])
    slider(controls, t[key] || label, low, high, state[key], value => { state[key] = value; state.h = state.w = 0; draw(); });
  const formula = make("p", { class: "formula" }), pictures = make("div", { class: "pictures" });
  const sum = make("p", { class: "sum", "aria-live": "polite" }), rest = make("p", {});
  body.append(controls, formula, pictures, sum, rest);
  // Before anything is moved: the numbers are those of the first setting.
  if (data.own) body.append(make("p", { class: "own" }, compared(data.own, table(size(), size(), Z), t)));

  function choose(h, w, focus) {
    if (h === state.h && w === state.w && !focus) return;
    Object.assign(state, { h, w });
    draw(focus);
  }

  function draw(focus) {
    const { n, f, s, p, d, h, w } = state, out = size(), N = n + 2 * p, span = d * (f - 1) + 1;
    const numbers = { n, f, s, p, d, out: Math.max(out, 0), span };
    formula.textContent = fill(d > 1 ? t.formula_dilated : t.formula, numbers);
    const used = (out - 1) * s + span, left = out > 0 ? N - used : N;
    rest.textContent = out < 1 ? fill(t.too_large, { span, N }) : left ? fill(t.left, { left }) : t.nothing_left;
    const input = grid(p ? t.input_padded : t.input, table(N, N, padded),
      (i, j) => [i < p || j < p || i >= N - p || j >= N - p ? "pad" : "", out > 0 && (i >= used || j >= used) ? "unused" : ""].join(" "));
    const filter = grid(t.filter, table(f, f, W), () => "weight");
    const output = grid(t.output, table(out, out, Z), (i, j) => i === h && j === w ? "chosen" : "", choose, [h, w], "Z");
    pictures.replaceChildren(input, filter, output);
    sum.textContent = "";
    if (out > 0) {
      frame(input, range(f).flatMap(u => range(f).map(v => [h * s + u * d, w * s + v * d])));
      const parts = terms(h, w).map(([x, k]) => `${shown(x)}·${k < 0 ? `(${shown(k)})` : shown(k)}`).join(" + ");
      sum.textContent = fill(t.sum, { h, w, top: h * s, bottom: h * s + span - 1, first: w * s, last: w * s + span - 1, parts, value: shown(Z(h, w)) });
    }
    if (focus) output.at(h, w).focus();
  }
  draw();
}

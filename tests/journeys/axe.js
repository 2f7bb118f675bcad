/* What is wrong with the page as it stands: how far it runs sideways, and what axe finds. Axe stands in the page already.

  Two thirds of axe's time go into contrast, which follows from computed styles alone: the text's own, and those of all
  that it lies in. So each combination of them that passed is measured once, on whichever page it stands first: `passed`
  holds those, the answer's `passed` what this page adds. What may lie over something that it does not lie in (it or a
  part around it is positioned) is measured each time, like the values of fields and what axe could not tell.
  Where the shape of the page (axe_shape.js) has passed already, contrast alone is asked.
*/
async ([passed, isKnownShape]) => {
  const UNDER = ["backgroundColor", "backgroundImage", "opacity", "filter", "mixBlendMode"];
  const UNPAINTED = "rgba(0, 0, 0, 0)|none|1|none|normal";
  const TEXT = ["color", "fontSize", "fontWeight", "textShadow", "webkitTextStroke"];
  const MARK = "data-contrast-passed";
  const known = new Map([[null, { under: "", isPositioned: false }]]);
  const look = (element) => {
    if (!known.has(element)) {
      const style = getComputedStyle(element);
      const around = look(element.parentElement);
      const read = (names) => names.map((name) => style[name]).join("|");
      const paint = read(UNDER);
      known.set(element, {
        text: read(TEXT),
        under: around.under + (paint === UNPAINTED ? "" : `${paint}>`),
        isPositioned: around.isPositioned || ["absolute", "fixed", "sticky"].includes(style.position),
      });
    }
    return known.get(element);
  };
  const isJudged = (element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    !element.closest("[disabled], [aria-disabled=true]");
  const hasText = (element) =>
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());

  const before = new Set(passed);
  const added = new Map();
  const marked = [];
  for (const element of [...document.body.querySelectorAll("*")].filter(hasText)) {
    const { text, under, isPositioned } = look(element);
    if (isPositioned) continue;
    if (before.has(under + text)) marked.push(element);
    else if (isJudged(element)) added.set(element, under + text);
  }
  marked.forEach((element) => element.setAttribute(MARK, ""));
  axe.configure({ rules: [{ id: "color-contrast", selector: `:not([${MARK}])` }] });
  const { violations, incomplete } = await axe.run(document, {
    resultTypes: ["violations", "incomplete"],
    elementRef: true,
    ...(isKnownShape && { runOnly: { type: "rule", values: ["color-contrast"] } }),
    preload: { assets: ["media"] }, // style sheets are preloaded for an experimental rule alone
  });
  marked.forEach((element) => element.removeAttribute(MARK));
  const doubtful = new Set(
    [...violations, ...incomplete]
      .filter(({ id }) => id === "color-contrast")
      .flatMap(({ nodes }) => nodes.map(({ element }) => added.get(element))),
  );
  return {
    sideways: document.documentElement.scrollWidth - window.innerWidth,
    violations: violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 120)}`),
    passed: [...new Set(added.values())].filter((key) => !doubtful.has(key)),
  };
}

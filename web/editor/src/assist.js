// What the editor gets when somebody begins to write: offers while typing, and what a word means under the
// pointer. The planner knows both; this file shows them.

import { EditorView, hoverTooltip, keymap } from "@codemirror/view";
import { autocompletion, completionKeymap, snippet } from "@codemirror/autocomplete";

// Where typing goes on without a letter: `x = "`, `${`, `var.`.
const opens = /[\w"${.\-]$/;

const icons = {
  block: "type", attribute: "property", value: "constant", function: "function", variable: "variable",
  reference: "variable",
};

// Nothing at all if the planner's share could not be fetched.
function read(text) {
  return text ? JSON.parse(text) : null;
}

function lines(classes, ...texts) {
  const box = document.createElement("div");
  box.className = classes;
  for (const [name, text] of texts) {
    if (!text) continue;
    const line = document.createElement("div");
    line.className = name;
    line.textContent = text;
    box.append(line);
  }
  return box;
}

function option(offer, rank) {
  return {
    label: offer.label,
    type: icons[offer.kind],
    detail: offer.detail,
    info: offer.text ? () => lines("cm-about", ["cm-text", offer.text]) : undefined,
    apply: offer.snippet ? snippet(offer.insert) : offer.insert,
    // In the planner's order.
    boost: -rank,
  };
}

// Line ends count as one letter here and in what the planner is asked, whatever the file has.
function offers(ask) {
  return async (context) => {
    const before = context.state.doc.lineAt(context.pos);
    if (!context.explicit && !opens.test(before.text.slice(0, context.pos - before.from))) return null;
    const answer = read(await ask("Offers", context.state.doc.toString(), context.pos));
    if (!answer || context.aborted || answer.offers.length === 0) return null;
    return { from: answer.from, to: answer.to, filter: false, options: answer.offers.slice(0, 100).map(option) };
  };
}

function about(hover) {
  const box = lines("cm-about", ["cm-title", hover.title]);
  if (hover.facts.length > 0) {
    const facts = document.createElement("dl");
    for (const { name, text } of hover.facts) {
      const term = document.createElement("dt");
      term.textContent = name;
      const value = document.createElement("dd");
      value.textContent = text;
      facts.append(term, value);
    }
    box.append(facts);
  }
  if (hover.text) box.append(lines("cm-text", ["", hover.text]));
  if (hover.url) {
    const link = document.createElement("a");
    link.href = hover.url;
    link.target = "_blank";
    link.rel = "noreferrer";
    link.textContent = "Nomad's documentation";
    box.append(link);
  }
  return box;
}

function meaning(ask) {
  return async (view, pos) => {
    const answer = read(await ask("Meaning", view.state.doc.toString(), pos));
    if (!answer) return null;
    const dom = about(answer);
    return { pos: answer.from, end: answer.to, above: true, create: () => ({ dom }) };
  };
}

// Colours and measures are the page's custom properties.
const look = EditorView.theme({
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    fontFamily: "var(--mono)", fontSize: "0.8125rem", maxHeight: "16em", minWidth: "18em",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    padding: "3px var(--s2)", lineHeight: "1.5", display: "flex", gap: "var(--s2)", alignItems: "baseline",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    background: "var(--accent-soft)", color: "var(--text)",
  },
  ".cm-completionLabel": { flex: "none" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "600" },
  ".cm-completionDetail": {
    marginLeft: "auto", color: "var(--text-3)", fontStyle: "normal", fontFamily: "var(--sans)", fontSize: "0.75rem",
    overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap",
  },
  ".cm-completionIcon": { opacity: "0.5", width: "1em" },
  ".cm-tooltip.cm-completionInfo": { padding: "0", maxWidth: "24rem" },
  ".cm-about": { padding: "var(--s2) var(--s3)", fontFamily: "var(--sans)", fontSize: "0.8125rem", lineHeight: "1.45" },
  ".cm-about .cm-title": { fontFamily: "var(--mono)", fontWeight: "600", marginBottom: "4px" },
  ".cm-about dl": {
    display: "grid", gridTemplateColumns: "max-content 1fr", columnGap: "var(--s3)", margin: "0 0 4px",
    color: "var(--text-2)",
  },
  ".cm-about dd": { margin: "0", overflowWrap: "anywhere" },
  ".cm-about a": { color: "var(--accent)", display: "inline-block", marginTop: "4px" },
});

export function extensions(ask) {
  return [
    look,
    autocompletion({ override: [offers(ask)], maxRenderedOptions: 60 }),
    hoverTooltip(meaning(ask), { hoverTime: 350 }),
    keymap.of(completionKeymap),
    EditorView.editorAttributes.of({ class: "cm-assisted" }),
  ];
}

// What the editor gets a moment after it is there: marks under what is wrong, and search.

import { EditorView, keymap } from "@codemirror/view";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";

export const extensions = [
  // Until then the style sheet keeps the gutter's place, so that nothing moves.
  EditorView.editorAttributes.of({ class: "cm-complete" }),
  lintGutter(),
  highlightSelectionMatches(),
  search({ top: true }),
  keymap.of([...searchKeymap, ...lintKeymap]),
];

function message(diagnostic) {
  return () => {
    const box = document.createElement("div");
    const text = document.createElement("div");
    text.textContent = diagnostic.message;
    box.append(text);
    if (diagnostic.hint) {
      const hint = document.createElement("div");
      hint.className = "cm-hint";
      hint.textContent = diagnostic.hint;
      box.append(hint);
    }
    return box;
  };
}

// Draws the findings; `offset` turns a line and a column into a place.
export function mark(view, findings, offset) {
  const doc = view.state.doc;
  const marks = findings.map((found) => {
    const from = offset(doc, found.line, found.column);
    const to = Math.max(from, offset(doc, found.end_line, found.end_column));
    return {
      from, to, severity: found.severity === "note" ? "info" : found.severity,
      message: found.message, renderMessage: message(found),
    };
  });
  marks.sort((a, b) => a.from - b.from);
  view.dispatch(setDiagnostics(view.state, marks));
}

// The job editor: CodeMirror 6 with just what a job file needs. The page decides what is wrong with the
// text; this file shows it. It never changes a character the user did not change.
//
// What nobody needs in the first second (marks, search) is in `extras.js` and comes a moment later; what helps with
// writing is in `assist.js` and comes when somebody goes into the editor.

import { Compartment, EditorState, StateEffect, StateField } from "@codemirror/state";
import {
  EditorView, Decoration, drawSelection, dropCursor, highlightActiveLine, highlightActiveLineGutter,
  highlightSpecialChars, keymap, lineNumbers,
} from "@codemirror/view";
import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory } from "@codemirror/commands";
import {
  HighlightStyle, StreamLanguage, bracketMatching, indentOnInput, indentUnit, syntaxHighlighting,
} from "@codemirror/language";
import { tags } from "@lezer/highlight";
import { hcl } from "./hcl.js";

// Colours are the page's custom properties, so that dark and light need no second theme.
const colours = HighlightStyle.define([
  { tag: tags.comment, color: "var(--hl-comment)", fontStyle: "italic" },
  { tag: tags.string, color: "var(--hl-string)" },
  { tag: [tags.number, tags.atom], color: "var(--hl-number)" },
  { tag: tags.typeName, color: "var(--hl-block)" },
  { tag: tags.propertyName, color: "var(--hl-key)" },
  { tag: tags.keyword, color: "var(--hl-keyword)" },
  { tag: tags.function(tags.variableName), color: "var(--hl-function)" },
  { tag: [tags.operator, tags.bracket, tags.punctuation], color: "var(--hl-punctuation)" },
  { tag: tags.brace, color: "var(--hl-keyword)" },
]);

const flash = StateEffect.define();
const flashed = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(flash)) {
        marks = effect.value === null
          ? Decoration.none
          : Decoration.set([Decoration.line({ class: "cm-flash" }).range(effect.value)]);
      }
    }
    return transaction.docChanged ? Decoration.none : marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

// Lines and columns count from zero, columns in UTF-16 units: they hold whatever ends the lines.
function offset(doc, line, column) {
  const at = doc.line(Math.min(Math.max(line + 1, 1), doc.lines));
  return Math.min(at.from + column, at.to);
}

function separator(text) {
  return /\r\n/.test(text) && !/(^|[^\r])\n/.test(text) ? [EditorState.lineSeparator.of("\r\n")] : [];
}

// A browser drops what it is fetching when a network comes or goes: it is asked again, a few times.
function patiently(load, tries = 4) {
  return load().catch((error) => {
    if (tries === 0) throw error;
    return new Promise((ready) => setTimeout(ready, 500)).then(() => patiently(load, tries - 1));
  });
}

// Loaded once for all editors, when the browser has nothing else to do.
let loading;
function extras() {
  loading ??= new Promise((ready) => {
    const idle = globalThis.requestIdleCallback ?? ((run) => setTimeout(run, 200));
    idle(() => ready(patiently(() => import("./extras.js"))), { timeout: 1000 });
  });
  return loading;
}

function extensions(text, options, changed) {
  const nonce = document.querySelector("meta[name=steppe-nonce]")?.content;
  return [
    ...(nonce ? [EditorView.cspNonce.of(nonce)] : []),
    ...separator(text),
    lineNumbers(),
    options.more.of([]),
    options.help.of([]),
    highlightActiveLineGutter(),
    highlightSpecialChars(),
    history(),
    drawSelection(),
    dropCursor(),
    EditorState.allowMultipleSelections.of(true),
    EditorState.tabSize.of(2),
    indentUnit.of("  "),
    indentOnInput(),
    bracketMatching(),
    highlightActiveLine(),
    StreamLanguage.define(hcl),
    syntaxHighlighting(colours),
    flashed,
    keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
    EditorView.contentAttributes.of({
      "aria-label": options.label,
      "aria-description": "Tab indents. Escape, then Tab leaves the editor.",
      "data-testid": "editor-content",
      spellcheck: "false",
      autocorrect: "off",
      autocapitalize: "off",
    }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) changed(update.state.sliceDoc());
    }),
  ];
}

// `ask(about, text, place)` gives a promise of JSON: `Offers`, a `Meaning`, or null.
export function create(parent, text, label, onchange, ask) {
  const options = { label, more: new Compartment(), help: new Compartment() };
  let quiet = false;
  const changed = (next) => { if (!quiet) onchange(next); };
  const fresh = (doc) => EditorState.create({ doc, extensions: extensions(doc, options, changed) });
  const view = new EditorView({ state: fresh(text), parent });
  let timer = 0;
  let found = "[]";
  let mark = () => {};
  let gone = false;
  let helped;
  extras().then((more) => {
    if (gone) return;
    view.dispatch({ effects: options.more.reconfigure(more.extensions) });
    mark = () => more.mark(view, JSON.parse(found), offset);
    mark();
  }, () => {});
  const help = () => patiently(() => import("./assist.js")).then((assist) => {
    if (!gone) view.dispatch({ effects: options.help.reconfigure(assist.extensions(ask)) });
  }, () => { helped = undefined; });
  // Whoever points at the text or writes wants it.
  for (const kind of ["focusin", "mouseenter"]) {
    view.dom.addEventListener(kind, () => { helped ??= help(); });
  }
  return {
    // A whole new text (an example, a dropped file) is one step that undo takes back.
    setText(next) {
      if (next === view.state.sliceDoc()) return;
      quiet = true;
      // What stays the same stays where it is: a small change does not move the text.
      const before = view.state.sliceDoc();
      const lines = (length) => view.state.toText(before.slice(0, length)).length;
      let start = 0;
      while (start < next.length && before[start] === next[start]) start++;
      start = before.lastIndexOf("\n", start - 1) + 1;
      let end = 0;
      const most = Math.min(before.length, next.length) - start;
      while (end < most && before.at(-1 - end) === next.at(-1 - end)) end++;
      const cut = before.indexOf("\n", before.length - end - 1);
      end = cut < 0 ? 0 : before.length - cut - 1;
      const from = lines(start);
      view.dispatch({
        changes: { from, to: lines(before.length - end), insert: view.state.toText(next.slice(start, next.length - end)) },
        selection: { anchor: from },
        annotations: isolateHistory.of("full"),
        scrollIntoView: true,
      });
      quiet = false;
    },
    text: () => view.state.sliceDoc(),
    setDiagnostics(list) {
      found = list;
      mark();
    },
    reveal(line, column) {
      const at = offset(view.state.doc, line, column);
      view.dispatch({
        selection: { anchor: at },
        effects: [
          EditorView.scrollIntoView(at, { y: "center" }),
          flash.of(view.state.doc.lineAt(at).from),
        ],
      });
      view.focus();
      clearTimeout(timer);
      timer = setTimeout(() => view.dispatch({ effects: flash.of(null) }), 1200);
    },
    focus: () => view.focus(),
    destroy() {
      gone = true;
      view.destroy();
    },
  };
}

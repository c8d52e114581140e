// Colours of job files: a small token stream of our own. It knows HCL1, HCL2 and JSON well enough to
// paint them, and nothing about Nomad: what a key means is the planner's business.

const words = /^[A-Za-z_\u0080-\uffff][\w.\-\u0080-\uffff]*/;

function string(stream, state) {
  while (!stream.eol()) {
    if (stream.match(/^\$\$\{|^%%\{/)) continue;
    if (stream.match(/^[$%]\{/, false)) {
      if (stream.pos > stream.start) return "string";
      stream.pos += 2;
      state.stack.push({ kind: "template", depth: 0 });
      return "brace";
    }
    const ch = stream.next();
    if (ch === "\\") stream.next();
    else if (ch === '"') {
      state.stack.pop();
      return "string";
    }
  }
  // A quoted string ends with its line, closed or not: one slip must not repaint the whole file.
  state.stack.pop();
  return "string";
}

function heredoc(stream, state, top) {
  if (stream.sol() && stream.match(new RegExp(`^\\s*${top.marker}\\s*$`))) {
    state.stack.pop();
    return "keyword";
  }
  while (!stream.eol()) {
    if (stream.match(/^\$\$\{|^%%\{/)) continue;
    if (stream.match(/^[$%]\{/, false)) {
      if (stream.pos > stream.start) return "string";
      stream.pos += 2;
      state.stack.push({ kind: "template", depth: 0 });
      return "brace";
    }
    stream.next();
  }
  return "string";
}

function name(stream) {
  const word = stream.current();
  if (word === "true" || word === "false" || word === "null") return "atom";
  if (/^(for|in|if|else|endif|endfor)$/.test(word)) return "keyword";
  if (stream.match(/^\s*\(/, false)) return "variableName.function";
  if (stream.match(/^\s*(=(?!=)|:)/, false)) return "propertyName";
  if (stream.match(/^\s*("[^"]*"\s*)*\{/, false)) return "typeName";
  if (stream.match(/^\s*"[^"]*"\s*(?:"[^"]*"\s*)*$/, false)) return "typeName";
  return "variableName";
}

function code(stream, state) {
  const top = state.stack[state.stack.length - 1];
  if (stream.eatSpace()) return null;
  if (stream.match(/^(#|\/\/).*/)) return "comment";
  if (stream.match("/*")) {
    state.stack.push({ kind: "comment" });
    return comment(stream, state);
  }
  const marker = stream.match(/^<<-?\s*"?([A-Za-z_][\w]*)"?/);
  if (marker) {
    state.stack.push({ kind: "heredoc", marker: marker[1] });
    stream.skipToEnd();
    return "keyword";
  }
  if (stream.match(/^"[^"\\$%]*"(?=\s*[=:](?!=))/)) return "propertyName";
  if (stream.eat('"')) {
    state.stack.push({ kind: "string" });
    return string(stream, state);
  }
  if (stream.match(/^(0x[\da-fA-F]+|\d+(\.\d+)?([eE][+-]?\d+)?)/)) return "number";
  if (stream.match(words)) return name(stream);
  const ch = stream.next();
  if (top && top.kind === "template") {
    if (ch === "{") top.depth += 1;
    if (ch === "}") {
      if (top.depth === 0) {
        state.stack.pop();
        return "brace";
      }
      top.depth -= 1;
    }
  }
  if (/[{}[\]()]/.test(ch)) return "bracket";
  return /[=<>!&|+\-*/%?:]/.test(ch) ? "operator" : "punctuation";
}

function comment(stream, state) {
  if (stream.match(/^.*?\*\//)) state.stack.pop();
  else stream.skipToEnd();
  return "comment";
}

export const hcl = {
  name: "hcl",
  startState: () => ({ stack: [] }),
  copyState: (state) => ({ stack: state.stack.map((entry) => ({ ...entry })) }),
  token(stream, state) {
    const top = state.stack[state.stack.length - 1];
    if (!top || top.kind === "template") return code(stream, state);
    if (top.kind === "comment") return comment(stream, state);
    if (top.kind === "heredoc") return heredoc(stream, state, top);
    return string(stream, state);
  },
  blankLine() {},
  indent(state, textAfter, context) {
    const line = context.state.doc.lineAt(context.pos);
    if (line.number === 1) return 0;
    const before = context.state.doc.line(line.number - 1).text;
    const base = /^\s*/.exec(before)[0].length;
    const opens = /[{[(]\s*(#.*|\/\/.*)?$/.test(before) ? context.unit : 0;
    const closes = /^\s*[}\])]/.test(textAfter) ? context.unit : 0;
    return Math.max(0, base + opens - closes);
  },
  languageData: {
    commentTokens: { line: "#", block: { open: "/*", close: "*/" } },
    indentOnInput: /^\s*[}\])]$/,
    closeBrackets: { brackets: ["(", "[", "{", '"'] },
  },
};

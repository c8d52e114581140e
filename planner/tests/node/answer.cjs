// Answers calls of the planner's JavaScript face: one JSON line in ({call, arguments}), one JSON line out ({ok} or {error}).
// Usage: node answer.cjs path/to/steppe_planner.js

const path = require("node:path");
const readline = require("node:readline");

const planner = require(path.resolve(process.argv[2]));
const lines = readline.createInterface({ input: process.stdin, crlfDelay: Infinity });

lines.on("line", (line) => {
  const { call, arguments: given } = JSON.parse(line);
  let answer;
  try {
    answer = { ok: planner[call](...given) };
  } catch (error) {
    answer = { error: String(error.message ?? error) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
});

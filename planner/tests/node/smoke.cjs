// The planner as a JavaScript library: values in, values out.
// Usage: node smoke.cjs path/to/steppe_planner.js

const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");

const module_path = path.resolve(process.argv[2]);
const planner = require(module_path);

const text = `
job "mysql-5.7" {
  datacenters = ["dc1"]
  group "mysql-group" {
    task "mysql-task" {
      driver = "docker"
      config {
        image = "mysql:5.7.28"
        port_map { db = 3306 }
      }
      env { "MYSQL_ROOT_PASSWORD" = "rooooot" }
      resources {
        cpu    = 500
        memory = 256
        network {
          mbits = 10
          port "db" { static = 3306 }
        }
      }
    }
  }
}
`;

const parsed = planner.parse(text);
assert.equal(parsed.syntax, "Hcl1");
assert.equal(parsed.job.ID, "mysql-5.7");
assert.equal(parsed.registered.TaskGroups[0].Count, 1);
assert.deepEqual(parsed.diagnostics.filter((finding) => finding.severity === "error"), []);
const memory = parsed.spans["group.mysql-group.task.mysql-task.resources.memory"];
assert.equal(text.slice(memory.start, memory.end), "256");

const broken = planner.parse('job "x" {\n  prority = 3\n}\n', { syntax: "Hcl2" });
const finding = broken.diagnostics.find((finding) => finding.code === "unknown-attribute");
assert.equal(finding.hint, "did you mean priority?");
assert.ok(finding.span.start < finding.span.end);

// A cluster of one node that has everything but memory: nothing is placed, and the reason is told.
const node = {
  ID: "6e9b3b44-0000-4000-8000-000000000001",
  Name: "node-1",
  Datacenter: "dc1",
  Status: "ready",
  SchedulingEligibility: "eligible",
  Attributes: { "driver.docker": "1", "kernel.name": "linux" },
  Drivers: { docker: { Detected: true, Healthy: true } },
  NodeResources: {
    Cpu: { CpuShares: 4000, TotalCpuCores: 4 },
    Memory: { MemoryMB: 8192 },
    Disk: { DiskMB: 20000 },
    Networks: [{ Mode: "host", Device: "eth0", IP: "10.0.0.1", CIDR: "10.0.0.1/32", MBits: 1000 }],
    NodeNetworks: [{ Mode: "host", Device: "eth0", Addresses: [{ Alias: "default", Address: "10.0.0.1", Family: "ipv4" }] }],
  },
};
const snapshot = { Version: 1, Index: 7, Profile: "1.1", Nodes: [node] };
const fits = planner.plan(parsed.job, snapshot);
assert.equal(fits.JobID, "mysql-5.7");
assert.equal(fits.Placements.length, 1);
assert.equal(fits.Placements[0].NodeName, "node-1");
assert.deepEqual(planner.plan(parsed.job, snapshot), fits, "the same twice");

node.NodeResources.Memory.MemoryMB = 100;
const full = planner.plan(parsed.job, snapshot);
assert.equal(full.Placements.length, 0);
assert.ok(JSON.stringify(full.Groups).includes("memory"), "the reason is told");

assert.throws(() => planner.plan(parsed.job, { Version: 99 }), /snapshot format 99/);

const half = 'job "x" {\n  datacenters = [""]\n}\n';
const known = planner.known(snapshot);
assert.deepEqual(known.datacenters, ["dc1"]);
const completion = planner.complete(half, half.indexOf('""') + 1, { known });
assert.deepEqual(completion.offers.map((offer) => offer.insert), ["dc1"]);
const names = planner.complete('job "x" {\n  prio', 16);
assert.equal(names.offers[0].insert, "priority = ${1:50}");
const hover = planner.hover(half, half.indexOf("data"));
assert.equal(hover.title, "job.datacenters");
assert.ok(hover.url.startsWith("https://"), "the page of the documentation");
assert.equal(planner.hover(half, 0, { docs: "" }).text, "");
assert.equal(planner.hover("", 0), null);

const types = fs.readFileSync(module_path.replace(/\.js$/, ".d.ts"), "utf8");
for (const name of ["export function parse(", "export function plan(", "export interface Diagnostic", "export function complete("]) {
  assert.ok(types.includes(name), `${name} is declared`);
}
console.log("ok");

// A stored choice of colours is applied before the first paint; web/src/theme.rs changes it.
try {
  const choice = localStorage.getItem("steppe.theme");
  if (choice === "dark" || choice === "light") document.documentElement.dataset.theme = choice;
} catch {
  // Storage may be forbidden; the system's colours are used then.
}

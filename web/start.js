// What runs before anything else: the choice of colours, and what happens if the program does not arrive.

try {
  // A stored choice is applied before the first paint; web/src/theme.rs changes it.
  const choice = localStorage.getItem("steppe.theme");
  if (choice === "dark" || choice === "light") document.documentElement.dataset.theme = choice;
} catch {
  // Storage may be forbidden; the system's colours are used then.
}

globalThis.steppe = (() => {
  const TRIES = "steppe.tries";
  let leaving = false;
  let started = false;

  // A browser drops what it is fetching when a network comes or goes, and each container brings one: the page begins
  // again, a few times. False if it does not.
  const again = () => {
    if (leaving) return true;
    try {
      const tries = Number(sessionStorage.getItem(TRIES) ?? 0);
      if (tries >= 4) return false;
      sessionStorage.setItem(TRIES, tries + 1);
      setTimeout(() => location.reload(), 250 * 2 ** tries);
      leaving = true;
    } catch {
      // Nothing is counted, so nothing is tried.
    }
    return leaving;
  };

  const arrived = () => {
    started = true;
    try {
      sessionStorage.removeItem(TRIES);
    } catch {
      // Nothing was counted.
    }
  };

  const failed = (why) => {
    if (again()) return;
    arrived();
    const notice = Object.assign(document.createElement("p"), { className: "starting failed", role: "alert" });
    notice.dataset.testid = "not-started";
    notice.textContent = `Steppe could not start: ${why}. Reload the page to try again.`;
    document.body.replaceChildren(notice);
  };

  // One that comes later is fetched again alone.
  const refetch = (sheet) => {
    const tries = Number(sheet.dataset.tries ?? 0);
    if (tries >= 4) return;
    const next = sheet.cloneNode();
    next.dataset.tries = tries + 1;
    setTimeout(() => sheet.replaceWith(next), 250 * 2 ** tries);
  };

  addEventListener("error", ({ target }) => {
    if (target instanceof HTMLScriptElement) {
      failed(`${target.src} cannot be fetched`);
    } else if (target.rel === "stylesheet") {
      if (started) refetch(target);
      else again();
    }
  }, true);

  return { again, arrived, failed };
})();

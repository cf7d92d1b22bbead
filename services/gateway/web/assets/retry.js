// Panels that were not there, or not fresh, are asked for again with growing pauses, and put in place when they are.

const pauses = [1, 2, 4, 8, 15, 30, 60, 60, 60, 60];
const waiting = () => [...document.querySelectorAll("section[data-retry]")];
const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

async function retry() {
  for (const seconds of pauses) {
    await pause(seconds);
    if (document.hidden) continue;
    try {
      await refresh();
    } catch {
      // The next turn asks again.
    }
    if (!waiting().length) return;
  }
}

async function refresh() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const panel of waiting()) {
    const newer = fresh.getElementById(panel.id);
    if (newer && !newer.hasAttribute("data-retry") && !panel.contains(document.activeElement)) panel.replaceWith(newer);
  }
}

if (waiting().length) retry();

// New notifications appear in the inbox as they come.

const list = document.querySelector("[data-notices]");
const csrf = document.querySelector("input[name=csrf]")?.value ?? "";
const known = new Set([...document.querySelectorAll("[data-read]")].map((form) => form.dataset.read));
let arrived = 0;

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function link(href, text) {
  return element("a", { href }, element("bdi", { textContent: text }));
}

function readForm({ id, work }) {
  const button = element("button", { className: "plain", name: "ids", value: id, textContent: "Mark as read" });
  button.append(element("span", { className: "hidden", textContent: `: ${work.title}` }));
  const form = element("form", { method: "post", action: "/inbox/read" });
  form.append(element("input", { type: "hidden", name: "csrf", value: csrf }), button);
  return form;
}

function show(item) {
  if (!item.work || known.has(item.id)) return;
  known.add(item.id);
  const { work, reason } = item;
  const where = [work.source && `on ${work.source}`, work.year].filter(Boolean).join(", ");
  const why = element("p", { className: "hint" }, `New work ${where}. You follow `);
  why.append(reason.slug ? link(`/researchers/${encodeURIComponent(reason.slug)}`, reason.author_name) : reason.author_name, ".");
  const title = element("h2", {}, link(`/works/${encodeURIComponent(work.work_id)}`, work.title));
  const meta = element("p", { className: "meta" }, element("span", { textContent: "unseen" }), " ", element("span", { textContent: "just now" }));
  list.prepend(element("li", { className: "notice unseen" }, meta, title, why, readForm(item)));
  document.querySelector("[data-empty]")?.remove();
  arrived += 1;
  document.querySelector("[data-live]").textContent = `${arrived} new ${arrived === 1 ? "notification" : "notifications"} since you opened this page.`;
}

const stream = new EventSource("/api/notifications/stream");
for (const name of ["notification", "message"]) stream.addEventListener(name, ({ data }) => show(JSON.parse(data)));
addEventListener("pagehide", () => stream.close());

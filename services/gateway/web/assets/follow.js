// Follow and unfollow without a reload. Without this script, or when it fails, the form does the same.

const form = document.querySelector("form[data-follow]");
form?.addEventListener("submit", (event) => {
  event.preventDefault();
  send(form).catch(() => resubmit(form));
});

async function send(form) {
  const button = form.querySelector("button");
  const wanted = button.value === "follow";
  button.setAttribute("aria-disabled", "true");
  const answer = await fetch(`/api/researchers/${encodeURIComponent(form.dataset.follow)}/follow`, {
    method: wanted ? "PUT" : "DELETE",
    headers: { "X-CSRF-Token": form.elements.csrf.value, Accept: "application/json" },
  });
  button.removeAttribute("aria-disabled");
  if (!answer.ok) throw new Error(`${answer.status}`);
  show(form, await answer.json());
}

function show(form, { following, followers }) {
  const button = form.querySelector("button");
  const noun = followers === 1 ? "follower" : "followers";
  button.value = following ? "unfollow" : "follow";
  button.classList.toggle("primary", !following);
  button.querySelector("[data-follow-text]").textContent = following ? "Unfollow researcher" : "Follow researcher";
  for (const figure of document.querySelectorAll("[data-followers]")) figure.textContent = followers.toLocaleString("en");
  for (const word of document.querySelectorAll("[data-followers-noun]")) word.textContent = ` ${noun}`;
  const reason = document.querySelector("[data-follow-reason]");
  const { name } = reason.dataset;
  reason.textContent = following
    ? `You follow ${name} and hear of each new work, once, in your inbox.`
    : "You hear of each new work, once, in your inbox.";
  document.querySelector("[data-follow-status]").textContent =
    `${following ? "You follow" : "You no longer follow"} ${name}. ${followers} ${noun}.`;
}

function resubmit(form) {
  const action = Object.assign(document.createElement("input"), { type: "hidden", name: "action" });
  action.value = form.querySelector("button").value;
  form.append(action);
  form.submit();
}

// The page of the claim that comes next, fetched while the analyst reads this one: a decision then brings few words, not
// a page. What the server says in its answer counts: it may go on with another claim, and then sends that one's page.

const LASTS = 300_000; // milliseconds; after that colleagues may have changed much of what it shows
const PATIENCE = 100; // milliseconds a decision waits for a page ahead that is on its way
let ahead = null; // { address, at, page: { claim, version, html } once it is there, arrived: a promise, stop }
let waiting = false;
export const isWaiting = () => waiting; // a decision was taken, and is about to be sent

const fresh = () => ahead && performance.now() - ahead.at < LASTS;

const parsed = (html) => {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
};

// address: what the form with `data-ahead` names; undefined where nothing can be decided.
export function lookAhead(address) {
  if (address && ahead?.address === address && fresh()) return;
  ahead?.stop.abort();
  ahead = address ? { address, at: performance.now(), page: null, stop: new AbortController() } : null;
  if (ahead) ahead.arrived = fetched(ahead);
}

async function fetched(wanted) {
  const answer = await fetch(wanted.address, { headers: { "HX-Request": "true" }, signal: wanted.stop.signal })
    .catch(() => null);
  if (answer?.status !== 200 || answer.redirected) return; // nothing comes, or the decision will tell what is wrong
  const html = await answer.text().catch(() => "");
  const found = parsed(html);
  const claim = found.getElementById("workbench")?.dataset.claim;
  const version = found.querySelector("[data-ahead] [name=expected_version]")?.value;
  if (claim && version) wanted.page = { claim, version, html };
}

document.addEventListener("htmx:confirm", async (event) => {
  if (!event.detail.elt.closest("[data-decides]") || !ahead?.arrived || ahead.page) return;
  event.preventDefault();
  if (waiting) return;
  waiting = true;
  await Promise.race([ahead.arrived, new Promise((resolve) => { setTimeout(resolve, PATIENCE); })]);
  waiting = false;
  event.detail.issueRequest(true);
});

document.addEventListener("htmx:configRequest", (event) => {
  const { elt, parameters } = event.detail;
  if (!elt.closest("[data-decides]") || !ahead?.page || !fresh()) return;
  parameters.ahead = ahead.page.claim;
  parameters.ahead_version = ahead.page.version;
});

// The page ahead shows the claim just decided as accepted, and says nothing of the decision.
function completed(page, answer) {
  const whole = parsed(page.html);
  const said = parsed(answer);
  const { decided, assumed, assumedName, state, stateName } = said.querySelector("template").dataset;
  for (const link of whole.querySelectorAll(`a[href="${decided}"].${assumed}`)) {
    link.classList.replace(assumed, state);
    for (const name of ["title", "aria-label"]) {
      if (link.hasAttribute(name)) link.setAttribute(name, link.getAttribute(name).replace(assumedName, stateName));
    }
  }
  const bench = whole.getElementById("workbench");
  bench.dataset.announce = `${said.querySelector(".note").textContent.trim()} ${bench.dataset.announce}`;
  bench.querySelector(".panel-body").prepend(...said.children);
  const holder = document.createElement("div");
  holder.append(whole);
  return holder.innerHTML;
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, shouldSwap, xhr } = event.detail;
  if (target?.id !== "workbench" || !shouldSwap) return;
  if (xhr.getResponseHeader("Hearsay-Ahead")) event.detail.serverResponse = completed(ahead.page, xhr.responseText);
  // At once: the server makes the page after this one while the browser draws this one.
  const [, address] = /data-ahead="([^"]+)"/u.exec(event.detail.serverResponse) ?? [];
  lookAhead(address?.replaceAll("&amp;", "&"));
});

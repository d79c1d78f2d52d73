// The page of the claim that comes next, fetched and read in while the analyst reads this one.

const LASTS = 300_000; // milliseconds; after that colleagues may have changed much of what it shows
let ahead = null; // { address, at, stop, arrived: a promise, page: { claim, version, title, bench } once it is there }

export function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return document.importNode(template.content, true);
}

// address: what the form with `data-ahead` names; undefined where nothing can be decided.
export function lookAhead(address) {
  if (address && ahead?.address === address && isFresh()) return;
  ahead?.stop.abort();
  ahead = address ? { address, at: performance.now(), page: null, stop: new AbortController() } : null;
  if (ahead) ahead.arrived = fetched(ahead);
}

const isFresh = () => performance.now() - ahead.at < LASTS;

// The page, if it is there and not too old.
export function pageAhead() {
  return ahead && isFresh() ? ahead.page : null;
}

// A promise while the page is on its way, else nothing.
export function onItsWay() {
  return ahead && !ahead.page && !ahead.over ? ahead.arrived : null;
}

async function fetched(wanted) {
  const answer = await fetch(wanted.address, { headers: { "HX-Request": "true" }, signal: wanted.stop.signal })
    .catch(() => null);
  // Otherwise nothing comes, or the decision will tell what is wrong.
  if (answer?.status === 200 && !answer.redirected) wanted.page = readIn(await answer.text().catch(() => ""));
  wanted.over = true;
}

function readIn(html) {
  const whole = parsed(html);
  const bench = whole.getElementById("workbench");
  const version = whole.querySelector("[data-ahead] [name=expected_version]")?.value;
  return bench && version
    ? { claim: bench.dataset.claim, version, title: whole.querySelector("title")?.textContent, bench }
    : null;
}

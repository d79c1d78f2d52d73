// What every page needs: say aloud what changed, and say so when the server cannot be reached.

const announcer = document.getElementById("announcer");
const trouble = document.getElementById("trouble");

document.addEventListener("hearsay:say", (event) => {
  announcer.textContent = "";
  // A region is read again only when its text differs; the pause lets the emptying count.
  setTimeout(() => { announcer.textContent = event.detail; }, 30);
});

function warn(reason) {
  trouble.textContent = trouble.dataset[reason];
  trouble.hidden = false;
}

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => warn("offline"));
}

document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  warn({ 403: "forbidden", 404: "gone", 503: "again" }[status] ?? "broken");
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status < 400) trouble.hidden = true;
  // A session that ended answers with the login page: go there, and come back afterwards.
  const answered = new URL(event.detail.xhr.responseURL || location.href);
  if (answered.searchParams.has("next") && answered.pathname !== location.pathname) {
    event.detail.shouldSwap = false;
    answered.searchParams.set("next", location.pathname + location.search);
    location.assign(answered);
  }
});

// Where the bar or a row of tabs is wider than the window, the page that one is on stands in its middle.
for (const current of document.querySelectorAll(".bar nav [aria-current], .tabs [aria-current]")) {
  const strip = current.parentElement;
  strip.scrollLeft = current.offsetLeft - strip.offsetLeft - (strip.clientWidth - current.offsetWidth) / 2;
}

// One key leads to the search from every page; where it means something else on the page, it means that.
document.addEventListener("keydown", (event) => {
  const link = document.querySelector("a[data-search]");
  if (!link || event.key.toLowerCase() !== link.dataset.key || event.isComposing) return;
  if (event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem("hearsay-keys-off")) return;
  if (event.target.closest("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
  const others = [...document.querySelectorAll(`[data-key="${CSS.escape(link.dataset.key)}"]`)];
  if (others.some((other) => other !== link && other.checkVisibility())) return;
  event.preventDefault();
  const field = document.getElementById("q");
  if (field) {
    field.focus();
    field.select();
  } else link.click();
});

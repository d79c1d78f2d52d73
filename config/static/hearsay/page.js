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
  warn(status === 403 ? "forbidden" : status === 404 ? "gone" : "broken");
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

// Says how many claims are ticked, while they are ticked.

const form = document.querySelector("[data-bulk]");
form?.addEventListener("change", () => {
  const count = form.querySelectorAll("[name=claims]:checked").length;
  form.querySelector("[data-count]").textContent = String(count);
  for (const button of form.querySelectorAll("[name=decision]")) button.disabled = count === 0;
});

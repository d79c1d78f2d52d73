// Says the ICD 203 word and its range for the percentage while it is typed. The words come from the page.

document.addEventListener("input", (event) => {
  const field = event.target;
  if (!field.dataset?.terms) return;
  const said = field.form.querySelector("[data-likelihood-word]");
  const percent = Number(field.value);
  const terms = field.dataset.terms.split("|").map((term) => {
    const [word, range] = term.split(":");
    const [low, high] = range.split("-").map(Number);
    return { word, low, high };
  });
  const found = field.value === "" ? null : terms.find((term) => percent >= term.low && percent <= term.high);
  said.textContent = found ? `${found.word} (${found.low}–${found.high} %)` : "";
});

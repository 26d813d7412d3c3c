/** Asks before a form does something that cannot be undone. Without script, the server asks on a page of its own. */
export const confirmations = (): void => {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    const question = event.submitter?.dataset["confirm"] ?? form.dataset["confirm"];
    if (question === undefined || form.querySelector("input[name=sure]")) return;
    if (!window.confirm(question)) {
      event.preventDefault();
      return;
    }
    const sure = document.createElement("input");
    sure.type = "hidden";
    sure.name = "sure";
    sure.value = "1";
    form.append(sure);
    // a page kept for Back asks again
    window.addEventListener("pagehide", () => sure.remove(), { once: true });
  });
};

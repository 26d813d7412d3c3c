/** Asks before a form does something irreversible. Without script, the server asks on a page of its own. */
export const confirmations = (): void => {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-confirm]")) {
    form.addEventListener("submit", (event) => {
      if (!window.confirm(form.dataset["confirm"])) event.preventDefault();
      else {
        const sure = document.createElement("input");
        sure.type = "hidden";
        sure.name = "sure";
        sure.value = "1";
        form.append(sure);
      }
    });
  }
};

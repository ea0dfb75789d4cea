/* Puts a ready-made beginning into the answer without asking the server.

   Without this module the button does the same: it sends the form, which comes back with the text
   put in and nothing saved. */

for (const button of document.querySelectorAll("button[data-insert]")) {
  const form = button.form;
  const { template, reply } = form.elements;

  button.addEventListener("click", (event) => {
    const { text, outcome } = template.selectedOptions[0]?.dataset ?? {};
    event.preventDefault();
    if (!text) return template.focus();
    reply.value = `${reply.value.trimEnd()}\n\n${text}`.trim();
    const chosen = form.querySelector("input[name=outcome]:checked");
    const fitting = form.querySelector(`input[name=outcome][value="${outcome}"]`);
    if (!chosen && fitting) fitting.checked = true;
    reply.focus();
  });
}

/* Keys for those who go through the list of what has come in.

   j and k go to the next and the one before, p publishes, r goes to refuse, a to answer, x ticks.
   They press what stands in the row; without this module one presses that oneself. They work only
   while one is in the list, so that nobody who types or speaks elsewhere sets them off. */

const list = document.querySelector("[data-queue]");

if (list) {
  const rows = [...list.children];
  const bar = document.querySelector("[data-queue-bar]");
  const keys = document.querySelector("[data-queue-keys]");
  const boxes = [...list.querySelectorAll("input[name=pick]")];

  const rowOf = (element) => element.closest("[data-queue] > li");

  const go = (row) => {
    if (!row) return;
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  };

  const press = (row, name) => row.querySelector(`[data-key="${name}"]`)?.click();

  const acts = {
    j: (row) => go(row.nextElementSibling),
    k: (row) => go(row.previousElementSibling),
    p: (row) => press(row, "p"),
    r: (row) => press(row, "r"),
    a: (row) => press(row, "a"),
    x: (row) => press(row, "x"),
  };

  list.addEventListener("keydown", (event) => {
    const act = acts[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    event.preventDefault();
    act(rowOf(event.target));
  });

  const count = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    for (const place of document.querySelectorAll("[data-queue-count]")) {
      place.textContent = ticked ? `(${ticked})` : "";
    }
  };

  list.addEventListener("change", count);
  addEventListener("pageshow", count);

  const all = bar?.querySelector("[data-queue-all]");
  if (all) {
    all.hidden = false;
    all.addEventListener("click", () => {
      const tick = boxes.some((box) => !box.checked);
      for (const box of boxes) box.checked = tick;
      count();
    });
  }
  if (keys) keys.hidden = false;

  go(rows.find((row) => `#${row.id}` === location.hash));
}

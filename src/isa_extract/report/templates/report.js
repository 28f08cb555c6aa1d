"use strict";
(() => {
  const table = document.getElementById("evidence-table");
  if (!table) return;
  const form = document.querySelector(".filters");
  const count = form.querySelector("output");
  const openAll = form.querySelector("[data-all]");
  const rows = [...table.querySelectorAll("tbody.row")];
  const words = new Map(rows.map((row) => [row, row.textContent.normalize("NFKC").toLowerCase()]));

  const toggles = new Map();
  const open = (row, wanted) => {
    row.classList.toggle("open", wanted);
    toggles.get(row).setAttribute("aria-expanded", String(wanted));
  };
  for (const row of rows) {
    const place = row.querySelector(".n");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "toggle";
    button.textContent = place.textContent;
    button.setAttribute("aria-label", "Row " + place.textContent + ": sentence and details");
    toggles.set(row, button);
    place.replaceWith(button);
    open(row, false);
    row.rows[0].addEventListener("click", (event) => {
      if (event.target.closest("a") || String(getSelection())) return;
      open(row, !row.classList.contains("open"));
    });
  }

  const filter = () => {
    const wanted = [...form.querySelectorAll("select")].filter((choice) => choice.value);
    const typed = form.elements.text.value.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const fits = wanted.every((choice) => row.dataset[choice.name].split(" ").includes(choice.value))
        && typed.every((word) => words.get(row).includes(word));
      row.hidden = !fits;
      shown += fits;
    }
    count.value = `${shown} of ${rows.length} rows`;
    document.getElementById("none").hidden = shown > 0;
  };
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  openAll.addEventListener("click", () => {
    const some = rows.some((row) => !row.hidden && !row.classList.contains("open"));
    for (const row of rows) if (!row.hidden) open(row, some);
    openAll.textContent = some ? "Close all" : "Open all";
  });

  const heads = [...table.tHead.rows[0].cells];
  const compare = new Intl.Collator("en", { numeric: true }).compare;
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    const printed = document.createElement("span"); // a repeated head prints no buttons
    printed.className = "printed";
    printed.textContent = head.textContent;
    head.replaceChildren(button, printed);
    head.setAttribute("aria-sort", column ? "none" : "ascending");
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of heads) other.setAttribute("aria-sort", "none");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = (row) => {
        const cell = row.rows[0].cells[column];
        return cell.dataset.sort ?? cell.textContent.trim();
      };
      rows.sort((a, b) => {
        const [one, two] = [key(a), key(b)];
        if (!one || !two) return one ? -1 : two ? 1 : 0;
        const order = isNaN(one) || isNaN(two) ? compare(one, two) : one - two;
        return down ? -order : order;
      });
      table.append(...rows);
    });
  });

  const visit = () => {
    const row = document.getElementById(location.hash.slice(1));
    const body = row && row.querySelector(":scope > details.body");
    if (body) body.open = true;
    if (!row || !row.classList.contains("row")) return;
    if (row.hidden) { form.reset(); setTimeout(() => { filter(); row.scrollIntoView(); }); }
    open(row, true);
    toggles.get(row).focus({ preventScroll: true });
    row.scrollIntoView();
  };
  addEventListener("hashchange", visit);
  visit();
})();

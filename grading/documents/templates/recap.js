// Sorting and filtering, in the page alone. Without this script the table still shows everybody.
(() => {
  "use strict";
  const table = document.getElementById("recap");
  const body = table.tBodies[0];
  const rows = Array.from(body.querySelectorAll("tr[data-w]"));
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const status = document.getElementById("status");
  const search = document.getElementById("search");
  const buttons = Array.from(document.querySelectorAll("button[data-work]"));
  let work = "";

  // Accents and capitals do not count: "leila" finds "Leïla".
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const texts = new Map(rows.map((row) => [row, plain(
    Array.from(row.querySelectorAll("th,[data-q]"), (cell) => `${cell.textContent} ${cell.dataset.q || ""}`).join(" "),
  )]));

  const show = () => {
    const words = plain(search.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const fits = (!work || row.dataset.w === work) && words.every((word) => texts.get(row).includes(word));
      row.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    status.textContent = status.dataset.text.replace("{shown}", shown).replace("{total}", rows.length);
  };

  for (const button of buttons) {
    button.addEventListener("click", () => {
      work = button.dataset.work;
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      show();
    });
  }
  search.addEventListener("input", show);

  const keyOf = (row, column, isNumber) => {
    const cell = row.cells[column];
    const text = "v" in cell.dataset ? cell.dataset.v : cell.textContent.trim();
    return isNumber && text !== "" ? Number(text) : text;
  };

  // What is empty stays last, whichever way the column is sorted.
  const compare = (one, two, sign) => {
    if (one === "" || two === "") return (one === "") - (two === "");
    return sign * (typeof one === "number" ? one - two : collator.compare(one, two));
  };

  const sort = (head, column, isNumber) => {
    const sign = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
    for (const other of table.tHead.querySelectorAll("[aria-sort]")) other.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", sign === 1 ? "ascending" : "descending");
    const keys = new Map(rows.map((row) => [row, keyOf(row, column, isNumber)]));
    rows.sort((one, two) => compare(keys.get(one), keys.get(two), sign));
    const all = document.createDocumentFragment();
    for (const row of rows) all.append(row);
    body.append(all);
  };

  for (const button of table.tHead.querySelectorAll("button")) {
    const { col, kind } = button.dataset;
    button.addEventListener("click", () => sort(button.closest("th"), Number(col), kind === "n"));
  }
  show(); // a browser may have kept the words of the last visit in the field
})();

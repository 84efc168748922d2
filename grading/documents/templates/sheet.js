// Opening every table at once, and for print. Without this script each table still opens by itself.
(() => {
  "use strict";
  const every = Array.from(document.querySelectorAll("details"));
  const button = document.getElementById("all");
  const label = () => { button.textContent = every.every((one) => one.open) ? button.dataset.close : button.dataset.open; };
  button.hidden = every.length === 0;
  button.addEventListener("click", () => {
    const open = !every.every((one) => one.open);
    for (const one of every) one.open = open;
    label();
  });
  for (const one of every) one.addEventListener("toggle", label);
  label();

  // Browsers without ::details-content print only what is open.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = every.filter((one) => !one.open);
    for (const one of closed) one.open = true;
  });
  addEventListener("afterprint", () => { for (const one of closed) one.open = false; });
})();

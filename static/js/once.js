// A second click on a button that works once only: the browser would drop the first answer and show that of the second.
"use strict";
document.addEventListener("submit", (event) => {
  const { dataset } = event.target;
  if (dataset.sent) return event.preventDefault();
  dataset.sent = "yes";
  setTimeout(() => delete dataset.sent, 5000);
});

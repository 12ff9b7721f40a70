// Says in the reader's own language that the page also exists in it. The choice stays with the reader.
// The menu of languages closes when one goes on elsewhere or presses Escape.
"use strict";
{
  const here = document.documentElement.lang.split("-")[0];
  const wanted = navigator.languages.map((tag) => tag.split("-")[0]);
  const links = [...document.querySelectorAll(".languages a[hreflang]")];
  const known = wanted.find((tag) => tag === here || links.some((link) => link.hreflang === tag));
  const link = known !== here && links.find((one) => one.hreflang === known);
  if (link) {
    const offer = link.cloneNode(true);
    offer.textContent = link.dataset.offer;
    offer.dir = "auto";
    offer.className = "language-offer";
    document.querySelector(".site-header").prepend(offer);
  }

  const menu = document.querySelector(".languages");
  document.addEventListener("click", (event) => {
    if (menu.open && !menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

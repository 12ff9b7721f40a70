// Says in the reader's own language that the page also exists in it. The choice stays with the reader.
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
}

// Names the searched choices of forms (select2) for screen readers: what opens them, where one types, what was found.
"use strict";
{
  const nameOf = (select) => Array.from(select.labels, (label) => label.textContent.trim().replace(/:$/, "")).join(" ");

  const nameParts = (select) => {
    const box = select.nextElementSibling;
    if (!box || !box.classList.contains("select2")) return;
    const shown = box.querySelector(".select2-selection__rendered");
    shown.removeAttribute("role"); // a „textbox“ that nobody can type into
    shown.removeAttribute("aria-readonly");
    const label = select.labels[0];
    if (!label) return;
    label.id ||= `${select.id}_label`;
    const opener = box.querySelector("[role=combobox]");
    opener.setAttribute("aria-labelledby", [label.id, shown.id].filter(Boolean).join(" "));
    box.querySelector("input[type=search]")?.setAttribute("aria-label", nameOf(select));
  };

  const nameAll = (root) => root.querySelectorAll(".admin-autocomplete.select2-hidden-accessible").forEach(nameParts);

  django.jQuery(() => {
    nameAll(document);
    django.jQuery(document).on("select2:open", (event) => {
      for (const part of document.querySelectorAll(".select2-container--open :is(input[type=search], [role=listbox])")) {
        part.setAttribute("aria-label", nameOf(event.target));
      }
    });
  });
  document.addEventListener("formset:added", (event) => nameAll(event.target));
}

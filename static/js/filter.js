// Filters of the catalogue and the calendar: shows what is found without loading the page anew. The address
// is the one that the form would lead to. On any fault the browser loads it the usual way.
"use strict";
{
  const main = document.querySelector("main");
  const spoken = document.createElement("div");
  const here = () => location.pathname + location.search;
  let running, shown = here();

  // Equal for the same control or part of the page in two states.
  const keyOf = (one) => {
    const box = one.nodeName === "LI" ? one.querySelector("input") : one.type === "checkbox" && one;
    return [one.nodeName, one.id, one.name, box?.value].join(" ");
  };

  // Makes `old` say what `fresh` says and keeps its elements, so that focus and opened parts stay,
  // and what somebody is typing.
  const become = (old, fresh, typing) => {
    if (old.nodeType !== Node.ELEMENT_NODE) return void (old.data = fresh.data);
    for (const { name } of [...old.attributes]) {
      if (!fresh.hasAttribute(name) && name !== "open" && name !== "tabindex") old.removeAttribute(name);
    }
    for (const { name, value } of fresh.attributes) old.setAttribute(name, value);
    const left = [...old.childNodes];
    for (const child of [...fresh.childNodes]) {
      const place = left.findIndex((one) => keyOf(one) === keyOf(child));
      if (place < 0) {
        old.insertBefore(child, left[0] ?? null);
      } else {
        for (const gone of left.splice(0, place)) gone.remove();
        become(left.shift(), child, typing);
      }
    }
    for (const gone of left) gone.remove();
    if (old.type === "checkbox") old.checked = fresh.checked;
    else if (old.matches("input, select") && old !== typing) old.value = fresh.value;
  };

  const show = (page, typing) => {
    const there = page.querySelector("main");
    const words = there?.querySelector("[data-found]")?.textContent;
    if (!words) throw new Error("This is not a page with a filter.");
    become(main, there, typing);
    document.title = page.title;
    for (const link of document.querySelectorAll("a[hreflang]")) {
      const anew = page.querySelector(`a[hreflang="${CSS.escape(link.hreflang)}"]`);
      if (anew) link.setAttribute("href", anew.getAttribute("href"));
    }
    spoken.textContent = "";
    setTimeout(() => (spoken.textContent = words.trim()), 100);
  };

  const load = async (url, { isBack = false, toResults = false } = {}) => {
    running?.abort();
    const mine = (running = new AbortController());
    main.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(url, { signal: mine.signal });
      if (!answer.ok || answer.redirected) throw new Error(`The answer is ${answer.status}.`);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (mine.signal.aborted) return;
      show(page, isBack ? null : document.activeElement);
      if (!isBack) history.pushState(null, "", url);
      shown = here();
      if (toResults) {
        const heading = main.querySelector("[data-found]");
        heading.tabIndex = -1;
        heading.focus();
      }
    } catch {
      if (mine.signal.aborted) return;
      if (isBack) location.reload();
      else location.assign(url);
    } finally {
      if (mine === running) main.removeAttribute("aria-busy");
    }
  };

  // What is empty does not stand in the address.
  const addressOf = (form) => {
    const chosen = [...new FormData(form)].filter(([, value]) => value !== "");
    const query = new URLSearchParams(chosen).toString();
    return location.pathname + (query && `?${query}`);
  };

  const filterOf = (control) => (control?.form?.matches("[data-filter]") ? control.form : null);

  document.addEventListener("change", ({ target }) => {
    const form = (target.type === "checkbox" || target.nodeName === "SELECT") && filterOf(target);
    if (form) load(addressOf(form));
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-filter]")) return;
    event.preventDefault();
    load(addressOf(event.target), { toResults: Boolean(event.submitter?.closest(".facets")) });
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const other = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (!link || other || link.target || link.hash) return;
    const isThisPage = link.origin + link.pathname === location.origin + location.pathname;
    if (!isThisPage || !main.contains(link)) return void running?.abort(); // else its fault would lead back here
    event.preventDefault();
    load(link.href, { toResults: true });
  });
  addEventListener("popstate", () => {
    if (here() !== shown) load(location.href, { isBack: true });
  });

  spoken.className = "visually-hidden";
  spoken.setAttribute("role", "status");
  document.body.append(spoken);
}

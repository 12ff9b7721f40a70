// Shows the preview of an issue anew when somebody has typed. Without it, the button does the same.
"use strict";
{
  const PAUSE = 800; // milliseconds without a key
  const button = document.querySelector("[data-preview]");
  let pause;

  const place = (frame) => frame.contentDocument?.scrollingElement;
  const phone = (frame) => frame.contentDocument?.querySelector("iframe.phone");
  const keepPlace = (old, fresh) => {
    const top = place(old)?.scrollTop ?? 0;
    if (place(fresh)) place(fresh).scrollTop = top;
    const before = phone(old), after = phone(fresh);
    if (before && after) {
      const read = place(before)?.scrollTop ?? 0;
      after.addEventListener("load", () => { if (place(after)) place(after).scrollTop = read; });
      if (place(after)) place(after).scrollTop = read;
    }
  };

  // A new frame each time: the first page of a frame is no step of „Zurück“.
  const show = () => {
    const old = document.querySelector("iframe.mail-preview:not([hidden])");
    const fresh = document.createElement("iframe");
    fresh.className = old.className;
    fresh.title = old.title;
    fresh.name = `preview-${Date.now()}`;
    fresh.hidden = true;
    old.after(fresh);
    button.formTarget = fresh.name;
    let begun = false;
    fresh.addEventListener("load", () => {
      if (!begun || !place(fresh)) return;
      fresh.hidden = false;
      keepPlace(old, fresh);
      old.remove();
    });
    begun = true;
    button.form.requestSubmit(button);
  };

  const later = () => {
    clearTimeout(pause);
    pause = setTimeout(show, PAUSE);
  };
  button.form.addEventListener("input", later);
  button.form.addEventListener("change", later);
}

// The browser asks before a page is left on which somebody has written a text that this step does not send.
"use strict";
{
  let sent = null;
  const isWritten = (text) => text.form !== sent && text.value.trim() && text.value !== text.defaultValue;

  document.addEventListener("submit", (event) => (sent = event.target));
  document.addEventListener("input", () => (sent = null)); // the page is still here
  addEventListener("beforeunload", (event) => {
    if ([...document.querySelectorAll("textarea")].some(isWritten)) event.preventDefault();
  });
}

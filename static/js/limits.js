// Says below each long text how many characters are left, as the server counts them: a line break is two.
"use strict";
{
  const NEAR = 0.1; // of the limit; from there on screen readers hear the number, after a pause
  const spoken = document.createElement("div");
  spoken.className = "visually-hidden";
  spoken.setAttribute("role", "status");
  let pause;

  const say = (text) => {
    const hint = document.getElementById(`${text.id}_limit`);
    if (!hint) return;
    const limit = Number(hint.dataset.limit);
    const left = limit - [...text.value.trim().replace(/\r?\n/g, "\r\n")].length;
    const words = (left < 0 ? hint.dataset.over : hint.dataset.left).replace("{n}", Math.abs(left));
    hint.textContent = words;
    hint.classList.toggle("helptext--over", left < 0);
    clearTimeout(pause);
    pause = setTimeout(() => (spoken.textContent = left < limit * NEAR ? words : ""), 1000);
  };

  document.body.append(spoken);
  document.addEventListener("input", (event) => say(event.target));
  for (const text of document.querySelectorAll("textarea")) if (text.value) say(text);
}

// Strg+K puts the cursor into the search of the administration.
"use strict";
{
  const field = document.getElementById("find");
  document.addEventListener("keydown", (event) => {
    if (!field || event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    field.select();
  });
}

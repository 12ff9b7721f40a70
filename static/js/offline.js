// Has the page for when there is no internet kept, after everything else: see portal/operations/offline.py.
"use strict";
addEventListener("load", () => navigator.serviceWorker?.register("/offline.js").catch(() => {}));

{% autoescape off %}// What to show where there is no internet: see portal/operations/offline.py. Keeps nothing of the pages that one visits.
"use strict";
const PAGES = {{ pages }};
const HEADERS = {{ headers }};
const MINUTE = 60_000;
let asked = 0;

const pageFor = (url) => {
  const first = new URL(url).pathname.split("/")[1];
  return PAGES[Object.hasOwn(PAGES, first) ? first : "{{ german }}"];
};

// A portal that no longer has this script is rid of it.
const leaveWhereRemoved = async () => {
  if (Date.now() - asked < MINUTE) return;
  asked = Date.now();
  const { status } = await fetch(self.location.href, { method: "HEAD", cache: "no-store" });
  if (status === 404 || status === 410) await self.registration.unregister();
};

const answer = async (event) => {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return new Response(pageFor(event.request.url), { status: 503, headers: HEADERS });
  }
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.registration.navigationPreload?.enable()));
self.addEventListener("fetch", (event) => {
  if (event.request.mode !== "navigate" || event.request.method !== "GET") return;
  const answered = answer(event);
  event.respondWith(answered);
  event.waitUntil(answered.then(leaveWhereRemoved).catch(() => {}));
});
{% endautoescape %}

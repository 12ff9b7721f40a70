// On a page that answers a form with errors: once the form is sent again, „Zurück“ opens the form anew.
// Otherwise browsers ask there whether to send the wrong form a second time.
"use strict";
document.addEventListener("submit", () => history.replaceState(history.state, "", location.href));

"""The portal's own rules: periods, limits and amounts, most of them from the environment.

They are Django settings, too: ``portal/settings.py`` takes all of them, so code reads
``settings.PROPOSAL_DAYS``. Pages and mails say them in words by ``volunteers/periods.py``.
"""

from portal.environment import Environment

env = Environment()
_TESTED = env.str("PORTAL_MODE", default="production") == "test"

# --- Limits -------------------------------------------------------------------------------

_QUARTER, _HOUR = 15 * 60, 3600
RATE_LIMITS: dict[str, dict[str, tuple[int, int]]] = {
    # Forms that need no account: at most ten an hour from one network address (all visitors of a
    # Willkommensraum may share it), and no more mail to one mailbox than one person would request.
    "sign_up": {"address": (10, _HOUR), "pair": (6, _HOUR), "target": (8, _HOUR)},
    # Somebody who asks for others does so several times, within what the mailbox gets (below).
    "companion_request": {"address": (10, _HOUR), "pair": (8, _HOUR), "target": (10, _HOUR)},
    # A shelter asks for many people in a row, all from one mailbox.
    "date_request": {"address": (20, _HOUR), "pair": (15, _HOUR), "target": (20, _HOUR)},
    "registration": {"address": (10, _HOUR), "pair": (6, _HOUR), "target": (8, _HOUR)},
    "enquiry": {"address": (10, _HOUR), "pair": (6, _HOUR), "target": (8, _HOUR)},
    # A school or shelter may write several times on a bad day.
    "concern": {"address": (20, _HOUR), "pair": (10, _HOUR), "target": (10, _HOUR)},
    "counselling": {"address": (10, _HOUR), "pair": (6, _HOUR), "target": (8, _HOUR)},
    "cooperation": {"address": (10, _HOUR), "pair": (6, _HOUR), "target": (8, _HOUR)},
    "organisation_proposal": {"address": (10, _HOUR), "pair": (6, _HOUR), "target": (8, _HOUR)},
    "access_request": {"address": (10, _HOUR), "pair": (6, _HOUR), "target": (8, _HOUR)},
    "newsletter": {"address": (10, _HOUR), "pair": (6, _HOUR), "target": (8, _HOUR)},
    "saved_search": {"address": (10, _HOUR), "pair": (6, _HOUR), "target": (8, _HOUR)},
    "own_link": {"address": (10, _HOUR), "pair": (3, _HOUR), "target": (5, _HOUR)},
    # Mails to addresses that are not confirmed, for all forms and codes together.
    "mailbox": {"target": (10, _HOUR)},
    # Invitations that one organisation mails to people outside the portal.
    "invitations": {"target": (20, 24 * _HOUR)},
    # Forms on pages that only a mailed link opens.
    "message": {"address": (30, _HOUR), "target": (10, _HOUR)},
    "link": {"address": (200, _HOUR), "target": (60, _HOUR)},
    "invitation": {"address": (30, _HOUR), "target": (20, _HOUR)},
    # Accounts: mails with a code, and wrong attempts with a code or a password.
    "account": {"address": (10, _HOUR), "pair": (5, _HOUR), "target": (8, _HOUR)},
    "login_code": {"address": (20, _HOUR), "pair": (5, _QUARTER), "target": (8, _QUARTER)},
    "login": {"address": (30, _QUARTER), "pair": (7, _QUARTER), "target": (10, _QUARTER)},
    # A whole office shares one network address; a sign-on counts when it starts and when it comes back.
    "city_sign_on": {"address": (600, _QUARTER)},
    "enter_code": {"address": (30, _QUARTER), "target": (10, _QUARTER)},
    "second_factor": {"address": (30, _QUARTER), "target": (10, _HOUR)},
    "password": {"address": (30, _QUARTER), "target": (10, _HOUR)},
    # Posters are made on request; a printer in an office asks for one after another.
    "poster": {"address": (60, _HOUR)},
    # Programs that read the open data: a whole harvest takes some dozens of requests.
    "open_data": {"address": (1200, _HOUR)},
    # At the entrance of an event, where all phones may share one address.
    "door": {"address": (600, _HOUR), "target": (1500, _HOUR)},
    # Guesses: only wrong ones count.
    "certificate": {"address": (30, _QUARTER)},
    "wrong_link": {"address": (60, _QUARTER)},
}
"""Rate limits as (attempts, seconds): from one network address, for one target, and for a pair of both.

A target is a mail address, a link or an account. The limit for a ``pair`` is lower, so that one
visitor cannot use up all attempts for somebody else's target. ``volunteers/guard/limits.py`` counts
the attempts of all processes together. Over the limit the response is 429 with ``Retry-After``.
"""

ANSWER_STEP_SECONDS = env.float("ANSWER_STEP_SECONDS", default=0.0 if _TESTED else 0.5)
"""Forms that look up a person take a multiple of this time, so that timing does not reveal who is known.

It is many times longer than the work itself (about 0.05 seconds); see ``volunteers/guard/evenly.py``.
"""
FAILED_LOGINS_TOLD = env.int("FAILED_LOGINS_TOLD", default=10)
"""Number of failed logins to one account within 24 hours after which the Portalverwaltung is informed."""
FORM_MIN_SECONDS = env.int("FORM_MIN_SECONDS", default=0 if _TESTED else 3)
"""A public form submitted sooner after it was shown is shown again with its values (``guard/forms.py``)."""

# --- Periods and amounts ------------------------------------------------------------------

SIGN_UP_CONFIRMATION_DAYS = 7
"""Days for which a confirmation link works; after that unconfirmed applications are deleted."""
AGREEMENT_DAYS = 28
"""Days for which a request that somebody made for others waits for a yes; then it is deleted."""
SECOND_THOUGHTS_SECONDS = env.int("SECOND_THOUGHTS_SECONDS", default=0 if _TESTED else 60)
"""Seconds that mails about decisions of staff wait; what is undone until then is mailed to nobody."""
CONFIRMATION_AGAIN_MINUTES = 10
"""Minutes that must pass before a repeated form mails the confirmation link again."""
SENT_FORM_MINUTES = env.int("SENT_FORM_MINUTES", default=30)
"""Minutes for which a browser's session keeps a form that was sent, to correct the address."""
MAILED_LINK_DAYS = env.int("MAILED_LINK_DAYS", default=30)
"""Days for which a mailed link works that opens a person's whole page or answers a question.

A link to one record (an application, a place at an event, a certificate) works as long as the record
exists.
"""
ENTRY_LOOK_DAYS = env.int("ENTRY_LOOK_DAYS", default=366)
"""Days for which a mailed link works with which an organisation looks at its entries."""
ENTRY_CONFIRM_DAYS = env.int("ENTRY_CONFIRM_DAYS", default=190)
"""Days for which a mailed link works with which it confirms them: until after the next such mail."""
ENTRY_CHANGE_DAYS = env.int("ENTRY_CHANGE_DAYS", default=90)
"""Days for which a mailed link works with which it changes them."""
INVITED_ANSWER_DAYS = env.int("INVITED_ANSWER_DAYS", default=21)
"""Days that an invited organisation has to look after its entry; the deadline that the mail names."""
INVITED_REMINDER_DAYS = env.int("INVITED_REMINDER_DAYS", default=7)
"""Days before that deadline on which it is reminded, once."""
SURVEY_LINK_DAYS = env.int("SURVEY_LINK_DAYS", default=120)
"""Days for which the link works with which an organisation tells its number of volunteers on a day."""
SURVEY_REMINDER_DAYS = env.int("SURVEY_REMINDER_DAYS", default=7)
"""Days before the end of such a survey on which those who have not answered are reminded, once."""
SIGN_UP_ANSWER_DAYS = env.int("SIGN_UP_ANSWER_DAYS", default=21)
"""Days for which a mailed link works with which it answers sign-ups; each reminder brings a new one."""
CONFIRM_EVERY_MONTHS = env.int("CONFIRM_EVERY_MONTHS", default=6)
"""Months after which an organisation is asked by mail whether its entries are still right."""
CONFIRM_ANSWER_DAYS = env.int("CONFIRM_ANSWER_DAYS", default=28)
"""Days to answer the second such mail; then the entries are marked as not confirmed for long."""
CONFIRM_HIDE_MONTHS = env.int("CONFIRM_HIDE_MONTHS", default=12)
"""Months after the first unanswered mail after which marked entries are hidden."""
KEEP_PROPOSALS_MONTHS = env.int("KEEP_PROPOSALS_MONTHS", default=24)
"""Months for which decided proposals of changes, and what happened with the mails and calls, are kept."""
DEFAULT_ANSWER_DAYS = 7
"""Days within which an organisation must answer a new application, unless it has its own deadline."""
ANSWER_REMINDER_DAYS = env.int("ANSWER_REMINDER_DAYS", default=2)
"""Days before the answer-by date on which coordinators are reminded; one mail for all applications."""
ESCALATION_DAYS = env.int("ESCALATION_DAYS", default=7)
"""Days after the answer-by date after which the department sees an unanswered application."""
CONTACT_QUESTION_DAYS = env.int("CONTACT_QUESTION_DAYS", default=14)
"""Days after the confirmation on which a person without an answer is asked whether anybody got in touch."""
MESSAGES_A_DAY = env.int("MESSAGES_A_DAY", default=20)
"""Messages that one person may send about one application within 24 hours."""
MESSAGES_AFTER_CLOSE_DAYS = env.int("MESSAGES_AFTER_CLOSE_DAYS", default=30)
"""Days after a decline or completion in which both sides may still write; none after a withdrawal."""
CONDUCT_CHECK_YEARS = env.int("CONDUCT_CHECK_YEARS", default=5)
"""Years after its date of issue for which a certificate of good conduct is valid.

§ 72a SGB VIII sets no period; five years are usual. The city's lawyers have to confirm it.
"""
CONDUCT_CHECK_REMINDER_DAYS = env.int("CONDUCT_CHECK_REMINDER_DAYS", default=60)
CONDUCT_CHECK_KEEP_MONTHS = env.int("CONDUCT_CHECK_KEEP_MONTHS", default=6)
"""Months for which it is kept after the end of the last placement that needed it (§ 72a Abs. 5 SGB VIII)."""
EVENT_REMINDER_DAYS = env.list("EVENT_REMINDER_DAYS", cast=int, default=[3, 1])
"""Days before an event on which people with a place are reminded."""
ASK_AGAIN_HOURS = env.int("ASK_AGAIN_HOURS", default=48)
"""Hours before an event for which people with a place are asked whether they will come, where it asks again."""
ARRIVAL_MINUTES = env.int("ARRIVAL_MINUTES", default=60)
"""Minutes before an event from which guests can check in; they can until it ends."""
WAITING_OFFER_HOURS = env.int("WAITING_OFFER_HOURS", default=48)
"""Hours for which a free place is reserved for the next person on the waiting list."""
QUALIFICATION_REMINDER_DAYS = env.int("QUALIFICATION_REMINDER_DAYS", default=60)
PROPOSAL_DAYS = env.int("PROPOSAL_DAYS", default=14)
"""Days after which a proposed tandem lapses if one side has not answered."""
MEET_QUESTION_DAYS = env.int("MEET_QUESTION_DAYS", default=10)
"""Days after its start on which a tandem without a first meeting is asked, and is on the worklist."""
TRIAL_WEEKS = env.int("TRIAL_WEEKS", default=6)
"""Weeks from its start in which either side of a tandem may change freely, unless the programme says another number."""
DATE_AHEAD_HOURS = env.int("DATE_AHEAD_HOURS", default=12)
"""Hours before a single date until which a companion can be asked for."""
DATE_AHEAD_DAYS = env.int("DATE_AHEAD_DAYS", default=60)
"""Days ahead for which a companion can be asked for, at most."""
DATE_URGENT_HOURS = env.int("DATE_URGENT_HOURS", default=48)
"""Hours before a single date from which it is urgent: marked, and the next wave comes in half the time."""
DATE_WAVE = env.int("DATE_WAVE", default=5)
"""Volunteers who are asked for a single date at once."""
DATE_QUIET_MINUTES = env.int("DATE_QUIET_MINUTES", default=60)
"""Minutes that those have to answer before the next volunteers are asked."""
DATE_OFFERS_A_WEEK = env.int("DATE_OFFERS_A_WEEK", default=3)
"""How often a volunteer is asked for single dates within seven days, at most."""
DATE_BY_DAY = (8, 20)
"""Hours (Europe/Berlin) between which volunteers are asked for single dates."""
DATE_LAPSE_HOURS = 2
"""Hours before a single date at which the search ends and the asker is told that nobody comes."""
DATE_MESSAGES_DAYS = env.int("DATE_MESSAGES_DAYS", default=7)
"""Days after a single date for which who asked and who came may write to each other, and messages are kept."""
KEEP_DATES_MONTHS = env.int("KEEP_DATES_MONTHS", default=6)
"""Months after a single date for which it is kept."""
CHECK_IN_WEEKS = env.list("CHECK_IN_WEEKS", cast=int, default=[2, 6, 12])
CHECK_IN_EVERY_MONTHS = env.int("CHECK_IN_EVERY_MONTHS", default=6)
OPEN_DATA_LICENCE = env.str("OPEN_DATA_LICENCE", default="dl-de/by-2-0")
"""Licence of the open data, one of ``portal/open_data/licences.py``. The city has to confirm it."""
OPEN_DATA_CONTRIBUTOR = env.str("OPEN_DATA_CONTRIBUTOR", default="")
"""The address below http://dcat-ap.de/def/contributors/ under which GovData knows who delivers. Empty: not named."""
HONOUR_CARD_SOURCE = env.str(
    "HONOUR_CARD_SOURCE",
    default="https://www.stuttgart.de/pressemitteilungen/2025/dezember/stuttgart-wuerdigt-"
    "buergerschaftliches-engagement-mit-landesweiter-ehrenamtskarte-ministerium-und-stadt-"
    "besiegeln-partnerschaft-6875462",
)
"""Web page with the conditions of the Ehrenamtskarte Baden-Württemberg in Stuttgart."""
HONOUR_CARD_AS_OF = env.str("HONOUR_CARD_AS_OF", default="2025-12-05")
"""Date of that source (its Stand)."""
HONOUR_CARD_UNTIL = env.str("HONOUR_CARD_UNTIL", default="2027-12-31")
"""Last day of the card in Stuttgart, as decided so far; after it the portal does not mention the card."""
HONOUR_CARD_HOURS = env.int("HONOUR_CARD_HOURS", default=200)
"""Hours in 12 months that a person needs to apply for the Ehrenamtskarte Baden-Württemberg.

Source and Stand: HONOUR_CARD_SOURCE, HONOUR_CARD_AS_OF.
"""
HONOUR_CARD_PROJECT_HOURS = env.int("HONOUR_CARD_PROJECT_HOURS", default=100)
"""The same for a project of limited duration; same source and Stand."""
MY_DATA_LINK_HOURS = env.int("MY_DATA_LINK_HOURS", default=24)
"""Hours for which a mailed link to „Meine Daten“ works. It is short: all data can be deleted there."""
INVITATION_DAYS = env.int("INVITATION_DAYS", default=14)
"""Days for which an invitation to work for an organisation is valid."""
PROMISE_CASES = env.int("PROMISE_CASES", default=15)
"""Open cases for each person who is there, after which an answer is promised one working day later."""
PROMISE_MOST_MORE_DAYS = env.int("PROMISE_MOST_MORE_DAYS", default=14)
"""Days by which much work or absences make the promise of an answer later, at most."""
ACCESS_UNUSED_MONTHS = env.int("ACCESS_UNUSED_MONTHS", default=12)
"""Months after which an access that nobody has used is shown as unused."""
SMALL_GROUP = env.int("SMALL_GROUP", default=5)
"""Counts of people below this number are hidden in figures about other organisations."""
KEEP_CLOSED_APPLICATIONS_MONTHS = env.int("KEEP_CLOSED_APPLICATIONS_MONTHS", default=6)
"""Months after which declined and withdrawn applications are deleted."""
INACTIVE_VOLUNTEER_MONTHS = env.int("INACTIVE_VOLUNTEER_MONTHS", default=24)
"""Months without any activity after which volunteers are asked whether the portal may keep their data."""
INACTIVE_ANSWER_MONTHS = env.int("INACTIVE_ANSWER_MONTHS", default=1)
"""Months after that question after which the data is deleted if there was no answer."""
NEWSLETTER_LANGUAGES = env.list("NEWSLETTER_LANGUAGES", default=["de", "en"])
"""Languages in which the city writes issues of its newsletter, the usual one first."""
KEEP_NEWSLETTER_DELIVERIES_DAYS = env.int("KEEP_NEWSLETTER_DELIVERIES_DAYS", default=30)
"""Days for which it is known who got an issue; afterwards its numbers stay."""
KEEP_ENDED_SUBSCRIPTIONS_MONTHS = env.int("KEEP_ENDED_SUBSCRIPTIONS_MONTHS", default=12)
"""Months for which a newsletter or a search that somebody left is kept, as proof that they had asked for it."""
KEEP_ENDED_TANDEMS_MONTHS = env.int("KEEP_ENDED_TANDEMS_MONTHS", default=12)
"""Months after which ended tandems and closed requests for a companion are deleted."""
KEEP_ANSWERED_ENQUIRIES_MONTHS = env.int("KEEP_ANSWERED_ENQUIRIES_MONTHS", default=3)
"""Months after the answer for which questions are kept."""
KEEP_ENQUIRIES_MONTHS = env.int("KEEP_ENQUIRIES_MONTHS", default=12)
"""Months after which a question is deleted, answered or not."""
KEEP_CLOSED_COUNSELLING_MONTHS = env.int("KEEP_CLOSED_COUNSELLING_MONTHS", default=6)
"""Months after the end of a counselling for which it is kept, with its messages."""
KEEP_COUNSELLING_MONTHS = env.int("KEEP_COUNSELLING_MONTHS", default=24)
"""Months after which it is deleted, ended or not."""
KEEP_COOPERATION_MONTHS = env.int("KEEP_COOPERATION_MONTHS", default=36)
"""Months for which an offer of a company or foundation is kept after it was settled, or else after it came."""
CONCERN_WORKING_DAYS = env.int("CONCERN_WORKING_DAYS", default=1)
"""Working days within which a person of trust reads what somebody wrote under „Etwas stimmt nicht“."""
KEEP_ACCESS_REQUESTS_MONTHS = env.int("KEEP_ACCESS_REQUESTS_MONTHS", default=6)
"""Months for which a request for access („Das sind wir“) is kept, whatever was decided."""
EXPENSE_MONTHS = env.int("EXPENSE_MONTHS", default=6)
"""Months after a day until which an expense of that day can be entered."""
EXPENSE_REMINDER_DAYS = env.int("EXPENSE_REMINDER_DAYS", default=7)
"""Days after which coordinators are reminded of expenses that wait for their decision."""
KEEP_EXPENSES_MONTHS = env.int("KEEP_EXPENSES_MONTHS", default=12)
"""Months for which an expense is kept after it was paid, declined or withdrawn; at least 12, because a year's count."""
KEEP_DONE_CONCERNS_MONTHS = env.int("KEEP_DONE_CONCERNS_MONTHS", default=12)
"""Months for which a concern is kept after it was closed."""
KEEP_CONCERNS_MONTHS = env.int("KEEP_CONCERNS_MONTHS", default=36)
"""Months after which a concern is deleted, closed or not."""
KEEP_REGISTRATIONS_MONTHS = env.int("KEEP_REGISTRATIONS_MONTHS", default=12)
"""Months after an event for which its registrations are kept."""
SECURITY_LOG_DAYS = env.int("SECURITY_LOG_DAYS", default=90)
"""Days for which logs are kept: security events, exports, runs of retention, sent reminders."""
IMPORT_KEPT_HOURS = env.int("IMPORT_KEPT_HOURS", default=24)
"""Hours for which an uploaded list waits to be imported; then it is deleted."""
EXPORT_STATEMENT_SECONDS = env.int("EXPORT_STATEMENT_SECONDS", default=120)
"""Seconds that one statement of an export may take."""
EXPORT_AT_ONCE_ROWS = env.int("EXPORT_AT_ONCE_ROWS", default=20_000)
"""A list with more rows is made by a worker; the person sees the progress and fetches the file."""
EXPORT_FILE_HOURS = env.int("EXPORT_FILE_HOURS", default=24)
"""Hours for which such a file is kept and its link works."""
KEEP_SAVED_LISTS_MONTHS = env.int("KEEP_SAVED_LISTS_MONTHS", default=24)
"""Months after which a saved list that nobody opens or exports is deleted."""
KEEP_DELIVERED_MAIL_DAYS = env.int("KEEP_DELIVERED_MAIL_DAYS", default=7)
"""Days for which delivered mails are kept, to answer questions about mails that did not arrive."""
REMINDERS_FROM_HOUR = 7
"""Hour (Europe/Berlin) from which the reminders of a day are sent."""
QUEUES = ("mail", "chores", "retention", "jobs")
"""The queues of jobs; each needs a worker."""
WORKER_SEEN_SECONDS = 90
"""A worker without a heartbeat for longer than this counts as stopped (``/healthz``).

Each begins a job every minute (``SIGN_OF_LIFE``), so one that follows another has half a minute at least.
"""
WORKER_GIVE_UP_SECONDS = env.int("WORKER_GIVE_UP_SECONDS", default=600)
"""A worker that cannot reach the database for longer than this ends, with an error."""
SIGN_OF_LIFE_SECONDS = 150
"""A queue without a worker for longer than this is reported (``/healthz``)."""
QUEUE_LATE_SECONDS = env.int("QUEUE_LATE_SECONDS", default=900)
"""A queue whose oldest due job waits longer than this is reported (``/healthz``)."""
RETENTION_LATE_HOURS = 48
"""Retention that did not run for longer than this is reported (``/healthz``)."""
BACKUP_LATE_HOURS = env.int("BACKUP_LATE_HOURS", default=30)
"""If backups are made, a newest one older than this is reported (``/healthz``)."""
DISK_FREE_MB = env.int("DISK_FREE_MB", default=500)
"""Less free space than this on the disk of ``DATA_DIR`` is reported (``/healthz``)."""

# --- Languages ----------------------------------------------------------------------------

SIMPLE_LANGUAGE_CHECKED: tuple[str, str] | None = None
"""Which group of readers with learning difficulties has checked the catalogue in simple German, and on which
day (ISO). It is called „Leichte Sprache“ from then on (DIN SPEC 33429)."""
# In the order of the language switch. A new language needs its line here and a catalogue (``make messages``).
LANGUAGES = [
    ("de", "Deutsch"),
    ("leichte-sprache", "Leichte Sprache" if SIMPLE_LANGUAGE_CHECKED else "Einfache Sprache"),
    ("en", "English"),
    ("uk", "Українська"),
    ("ru", "Русский"),
    ("ar", "العربية"),
    ("fa", "فارسی"),
    ("tr", "Türkçe"),
]

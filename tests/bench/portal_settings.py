"""The portal's settings for the benchmark: nobody is slowed down on purpose."""

from portal.settings import *  # noqa: F403
from portal.settings import RATE_LIMITS

ROOT_URLCONF = "tests.bench.portal_urls"
RATE_LIMITS = {
    purpose: {of: (10_000_000, seconds) for of, (_times, seconds) in limits.items()}
    for purpose, limits in RATE_LIMITS.items()
}
FORM_MIN_SECONDS = 0
ANSWER_STEP_SECONDS = 0  # else a sign-up waits, so that its time tells nothing

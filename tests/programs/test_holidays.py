"""Public holidays of Baden-Württemberg."""

import datetime

from programs.holidays import holiday_on


def holidays_of(year: int) -> dict[str, str]:
    days = (datetime.date(year, 1, 1) + datetime.timedelta(days=n) for n in range(366))
    return {f"{day:%d.%m.}": name for day in days if day.year == year and (name := holiday_on(day))}


def test_the_twelve_holidays_of_a_year() -> None:
    """Easter Sunday of 2027 is 28 March."""
    assert holidays_of(2027) == {
        "01.01.": "Neujahr",
        "06.01.": "Heilige Drei Könige",
        "26.03.": "Karfreitag",
        "29.03.": "Ostermontag",
        "01.05.": "Tag der Arbeit",
        "06.05.": "Christi Himmelfahrt",
        "17.05.": "Pfingstmontag",
        "27.05.": "Fronleichnam",
        "03.10.": "Tag der Deutschen Einheit",
        "01.11.": "Allerheiligen",
        "25.12.": "Weihnachten",
        "26.12.": "Weihnachten",
    }


def test_two_holidays_may_fall_on_one_day() -> None:
    """In 2008 Ascension was on 1 May."""
    assert len(holidays_of(2008)) == 11

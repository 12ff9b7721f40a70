"""A person with one of everything that the portal can store, and a search that finds every trace of her."""

import base64
import datetime
import json
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, NamedTuple

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from programs.models import ExportFile, ListImport, Organisation, SavedList
from tests import factories
from tests.shown import make_picture, make_story, make_voice
from volunteers.models import (
    Application,
    CheckIn,
    CompanionRequest,
    Consent,
    ExportRecord,
    FirstMeeting,
    Invitation,
    Message,
    OutgoingMail,
    Qualification,
    Registration,
    StepRecord,
    Tandem,
    User,
    Volunteer,
)

NAME = "Xanthippe Quäckenbüsch"
EMAIL = "xanthippe.q@zwiebelturm.example"
SECOND = "x.zweit@zwiebelturm.example"
PHONE = "0711 987 654 321"
COMPANION = NAME
"""She also looks for a companion; under another name she would be another person."""


class Everything(NamedTuple):
    circle: Organisation
    katrin: User
    user: User
    volunteer: Volunteer
    placed: Application
    tandem: Tandem
    own_request: CompanionRequest
    registration: Registration
    client: Client


def concerned(circle: Organisation, tandem: Tandem) -> None:
    """She has written that something is wrong, and others have written about her."""
    own = factories.make_concern(
        circle, tandem=tandem, name=NAME, email=EMAIL, phone=PHONE, text=f"Hilfe, {NAME}, {PHONE}"
    )
    own.notes.create(kind="note", text=f"Mit {NAME} gesprochen, {EMAIL}")
    factories.make_concern(circle, text=f"Es geht um {NAME}", about=NAME)


def build() -> Everything:
    """Create the person with one of everything, and other people with the same."""
    factories.make_clearing_office()
    circle = factories.make_circle("Freundeskreis Feuerbach", places=1)
    katrin = factories.make_member(circle).user
    volunteer = factories.make_volunteer(
        NAME, email=EMAIL, phone=PHONE, about=f"Ich bin {NAME}", languages=["de", "ar"]
    )
    placed = factories.make_engaged(circle, NAME, volunteer=volunteer, phone=PHONE)
    fill_application(placed, katrin)
    other_applications(circle, volunteer)
    tandem = tandem_of(placed, circle)
    own_request = looking_for_company(circle)
    registration = events_of(volunteer, circle)
    asks_for_others(circle)
    user, client = account_of(volunteer, circle)
    Application.objects.filter(pk=placed.pk).update(message=f"Rufen Sie {PHONE} an")
    named_elsewhere(placed, circle, katrin)
    factories.make_enquiry(circle, NAME, email=EMAIL, phone=PHONE, text=f"Gruß von {NAME}")
    factories.make_access_request(
        circle, name=NAME, email=EMAIL, phone=PHONE, function=f"Vorsitz {NAME}"
    )
    counselled = factories.make_counselling(
        circle, NAME, email=EMAIL, phone=PHONE, text=f"Gruß von {NAME}", notes=f"{NAME} anrufen"
    )
    counselled.messages.create(sender="person", text=f"Ich bin {NAME}, {PHONE}")
    others = factories.make_counselling(circle, "Andere", text=f"Ich kenne {NAME}")
    others.messages.create(sender="staff", by=katrin, text=f"Gruß an {NAME}")
    factories.make_cooperation(
        circle, f"Firma {NAME}", name=NAME, email=EMAIL, phone=PHONE, text=f"Gruß von {NAME}"
    )
    factories.make_need(circle, f"Ein Stuhl für {NAME}")
    factories.make_subscription(EMAIL)
    factories.make_saved_search(EMAIL, "bezirk=feuerbach")
    concerned(circle, tandem)
    mails(katrin)
    return Everything(
        circle, katrin, user, volunteer, placed, tandem, own_request, registration, client
    )


def fill_application(application: Application, by: User) -> None:
    for purpose in (Consent.Purpose.APPLICATION,):
        application.consents.create(purpose=purpose, text_version="2026-11")
    for sender, text in (("applicant", f"Hier ist {NAME}"), ("staff", f"Liebe {NAME}, gern")):
        Message.objects.create(
            application=application,
            sender=sender,
            text=text,
            by=by if sender == "staff" else None,
        )
    factories.make_change(application, "placed", note=f"{NAME} beginnt", by=by, actor="staff")
    step = factories.make_step(factories.make_programme())
    StepRecord.objects.create(
        application=application, step=step, on=timezone.localdate(), how="talk", by=by, note=NAME
    )
    factories.make_conduct_check(application, by)
    factories.make_hours(application, "2.5", by=by, what=f"Spaziergang, {NAME}")
    factories.make_hours(application, "1", on=timezone.localdate() - datetime.timedelta(days=40))
    factories.make_expense(application)
    factories.make_expense(application, status="declined", reason=f"{NAME}, bitte neu")
    factories.make_certificate(application, name=NAME)


def other_applications(circle: Organisation, volunteer: Volunteer) -> None:
    for number, status in enumerate(("declined", "withdrawn", "waiting", "in_contact")):
        factories.make_application(
            circle,
            NAME,
            entry=factories.make_entry(f"Angebot {number}", organisation=circle),
            volunteer=volunteer,
            status=status,
            decline_reason="Leider nicht" if status == "declined" else "",
            group_size=24 if status == "in_contact" else None,
            group_name=f"Klasse von {NAME}" if status == "in_contact" else "",
        )
    Application.objects.create(
        entry=factories.make_entry("Noch eins", organisation=circle),
        organisation=circle,
        name=NAME,
        email=EMAIL,
        phone=PHONE,
    )


def tandem_of(placed: Application, circle: Organisation) -> Tandem:
    request = factories.make_request("Samira", organisation=circle, email="samira@example.org")
    over = factories.make_request("Tarek", organisation=circle, status="closed")
    tandem = factories.make_tandem(request, placed)
    day = timezone.localdate()
    factories.make_tandem(
        over,
        placed,
        status="ended",
        ended_on=day,
        end_reason="moved",
        newcomer_closing=f"Danke {NAME}",
    )
    CheckIn.objects.create(tandem=tandem, side="newcomer", due_on=day, note=f"{NAME} ist nett")
    CheckIn.objects.create(tandem=tandem, side="volunteer", due_on=day, reply="good")
    texts = {"what": f"{NAME} hilft", "place": PHONE, "proposed_by": "newcomer"}
    tandem.agreements.create(**texts)
    tandem.agreements.create(**texts, accepted_at=timezone.now())
    for side in ("newcomer", "volunteer"):
        said = {"met": "yes", "met_at": timezone.now(), "fit": "fits", "fit_at": timezone.now()}
        FirstMeeting.objects.create(tandem=tandem, side=side, **said)
    return tandem


def looking_for_company(circle: Organisation) -> CompanionRequest:
    request = factories.make_request(
        COMPANION, organisation=circle, email=EMAIL, phone=PHONE, note=f"Ich heiße {NAME}"
    )
    request.consents.create(purpose=Consent.Purpose.COMPANION_REQUEST, text_version="2026-11")
    ben = factories.make_engaged(factories.make_circle("Freundeskreis West"), "Ben Beispiel")
    factories.make_tandem(request, ben, proposed_by=None)
    return request


def asks_for_others(circle: Organisation) -> None:
    asker = factories.make_asker(NAME, email=EMAIL, place=f"Büro {NAME}")
    waiting = {"status": "awaiting", "confirmed_at": None, "note": f"{NAME} fragt"}
    factories.make_request("Rahel", organisation=circle, asker=asker, **waiting)
    agreed = {"agreed_at": timezone.now(), "agreed_name": "Rahel Tesfaye"}
    factories.make_request("Yusuf", organisation=circle, asker=asker, **agreed)


def events_of(volunteer: Volunteer, circle: Organisation) -> Registration:
    past = factories.make_event(
        "Schulung", organisation=circle, starts_at=timezone.now() - datetime.timedelta(days=3)
    )
    Qualification.objects.create(
        volunteer=volunteer, event=past, title="Schulung", acquired_on=timezone.localdate()
    )
    fields: dict[str, Any] = {"email": EMAIL, "volunteer": volunteer}
    factories.make_registration(past, NAME, attended=True, **fields)
    evening = factories.make_event("Abend", organisation=circle, capacity=1)
    registration = factories.make_registration(evening, NAME, note=f"Kind von {NAME}", **fields)
    registration.consents.create(purpose=Consent.Purpose.REGISTRATION, text_version="2026-11")
    return registration


def account_of(volunteer: Volunteer, circle: Organisation) -> tuple[User, Client]:
    """She is also a coordinator of the circle: she has inspected, confirmed and issued for others."""
    user = factories.make_user(EMAIL, name=NAME)
    for address in (EMAIL, SECOND):
        EmailAddress.objects.create(
            user=user, email=address, verified=True, primary=address == EMAIL
        )
    Volunteer.objects.filter(pk=volunteer.pk).update(user=user)
    Authenticator.objects.create(user=user, type="totp", data={"secret": "geheim", "of": EMAIL})
    factories.make_member(circle, user)
    Invitation.objects.create(
        organisation=factories.make_circle("Dritter Kreis"),
        name=NAME,
        email=EMAIL,
        role="coordinator",
        invited_by=user,
    )
    other = factories.make_engaged(circle, "Ali Anders", entry=None)
    factories.make_conduct_check(other, user)
    factories.make_hours(other, "3", by=user)
    factories.make_certificate(other, issued_by=user)
    client = Client()
    client.force_login(user)
    Client().post("/konto/code/", {"email": EMAIL})
    return user, client


def named_elsewhere(placed: Application, circle: Organisation, by: User) -> None:
    """Traces elsewhere: logs, texts of others, and a list that waits to be imported."""
    kind = ContentType.objects.get_for_model(Application)
    LogEntry.objects.create(
        user=by,
        content_type=kind,
        object_id=str(placed.pk),
        object_repr=str(placed),
        action_flag=CHANGE,
        change_message=json.dumps([{"changed": {"fields": ["Name"], "object": NAME}}]),
    )
    LogEntry.objects.create(
        user=by,
        content_type=None,
        object_id="0",
        object_repr=f"Liste mit {EMAIL}",
        action_flag=CHANGE,
    )
    ExportRecord.objects.create(
        by=by, what="Anmeldungen", filter="Suche: quäckenbüsch", format="xlsx", rows=1
    )
    ExportRecord.objects.create(
        by=by, what="Engagierte", purpose=f"Anruf bei {NAME}", format="csv", rows=2
    )
    circle.post_to, circle.post_street = f"bei {NAME}", "Gasse 1"
    circle.save()
    SavedList.objects.create(
        owner=by, name=f"Alles zu {NAME}", model="volunteers.application", search=NAME, words=NAME
    )
    waiting = ExportFile.objects.create(
        by=by, model="volunteers.volunteer", what="Engagierte", purpose=f"Für {NAME}", format="csv",
        status="done", query=f"q={EMAIL}", filter=f"Suche: {NAME}",
    )  # fmt: skip
    waiting.parts.create(number=0, data=f"{NAME};{EMAIL};{PHONE}".encode())
    make_picture(circle, photographer=NAME)
    make_voice(factories.make_entry("Kochen", organisation=circle), said_by=NAME.upper())
    story = make_story(factories.make_programme("Erzählt", organisation=circle), agreed_by=NAME)
    make_picture(story=story, alt=f"Das ist {NAME}")
    ali = factories.make_application(
        circle,
        "Ali Anders",
        entry=factories.make_entry(),
        group_size=5,
        group_name=f"Team von {NAME}",
    )
    Message.objects.create(
        application=ali, sender="staff", text=f"Bitte fragen Sie {NAME} ({EMAIL}, {PHONE}).", by=by
    )
    factories.make_change(ali, "new", note=f"Kommt mit {NAME.upper()}")
    ListImport.objects.create(
        owner=by,
        target="volunteers.volunteer",
        file_name="liste.csv",
        data=f"name;email\n{NAME};{EMAIL}\n".encode(),
        table={"rows": [[2, [NAME, EMAIL]]]},
    )


def mails(by: User) -> None:
    """Mails to her and about her, delivered, waiting and given up; long enough to be encoded."""
    text = f"Guten Tag {NAME},\n\n" + "wir schreiben Ihnen gern und ausführlich. " * 20
    mail.EmailMessage("Für Sie", text, to=[EMAIL]).send()
    mail.EmailMessage(f"Von {NAME}", text, to=[by.email]).send()
    mail.EmailMessage(
        "Ihr Tandem beginnt", f"{COMPANION}: {PHONE}", to=["samira@example.org"]
    ).send()
    mail.EmailMessage("Delivered", text, to=[EMAIL]).send()
    OutgoingMail.objects.filter(subject="Delivered").update(sent_at=timezone.now())
    mail.EmailMessage("Refused", text, to=[by.email]).send()
    OutgoingMail.objects.filter(subject="Refused").update(
        failed_at=timezone.now(), refused_with=550
    )


# --- The search ---------------------------------------------------------------------------------


def needles() -> list[str]:
    """All spellings of her names, addresses and numbers, in lower case."""
    words = ["xanthippe", "quäckenbüsch", "quaeckenbuesch", "quackenbusch", "zwiebelturm", PHONE]
    words += ["qu\\u00e4ckenb", PHONE.replace(" ", "")]
    for address in (EMAIL, SECOND):
        for shift in range(3):  # inside a signed token
            coded = base64.urlsafe_b64encode(b"x" * shift + address.encode()).decode()
            words.append(coded[4 : len(coded) - 6])
    return [word.lower() for word in words]


def tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) "
            "FROM information_schema.tables WHERE table_type = 'BASE TABLE' "
            "AND table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]


def texts_of(table: str) -> list[str]:
    """Every row as text: all columns as PostgreSQL prints them, and binary ones also decoded."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT t::text, t.* FROM {table} t")  # noqa: S608 - names of the catalogue
        found = []
        for row in cursor.fetchall():
            binary = [decoded(bytes(one)) for one in row[1:] if isinstance(one, bytes | memoryview)]
            found.append("\n".join([str(row[0]), *binary]))
    return found


def decoded(content: bytes) -> str:
    """The text of a mail, with quoted-printable and base64 decoded; other bytes as they are."""
    message = message_from_bytes(content, policy=policy.default)
    texts = [str(value) for value in message.values()]
    texts += [
        bytes(part.get_payload(decode=True) or b"").decode(errors="replace")
        for part in message.walk()
        if not part.is_multipart()
    ]
    return "\n".join([*texts, content.decode(errors="replace")])


def files() -> list[Path]:
    """All files that this test process has written for the portal."""
    return [path for path in settings.DATA_DIR.rglob("*") if path.is_file()]


def where() -> dict[str, list[str]]:
    """The tables and files in which she is found, each with the lines."""
    words = needles()

    def hits(texts: list[str]) -> list[str]:
        return [text for text in texts if any(word in text.lower() for word in words)]

    found = {table: hits(texts_of(table)) for table in tables()}
    sessions = [json.dumps(one.get_decoded(), ensure_ascii=False) for one in Session.objects.all()]
    found["sessions, decoded"] = hits(sessions)
    for path in files():
        found[str(path)] = hits([decoded(path.read_bytes())])
    return {place: lines for place, lines in found.items() if lines}

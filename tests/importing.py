"""Takes a list through the import pages as a person does; the worker's part runs in between."""

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from programs.exchange import working
from programs.models import ListImport
from tests.clients import client_of


def page_text(response):
    return re.sub(r"\s+", " ", response.content.decode())


def send(user, model, data, name="liste.csv"):
    """The answer to the form with the file; nothing has been read yet."""
    url = reverse(f"admin:{model}_import")
    return client_of(user).post(url, {"import_file": SimpleUploadedFile(name, data)})


def work():
    """What the worker does with all lists that wait for it."""
    waiting = ListImport.objects.filter(state__in=ListImport.WORKING)
    for pk in list(waiting.values_list("pk", flat=True)):
        working.work_on(str(pk))


def columns_page(user, model, data, name="liste.csv"):
    """The page that shows how the columns are understood, or says why there are none."""
    answer = send(user, model, data, name)
    if answer.status_code != 302:
        return answer
    work()
    response = client_of(user).get(answer["Location"])
    assert response.status_code == 200
    return response


def shown(form):
    """What the form posts if the person changes nothing."""
    return {name: form[name].value() for name in form.fields}


def next_page(user, response, **changed):
    """Post the columns of ``response`` with ``changed`` ones; the page after the worker's part."""
    url = response.context["upload"].get_absolute_url()
    data = {"step": "columns", **shown(response.context["form"]), **changed}
    answer = client_of(user).post(url, data)
    if answer.status_code != 302:
        return answer
    work()
    return client_of(user).get(url)


def upload(user, model, data, name="liste.csv", **changed):
    """The preview, or the page on which the list got stuck."""
    response = columns_page(user, model, data, name)
    if "form" not in response.context or "upload" not in response.context:
        return response
    return next_page(user, response, **changed)


def preview_of(response):
    return response.context["upload"].preview


def problems(response):
    return [(p["row"], p["column"], p["reason"]) for p in preview_of(response)["problems"]]


def can_confirm(response):
    found = response.context.get("upload")
    return found is not None and bool(found.digest)


def confirm(user, model, response):
    """The page after the confirmation and the worker's part."""
    found = response.context["upload"]
    url = found.get_absolute_url()
    client_of(user).post(url, {"step": "confirm", "digest": found.digest})
    work()
    return client_of(user).get(url)


def take_over(user, model, data):
    response = upload(user, model, data)
    assert can_confirm(response), page_text(response)
    return page_text(confirm(user, model, response))


def stored_uploads():
    """The lists of which there is still something to read."""
    return list(ListImport.objects.exclude(state=ListImport.State.DONE))

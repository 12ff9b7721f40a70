from django.urls import URLPattern, path

app_name = "volunteers"
urlpatterns: list[URLPattern] = []

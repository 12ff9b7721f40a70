from django.urls import URLPattern, path

app_name = "programs"
urlpatterns: list[URLPattern] = []

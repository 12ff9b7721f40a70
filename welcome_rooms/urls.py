from django.urls import URLPattern, path

app_name = "welcome_rooms"
urlpatterns: list[URLPattern] = []

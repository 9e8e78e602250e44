"""Addresses of the public side."""

app_name = "box"

urlpatterns: list = []

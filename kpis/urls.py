from django.urls import path

from kpis.views import doubts

urlpatterns = [
    path("indicators/<int:pk>/doubt/", doubts.indicator_doubt, name="indicator_doubt"),
]

"""Who: bodies, units, the contact book."""

from django.urls import path

from taskforce.views import bodies, channels, contacts, people, people_import

urlpatterns = [
    path("bodies/", bodies.body_list, name="bodies"),
    path("bodies/<int:pk>/", bodies.body_detail, name="body"),
    path("contacts/", contacts.contact_list, name="contacts"),
    path("contacts/export/", contacts.contact_export, name="contacts_export"),
    path("contacts/export.csv", contacts.contact_csv, name="contacts_csv"),
    path("people/", people.people_list, name="people"),
    path("people/import/", people_import.people_import, name="people_import"),
    path("people/import/template.xlsx", people_import.template, name="people_template"),
    path("people/import/<int:pk>/", people_import.draft, name="people_import_draft"),
    path("channels/", channels.channel_list, name="channels"),
    path("channels/test/", channels.try_own, name="channel_test"),
    path("channels/robots/new/", channels.robot_new, name="robot_new"),
    path("channels/robots/<int:pk>/", channels.robot, name="robot"),
    path("people/<int:pk>/", people.person, name="person"),
]

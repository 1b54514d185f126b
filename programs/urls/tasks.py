from django.urls import path

from programs.views import documents, exports, facts, programmes, tasks, validity

urlpatterns = [
    path("programmes/", programmes.programme_list, name="programmes"),
    path("programmes/<int:pk>/", programmes.programme, name="programme"),
    path("programmes/<int:pk>/facts/", facts.facts, name="programme_facts"),
    path("programmes/<int:pk>/ledger.csv", exports.ledger_csv, name="ledger_csv"),
    path("programmes/<int:pk>/ledger.xlsx", exports.ledger_xlsx, name="ledger_xlsx"),
    path("documents/", documents.document_list, name="documents"),
    path("documents/<int:pk>/", documents.document, name="document"),
    path("documents/<int:pk>/validity/", validity.document_validity, name="document_validity"),
    path("tasks/<int:pk>/", tasks.task, name="task"),
]

from django.urls import path

from programs.staff import briefs, inquiries, join_requests, letters, people, register, sign_ups

app_name = "programs_staff"
urlpatterns = [
    path("brev/", letters.letters, name="letters"),
    path("brev/<id:pk>/", letters.letter, name="letter"),
    path("var-med/", join_requests.join_requests, name="join_requests"),
    path("var-med/<id:pk>/", join_requests.join_request, name="join_request"),
    path("var-med/<id:pk>/<slug:action>/", join_requests.act, name="join_act"),
    path("meddelanden/", inquiries.inquiries, name="inquiries"),
    path("meddelanden/<id:pk>/", inquiries.inquiry, name="inquiry"),
    path("underlag/", briefs.briefs, name="briefs"),
    path("underlag/<id:pk>/", briefs.brief, name="brief"),
    path("underlag/<id:pk>/<slug:act>/", briefs.act, name="brief_act"),
    path("personuppgifter/", people.person, name="person"),
    path("personuppgifter/utdrag/", people.extract, name="person_extract"),
    path("personuppgifter/radera/", people.erase, name="person_erase"),
    path("personuppgifter/sluta-folja/", people.unfollow, name="person_unfollow"),
    path("personuppgifter/<slug:kind>/<id:pk>/", people.correct, name="person_correct"),
    path("diarium/", register.register, name="register"),
    path("diarium/diarium.csv", register.register_file, name="register_file"),
    path("diarium/<slug:kind>/<id:pk>/", register.case_number, name="case_number"),
    path("moten/<id:pk>/anmalda/", sign_ups.sign_ups, name="sign_ups"),
    path("moten/<id:pk>/anmalda.csv", sign_ups.sign_ups_file, name="sign_ups_file"),
    path(
        "moten/<id:pk>/anmalda/<id:sign_up>/avanmal/",
        sign_ups.cancel_sign_up,
        name="cancel_sign_up",
    ),
]

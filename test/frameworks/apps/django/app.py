import hashlib
import time

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import path, reverse

settings.configure(
    SECRET_KEY="secret",
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=[".example.com"],
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware", "django.middleware.csrf.CsrfViewMiddleware"],
    SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
    SESSION_COOKIE_SECURE=True,
    CSRF_COOKIE_SECURE=True,
    USE_X_FORWARDED_HOST=True,
    SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"),
)


def login(request):
    if request.method == "GET":
        return HttpResponse(f'<form method="post"><input name="csrfmiddlewaretoken" value="{get_token(request)}"><input name="name"></form>')
    request.session["name"] = request.POST["name"]
    return redirect(request.build_absolute_uri(reverse("me")))


def me(request):
    return JsonResponse({
        "host": request.get_host(),
        "scheme": request.scheme,
        # Django has no setting for it.
        "address": request.headers["X-Forwarded-For"].split(",")[-1].strip(),
        "authorization": request.headers.get("Authorization"),
        "url": request.build_absolute_uri(reverse("me")),
        "name": request.session.get("name"),
    })


def stream(request):
    def lines():
        for i in range(5):
            yield f"{i}\n"
            time.sleep(0.1)

    return StreamingHttpResponse(lines(), content_type="text/plain")


def upload(request):
    return HttpResponse(hashlib.sha256(request.FILES["file"].read()).hexdigest())


urlpatterns = [path("login", login), path("me", me, name="me"), path("stream", stream), path("upload", upload)]
app = get_wsgi_application()

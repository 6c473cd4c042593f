"""django-helpdesk as its own manual sets it up, to be measured beside us. Runs under the Python of its own environment.

`python helpdesk_site.py make N` makes the database with N tickets and prints a session and the address of its list;
`python helpdesk_site.py mail FOLDER WARM` lets its own pipeline take in the files of WARM, then of FOLDER, and prints one JSON object;
`gunicorn helpdesk_site:application` serves it. Its place is the folder named by HELPDESK_PLACE.
"""

import json
import os
import sys
import time
from pathlib import Path

import django
from django.conf import settings

PLACE = Path(os.environ["HELPDESK_PLACE"])
WAL = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL"
EAGER = bool(
    os.environ.get("HELPDESK_WAL")
)  # not its manual's way: what Django can do for SQLite at its best
APPS = (
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sites",
    "django.contrib.humanize",
    "django.contrib.admin",
    "rest_framework",
    "helpdesk",
)
settings.configure(
    SECRET_KEY="hanya untuk mengukur",
    DEBUG=False,
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=APPS,
    MIDDLEWARE=(
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ),
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.debug",
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": PLACE / "helpdesk.db",
            "OPTIONS": {"init_command": WAL, "transaction_mode": "IMMEDIATE"} if EAGER else {},
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    MEDIA_ROOT=PLACE / "media",
    MEDIA_URL="/media/",
    STATIC_URL="/static/",
    SITE_ID=1,
    USE_TZ=True,
    LANGUAGE_CODE="en-us",
    LOGIN_URL="/login/",
    LOGGING_CONFIG=None,
    EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",  # the cheapest end of a letter that there is
    DEFAULT_FROM_EMAIL="care@contoh.ac.id",
    HELPDESK_TEAMS_MODEL="auth.Group",  # as its manual says for a house without pinax-teams
    HELPDESK_TEAMS_MIGRATION_DEPENDENCIES=[],
    HELPDESK_KBITEM_TEAM_GETTER=lambda _: None,
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import include, path  # noqa: E402

urlpatterns = [path("", include("helpdesk.urls", namespace="helpdesk"))]
application = get_wsgi_application()


def make(tickets: int) -> dict[str, str]:
    """A queue that reads its mails from a folder, an agent who is signed in, and open tickets."""
    from django.contrib.auth import get_user_model
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from helpdesk.models import Queue
    from helpdesk.query import query_to_base64

    call_command("migrate", verbosity=0)
    call_command("loaddata", "emailtemplate.json", verbosity=0)
    queue = Queue.objects.create(
        title="Layanan",
        slug="layanan",
        email_address="care@contoh.ac.id",
        email_box_type="local",
        allow_email_submission=True,
        allow_public_submission=True,
    )
    agent = get_user_model().objects.create_superuser("sari", "sari@contoh.ac.id", "panjang sekali 1")
    _fill(queue, tickets)
    session = SessionStore()
    session["_auth_user_id"] = str(agent.pk)
    session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    session["_auth_user_hash"] = agent.get_session_auth_hash()
    session.save()
    asked = {
        "filtering": {"status__in": [1, 2]},
        "filtering_null": {},
        "sorting": "created",
        "search_string": "",
        "sortreverse": False,
    }
    return {"session": session.session_key or "", "query": query_to_base64(asked)}


def _fill(queue: object, tickets: int) -> None:
    from django.utils import timezone
    from helpdesk.models import Ticket

    now = timezone.now()
    Ticket.objects.bulk_create(
        [
            Ticket(
                title=f"KRS terkunci {n}",
                queue=queue,
                submitter_email=f"pelapor{n}@contoh.ac.id",
                created=now,
                modified=now,
                description="Saya tidak bisa masuk ke SIAKAD.",
                priority=3,
                secret_key=f"s{n}",
            )
            for n in range(tickets)
        ],
        batch_size=500,
    )


def take_in(folder: str, warm: str) -> dict[str, float]:
    """What `manage.py get_email` does, without the start of its process and after a run over `warm`."""
    from helpdesk.email import process_email
    from helpdesk.models import FollowUpAttachment, Queue, Ticket

    Queue.objects.update(email_box_local_dir=warm, email_box_last_check=None)
    process_email(quiet=True)
    Queue.objects.update(email_box_local_dir=folder, email_box_last_check=None)
    before = Ticket.objects.count()
    files = FollowUpAttachment.objects.count()
    begin, cpu = time.perf_counter(), time.process_time()
    process_email(quiet=True)
    took, used = time.perf_counter() - begin, time.process_time() - cpu
    return {
        "seconds": took,
        "cpu": used,
        "tickets": Ticket.objects.count() - before,
        "files": FollowUpAttachment.objects.count() - files,
        "left": len(list(Path(folder).iterdir())),
    }


if __name__ == "__main__":
    done = make(int(sys.argv[2])) if sys.argv[1] == "make" else take_in(*sys.argv[2:4])
    print(json.dumps(done))

"""A list of supporters: what our import takes beside chunked `bulk_create`, and how much memory.

Both read one CSV with the same cells, check them with the same functions, find duplicates and keep what became of each
row; both run in turn, each in a process of its own with the database empty. The last line is JSON. `make bench-import`.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

CHUNK = 1000
HEAD = "name,email,phone,street,city,state,zip\n"


def list_file(rows: int) -> Path:
    """A list with one bad row and one duplicate in a hundred."""
    path = Path(os.environ.get("TMPDIR", "/tmp")) / f"outspoken-bench-{os.getpid()}.csv"
    with path.open("w") as out:
        out.write(HEAD)
        for n in range(rows):
            same = n - (n % 100 == 9)
            email = "nobody" if n % 100 == 7 else f"Person.{same}@people{same % 50}.example"
            out.write(
                f"Person {n} Example,{email},+1 555 {n:07},{n} Quay Street,Larkhaven,LK,{10000 + n % 80000}\n"
            )
    return path


def peak_kb() -> int:
    """The most memory this process held."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1])
    raise SystemExit("bench-import needs Linux for its figure of memory")


def world():
    from contacts.clock import now
    from contacts.models import Organization, Role, User

    organization = Organization.objects.create(
        name="Bench",
        slug="bench",
        email="bench@example.org",
        mail_domain="example.org",
        country="us",
        created_at=now(),
    )
    user = User.objects.create_user("owner@example.org")
    Role.objects.create(organization=organization, user=user, name="owner", created_at=now())
    return organization, user


def ours(path: Path) -> dict[str, object]:
    """The product's own way: a job that was looked at, done by the worker's code."""
    from campaigns.actions.supporter_imports import approve_import, plan_import, take_list
    from campaigns.jobs.steps import work
    from contacts.models import Job

    organization, user = world()
    with path.open("rb") as file:
        job = take_list(organization=organization, name="bench.csv", file=file, actor=user)
    columns = ["name", "email", "phone", "street", "city", "region", "postal_code"]
    plan_import(job=job, columns=columns, replaces=False, tags=[], agreement=None, actor=user)
    Job.objects.filter(pk=job.pk).update(state="waiting")  # the look is measured by itself
    approve_import(job=job, actor=user)
    before, begun = peak_kb(), time.perf_counter()
    while work(job.pk, seconds=600):
        pass
    seconds = time.perf_counter() - begun
    job.refresh_from_db()
    return {"seconds": seconds, "memory_kb": peak_kb() - before, "result": _counts(job.result)}


def _counts(result: dict[str, object]) -> dict[str, object]:
    return {name: result.get(name, 0) for name in ("created", "duplicate", "refused")}


def theirs(path: Path) -> dict[str, object]:
    """As a Django project does it: rows checked one by one, known mailboxes in a set, `bulk_create` in chunks."""
    import csv

    from django.db import transaction

    from contacts.clock import now
    from contacts.importers.supporters_csv import COLUMNS, Plan, read
    from contacts.importers.values import BadValue
    from contacts.models import Supporter

    organization, _user = world()
    plan = Plan(("name", "email", "phone", "street", "city", "region", "postal_code"), "us", "en")
    before, begun, at = peak_kb(), time.perf_counter(), now()
    counts = {"created": 0, "duplicate": 0, "refused": 0}
    report, known, chunk = [], set(), []

    def store():
        Supporter.objects.bulk_create(chunk, batch_size=CHUNK, ignore_conflicts=True)
        chunk.clear()

    with transaction.atomic(), path.open(newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for number, cells in enumerate(rows, start=2):
            try:
                person = read(cells, number, plan)
            except BadValue as fault:
                counts["refused"] += 1
                report.append([number, "refused", str(fault)])
                continue
            if person.canonical in known:
                counts["duplicate"] += 1
                report.append([number, "duplicate", ""])
                continue
            known.add(person.canonical)
            counts["created"] += 1
            report.append([number, "created", ""])
            chunk.append(
                Supporter(
                    organization=organization,
                    canonical_email=person.canonical,
                    created_at=at,
                    **dict(zip(COLUMNS, person.values, strict=True)),
                )
            )
            if len(chunk) == CHUNK:
                store()
        store()
        csv.writer(open(os.devnull, "w")).writerows(report)  # noqa: SIM115
    return {"seconds": time.perf_counter() - begun, "memory_kb": peak_kb() - before, "result": counts}


def one(side: str, path: Path) -> None:
    """One side, in this process; prints what it took."""
    import django

    django.setup()
    from django.db import connection

    with connection.cursor() as cursor:
        names = [name for name in connection.introspection.table_names() if not name.startswith("django_")]
        quoted = ", ".join(connection.ops.quote_name(name) for name in names)
        cursor.execute(f"TRUNCATE {quoted} CASCADE")
    print(json.dumps({"ours": ours, "theirs": theirs}[side](path)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--one", nargs=2)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if options.one:
        return one(options.one[0], Path(options.one[1]))
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], check=True)
    path = list_file(options.rows)
    found: dict[str, list[dict[str, object]]] = {"ours": [], "theirs": []}
    try:
        for number in range(options.rounds):
            # Who is first changes with each round.
            for side in ("ours", "theirs") if number % 2 else ("theirs", "ours"):
                command = [sys.executable, "-m", "bench.supporter_import", "--one", side, str(path)]
                answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                found[side].append(json.loads(answer.splitlines()[-1]))
                print(side, found[side][-1], file=sys.stderr, flush=True)
    finally:
        path.unlink()
    if found["ours"][0]["result"] != found["theirs"][0]["result"]:
        raise SystemExit("the two sides did not find the same")
    ratios = [b["seconds"] / a["seconds"] for a, b in zip(found["ours"], found["theirs"], strict=True)]
    figures = {
        "rows": options.rows,
        "import_rows_s": round(options.rows / median(run["seconds"] for run in found["ours"])),
        "bulk_create_rows_s": round(options.rows / median(run["seconds"] for run in found["theirs"])),
        "ratio_bulk_create": round(median(ratios), 2),
        "import_extra_mb": round(max(run["memory_kb"] for run in found["ours"]) / 1024, 1),
        "bulk_create_extra_mb": round(max(run["memory_kb"] for run in found["theirs"]) / 1024, 1),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()

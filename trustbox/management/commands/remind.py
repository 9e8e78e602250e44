from typing import Any

from django.core.management.base import BaseCommand, CommandError

from journal.services.reminding import remind
from trustbox.working import Work


class Command(BaseCommand):
    help = (
        "Does once what the worker does all day: calls for help that nobody answered, the morning's mail, reports "
        "that are due, e-mails to try again, tidying up. For cron, every minute, where no worker runs. Safe to repeat."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        done = remind()
        tasks = Work().work_off()
        self.stdout.write(
            f"alerts {done.alerts}, digests {done.digests}, reports {done.others}, mails {done.mails + tasks}, "
            f"files {done.files}, forgotten {done.forgotten}"
        )
        if done.failed:
            raise CommandError(f"Failed, and tried again next time: {', '.join(done.failed)}.")

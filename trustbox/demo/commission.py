"""The invented commission of a demonstration school: its members, a meeting that was held and one that is to come."""

import datetime
from dataclasses import dataclass

from journal.models import CommissionMember, Entry
from journal.services.meetings import Point, call_meeting
from journal.services.protocols import Decided, Heard, Officer, record_protocol
from schools.languages import speaking
from schools.models import School, User
from schools.roles import ROLE_NAMES
from trustbox.demo.schools import texts
from vault.keyring import Keyring

Source = CommissionMember.ComesFrom
# Of the other posts the words stand here; those of the staff are the names of their roles.
OTHERS = (
    ("Нұрланова Сәуле", Source.PARENTS, texts(
        "ата-аналар комитетінің төрайымы", "председатель родительского комитета",
        "ата-энелер комитетинин төрайымы", "chair of the parents’ committee")),
    ("Бекова Жанна", Source.UNION, texts(
        "кәсіподақ ұйымының төрайымы", "председатель профсоюзной организации",
        "кесиптик бирликтин төрайымы", "chair of the trade union")),
)  # fmt: skip
STAFF = (
    ("deputy", "deputy_director", Source.ADMINISTRATION),
    ("psychologist", "psychologist", Source.TEACHERS),
    ("social", "social_pedagogue", Source.TEACHERS),
)


@dataclass(frozen=True)
class Words:
    """What was said at the meeting, in one language."""

    place: str
    month: str
    lessons: str
    heard: str
    decided: str
    who: str


WORDS = {
    "kk": Words(
        "Директор орынбасарының кабинеті",
        "Ай ішінде түскен өтініштерді қарау",
        "Сынып сағаттарында сенім жәшігі туралы түсіндіру",
        "Өтініштер тіркелді, авторларына жауап берілді. Асханадағы кезек туралы өтініш қайталанып келеді.",
        "Асханадағы үзіліс кестесін сыныптар бойынша бөлу.",
        "директордың тәрбие ісі жөніндегі орынбасары",
    ),
    "ky": Words(
        "Директордун орун басарынын кабинети",
        "Ай ичинде келген кайрылууларды кароо",
        "Класстык сааттарда ишеним кутусу жөнүндө түшүндүрүү",
        "Кайрылуулар катталды, авторлоруна жооп берилди. Ашканадагы кезек тууралуу кайрылуу кайталанып келет.",
        "Ашканадагы танапис графигин класстар боюнча бөлүү.",
        "директордун тарбия иштери боюнча орун басары",
    ),
}


def make_commission(school: School, people: dict[str, User]) -> None:
    """Members since the school year before. ``people``: the school's accounts by their short name."""
    since = datetime.date(school.today().year - 1, 9, 1)
    order = 0
    for account, role, source in STAFF:
        posts = {}
        for language in ("kk", "ru", "ky", "en"):
            with speaking(language):
                posts[language] = str(ROLE_NAMES[role])
        CommissionMember.objects.create(
            school=school, name=str(people[account]), posts=posts, comes_from=source,
            user=people[account], since=since, order=order,
        )  # fmt: skip
        order += 1
    for name, source, posts in OTHERS:
        CommissionMember.objects.create(
            school=school, name=name, posts=posts, comes_from=source, since=since, order=order
        )
        order += 1


def hold_meetings(school: School, *, by: User, keyring: Keyring) -> None:
    """A meeting held today with its protocol and a task, and one planned in two weeks."""
    words = WORDS[school.main_language]
    entry = (
        Entry.objects.filter(school=school, school_key__isnull=False)
        .exclude(state=Entry.State.CLOSED)
        .order_by("number")
        .first()
    )
    points = [Point(topic=words.month, entry=entry), Point(topic=words.lessons)]
    members = list(CommissionMember.objects.filter(school=school))
    chair, secretary = members[0], members[1]
    meeting = call_meeting(
        school=school,
        planned_for=school.now(),
        place=words.place,
        points=points,
        invited=[],
        by=by,
        keyring=keyring,
    )
    record_protocol(
        school=school,
        meeting=meeting,
        held_on=school.today(),
        place=words.place,
        present=members[:-1],
        chair=Officer(name=chair.name, posts=chair.posts),
        secretary=Officer(name=secretary.name, posts=secretary.posts),
        elected_chair=True,
        invited=[],
        points=points,
        heard=[Heard(point=1, speaker=secretary.name, what=words.heard)],
        decided=[
            Decided(
                text=words.decided,
                who=words.who,
                responsible=by,
                due_on=school.today() + datetime.timedelta(days=10),
                point=1,
                votes=(len(members) - 1, 0, 0),
            )
        ],
        by=by,
        keyring=keyring,
        version=meeting.version,
    )
    call_meeting(
        school=school,
        planned_for=school.now().replace(hour=15, minute=0) + datetime.timedelta(days=14),
        place=words.place,
        points=[Point(topic=words.month)],
        invited=[],
        by=by,
        keyring=keyring,
    )

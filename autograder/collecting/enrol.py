"""The roster's students in nbgrader's gradebook, so that who handed in nothing is seen, too."""

from autograder.collecting.roster import Member, Roster
from autograder.course import Course, CourseError
from autograder.recording.nbgrader_start import import_nbgrader, open_gradebook
from autograder.safe_text import one_line
from checks.text import Text

_NOT_ADDED = Text(
    "{place}: the roster's students were not added ({said}); collect again",
    "{place}：名单中的学生没有加入（{said}）；请重新收取",
)


def enrol(course: Course, roster: Roster) -> None:
    """Add the roster's students, with name and address; what is known of one already stays.

    Raises CourseError, in one line, where the gradebook can't be used.
    """
    if roster.open_:
        return
    import_nbgrader()
    from nbgrader.api import InvalidEntry, Student
    from sqlalchemy.exc import SQLAlchemyError

    course.build.mkdir(exist_ok=True)
    try:
        with open_gradebook(course.db_url, course.course_id) as book:
            known = {student.id: student for student in book.students}
            for member in roster.members:
                student = known.get(member.student)
                if student is None:
                    student = Student(id=member.student)
                    book.db.add(student)
                for field, text in _told(member).items():
                    if text and not getattr(student, field):
                        setattr(student, field, text)
            book.db.commit()
    except (SQLAlchemyError, InvalidEntry) as error:
        said = one_line(str(getattr(error, "orig", None) or error))
        raise CourseError(_NOT_ADDED.format(place=course.gradebook_place, said=said)) from None


def _told(member: Member) -> dict[str, str]:
    """Return what nbgrader has a field for; a name is divided only where a comma divides it."""
    last, _, first = (part.strip() for part in member.name.partition(","))
    return {"last_name": last, "first_name": first, "email": member.email}

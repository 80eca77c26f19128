"""PostgreSQL itself keeps what was recorded of a measure, whoever asks."""

import pytest
from django.db import DatabaseError, connection, transaction

from policy.models import MeasureEvent, MeasurePosition
from tests import factories as make

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE policy_measureevent SET \"on\" = '2020-01-01'",
        "UPDATE policy_measureevent SET note = 'never'",
        "DELETE FROM policy_measureevent",
        "UPDATE policy_measureposition SET reasons = 'never'",
        "DELETE FROM policy_measureposition",
    ],
)
def test_a_history_is_neither_changed_nor_cut(statement):
    event, position = make.MeasureEventFactory(recorded_by=make.UserFactory()), make.MeasurePositionFactory()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert MeasureEvent.objects.get().on == event.on
    assert MeasurePosition.objects.get().reasons == position.reasons
    event.recorded_by.delete()
    assert MeasureEvent.objects.get().recorded_by is None


def test_a_whole_measure_goes_with_its_history_or_not_at_all():
    event = make.MeasureEventFactory()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM policy_measure WHERE id = %s", [event.measure_id])
        cursor.execute("DELETE FROM policy_measureevent")
    assert not MeasureEvent.objects.exists()

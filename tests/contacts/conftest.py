import pytest

from tests.contacts.importing import Files, set_day


@pytest.fixture
def congress(db, tmp_path):
    set_day()
    return Files("us-congress", tmp_path)


@pytest.fixture
def states(db, tmp_path):
    set_day()
    return Files("openstates", tmp_path)


@pytest.fixture
def zips(db, tmp_path):
    set_day()
    return Files("us-zip", tmp_path)

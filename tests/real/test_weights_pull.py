"""The real default weights, fetched once from where the catalogue says and kept for all tests that need them."""

import pytest

from nearfield.home import find_home
from nearfield.weights import Store, load_catalogue, pull

HOME = find_home()
CATALOGUE = load_catalogue(HOME)


@pytest.mark.parametrize("name", [model.name for model in CATALOGUE.defaults])
def test_default_weights(name):
    """Each default model is fetched if need be, found, and every byte of it is the catalogue's."""
    model, store = CATALOGUE.get(name), Store(HOME.weights)
    pull(model, store)
    assert set(store.find(model)) == {file.name for file in model.files}
    assert set(store.verify(model).values()) == {"ok"}


def test_pull_is_idempotent():
    """Once everything is here, pulling all of it again fetches nothing."""
    store = Store(HOME.weights)
    assert [pull(model, store) for model in CATALOGUE.defaults] == [(), (), ()]

"""Weights without surprises: a catalogue with exact hashes, a store that checks them, a pull that resumes."""

from nearfield.weights.catalogue import Catalogue, Model, load_catalogue
from nearfield.weights.pull import pull
from nearfield.weights.store import Store

__all__ = ["Catalogue", "Model", "Store", "load_catalogue", "pull"]

"""The bank of concepts: one YAML file a topic, that a lecturer can edit."""

from ragqa.concepts.bank.reading import concept_named, concepts, read_bank

__all__ = ["concept_named", "concepts", "read_bank"]

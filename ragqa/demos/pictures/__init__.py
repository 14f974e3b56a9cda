"""The demos' pictures: PNG files, legible in grey and to colour-blind readers."""

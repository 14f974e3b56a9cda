"""The local judge: grades without a network, and says which evidence decided."""

from ragqa.grade.judge import Judge


def local_judge() -> Judge:
    """A judge over the offline E5; its model is loaded with the first task (seconds)."""
    from ragqa.grade.local.judge import LocalJudge

    return LocalJudge()


__all__ = ["local_judge"]

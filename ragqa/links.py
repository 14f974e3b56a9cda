"""Links that open a recording at a second, and times as people write them."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_MEDIA = (".mp4", ".webm", ".mp3", ".m4a", ".ogg", ".ogv", ".mov", ".m3u8", ".wav")


def link_at(url: str | None, seconds: float | None) -> str | None:
    """`url` so that the recording opens at `seconds`; None without a web address.

    Media files and Vimeo take a fragment (W3C Media Fragments, section 4.2.1), other sites the
    query parameter t in whole seconds, as YouTube does.
    """
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https"):
        return None
    if seconds is None:
        return url
    second = max(0, int(seconds))
    host = (parts.hostname or "").removeprefix("www.")
    if parts.path.lower().endswith(_MEDIA):
        return urlunsplit(parts._replace(fragment=f"t={second}"))
    if host.endswith("vimeo.com"):
        return urlunsplit(parts._replace(fragment=f"t={second}s"))
    kept = [(name, value) for name, value in parse_qsl(parts.query, True) if name != "t"]
    return urlunsplit(parts._replace(query=urlencode([*kept, ("t", second)])))


def clock(seconds: float | None) -> str:
    """`seconds` as m:ss or h:mm:ss, and an em dash where there is no time."""
    if seconds is None:
        return "—"
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"

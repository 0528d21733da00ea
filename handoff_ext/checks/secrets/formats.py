"""Keys that are known by their shape alone. Each has an anchor, so that a text without it costs one search."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from handoff_ext.checks.secrets.placeholders import is_filler


@dataclass(frozen=True, slots=True)
class Format:
    """``anchor`` must be in the text, ``pattern`` is then searched; group ``secret``, where there is one, is the
    secret.

    A pattern begins with its anchor wherever it can: then the search is one for a fixed text. ``variable`` is the
    environment variable that people use for it.
    """

    kind: str
    variable: str
    anchor: str
    pattern: re.Pattern[str]


def _format(kind: str, variable: str, anchor: str, pattern: str) -> Format:
    return Format(kind, variable, anchor, re.compile(pattern))


_END = r"(?![A-Za-z0-9_])"
_FORMATS = (
    _format("AWS access key id", "AWS_ACCESS_KEY_ID", "AKIA", rf"AKIA[A-Z0-9]{{16}}{_END}"),
    _format("AWS temporary key id", "AWS_ACCESS_KEY_ID", "ASIA", rf"ASIA[A-Z0-9]{{16}}{_END}"),
    _format("Google API key", "GOOGLE_API_KEY", "AIza", rf"AIza[\w-]{{35}}{_END}"),
    _format("Google client secret", "GOOGLE_CLIENT_SECRET", "GOCSPX-", r"GOCSPX-[\w-]{20,}"),
    _format("Google access token", "GOOGLE_ACCESS_TOKEN", "ya29.", r"ya29\.[\w-]{20,}"),
    _format("Google refresh token", "GOOGLE_REFRESH_TOKEN", "1//0", r"1//0[\w-]{40,}"),
    *(_format("GitHub token", "GITHUB_TOKEN", f"gh{kind}_", rf"gh{kind}_[A-Za-z0-9]{{36,}}{_END}") for kind in "pousr"),
    _format("GitHub token", "GITHUB_TOKEN", "github_pat_", r"github_pat_\w{50,}"),
    *(
        _format("GitLab token", "GITLAB_TOKEN", f"gl{kind}-", rf"gl{kind}-[\w.-]{{20,}}")
        for kind in ("pat", "ptt", "dt", "rt", "cbt", "ft", "soat", "agent", "oas", "imt")
    ),
    _format("Hugging Face token", "HF_TOKEN", "hf_", rf"hf_[A-Za-z0-9]{{30,}}{_END}"),
    _format("Hugging Face token", "HF_TOKEN", "api_org_", r"api_org_[A-Za-z0-9]{30,}"),
    _format("Anthropic key", "ANTHROPIC_API_KEY", "sk-ant-", r"sk-ant-[\w-]{20,}"),
    _format("OpenRouter key", "OPENROUTER_API_KEY", "sk-or-", r"sk-or-(?:v\d-)?[\w-]{20,}"),
    _format("OpenAI key", "OPENAI_API_KEY", "sk-", r"sk-(?:proj|svcacct|admin|None)-[\w-]{20,}"),
    _format("API key", "OPENAI_API_KEY", "sk-", rf"sk-(?=[A-Za-z]*\d)[A-Za-z0-9]{{20,}}{_END}"),
    _format("Groq key", "GROQ_API_KEY", "gsk_", r"gsk_[A-Za-z0-9]{40,}"),
    _format("Replicate token", "REPLICATE_API_TOKEN", "r8_", r"r8_[A-Za-z0-9]{30,}"),
    _format("Pinecone key", "PINECONE_API_KEY", "pcsk_", r"pcsk_\w{40,}"),
    _format("LangSmith key", "LANGSMITH_API_KEY", "lsv2_", r"lsv2_(?:pt|sk)_[a-f0-9]{32}\w*"),
    _format("Tavily key", "TAVILY_API_KEY", "tvly-", r"tvly-[\w-]{20,}"),
    _format("NVIDIA key", "NVIDIA_API_KEY", "nvapi-", r"nvapi-[\w-]{40,}"),
    _format("Perplexity key", "PERPLEXITY_API_KEY", "pplx-", r"pplx-[A-Za-z0-9]{40,}"),
    _format("xAI key", "XAI_API_KEY", "xai-", r"xai-[A-Za-z0-9]{40,}"),
    _format("LlamaCloud key", "LLAMA_CLOUD_API_KEY", "llx-", r"llx-[A-Za-z0-9]{40,}"),
    _format("Kaggle token", "KAGGLE_API_TOKEN", "KGAT_", r"KGAT_[A-Za-z0-9]{20,}"),
    _format("Weights & Biases key", "WANDB_API_KEY", "wandb_v", r"wandb_v\d_\w{30,}"),
    _format("Databricks token", "DATABRICKS_TOKEN", "dapi", rf"dapi[a-f0-9]{{32}}(?:-\d)?{_END}"),
    _format(
        "Azure storage key", "AZURE_STORAGE_KEY", "AccountKey=", r"AccountKey=(?P<secret>[A-Za-z0-9+/]{40,}={0,2})"
    ),
    _format(
        "Azure shared key",
        "AZURE_SHARED_ACCESS_KEY",
        "SharedAccessKey=",
        r"SharedAccessKey=(?P<secret>[A-Za-z0-9+/]{20,}={0,2})",
    ),
    _format("Azure client secret", "AZURE_CLIENT_SECRET", "Q~", r"[\w~.]{3}\dQ~[\w~.-]{31,34}"),
    _format("Slack token", "SLACK_TOKEN", "xox", r"xox[abeoprs]-[A-Za-z0-9-]{10,}"),
    _format("Slack app token", "SLACK_APP_TOKEN", "xapp-", r"xapp-\d-[A-Za-z0-9-]{20,}"),
    _format(
        "Slack webhook",
        "SLACK_WEBHOOK_URL",
        "hooks.slack.com",
        r"https://hooks\.slack\.com/(?:services|workflows|triggers)/(?P<secret>[\w/+]{20,})",
    ),
    _format(
        "Discord webhook",
        "DISCORD_WEBHOOK_URL",
        "/api/webhooks/",
        r"https://(?:\w+\.)?discord(?:app)?\.com/api/webhooks/(?P<secret>\d{15,}/[\w-]{30,})",
    ),
    _format("Discord token", "DISCORD_TOKEN", ".", r"[MNO][A-Za-z\d_-]{23,25}\.[\w-]{6}\.[\w-]{27,38}" + _END),
    _format(
        "Teams webhook",
        "TEAMS_WEBHOOK_URL",
        "webhook.office.com",
        r"https://[\w.-]*webhook\.office\.com/webhookb2/(?P<secret>[\w@/-]{40,})",
    ),
    _format("Telegram token", "TELEGRAM_TOKEN", ":AA", rf"\d{{8,10}}:AA[\w-]{{33}}{_END}"),
    *(
        _format("Stripe key", "STRIPE_API_KEY", f"{kind}_", rf"{kind}_[A-Za-z0-9]{{16,}}")
        for kind in ("sk_live", "sk_test", "rk_live", "rk_test")
    ),
    _format("Square token", "SQUARE_ACCESS_TOKEN", "sq0", r"sq0(?:atp|csp|idp)-[\w-]{22,}"),
    _format("Square token", "SQUARE_ACCESS_TOKEN", "EAAA", rf"EAAA[\w-]{{60}}{_END}"),
    _format(
        "PayPal token", "PAYPAL_TOKEN", "access_token$", r"access_token\$(?:production|sandbox)\$\w{16}\$[0-9a-f]{32}"
    ),
    _format("Twilio key", "TWILIO_API_KEY", "SK", rf"SK[0-9a-f]{{32}}{_END}"),
    _format("SendGrid key", "SENDGRID_API_KEY", "SG.", r"SG\.[\w-]{16,32}\.[\w-]{16,64}"),
    _format("Mailgun key", "MAILGUN_API_KEY", "key-", rf"key-[0-9a-f]{{32}}{_END}"),
    _format("Mailchimp key", "MAILCHIMP_API_KEY", "-us", rf"[0-9a-f]{{32}}-us\d{{1,2}}{_END}"),
    _format("Shopify token", "SHOPIFY_TOKEN", "shp", r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}"),
    _format("npm token", "NPM_TOKEN", "npm_", rf"npm_[A-Za-z0-9]{{36}}{_END}"),
    _format("PyPI token", "PYPI_TOKEN", "pypi-", r"pypi-AgE[\w-]{30,}"),
    _format("Docker token", "DOCKER_TOKEN", "dckr_", r"dckr_(?:pat|oat)_[\w-]{20,}"),
    _format("RubyGems key", "GEM_HOST_API_KEY", "rubygems_", r"rubygems_[a-f0-9]{48}"),
    *(
        _format("DigitalOcean token", "DIGITALOCEAN_TOKEN", f"do{kind}_v1_", rf"do{kind}_v1_[a-f0-9]{{64}}")
        for kind in "opr"
    ),
    _format("Heroku key", "HEROKU_API_KEY", "HRKU-", r"HRKU-[\w-]{36,}"),
    _format("Notion token", "NOTION_TOKEN", "ntn_", r"ntn_[A-Za-z0-9]{40,}"),
    _format("Notion token", "NOTION_TOKEN", "secret_", rf"secret_[A-Za-z0-9]{{43}}{_END}"),
    _format("Airtable token", "AIRTABLE_TOKEN", "pat", rf"pat[A-Za-z0-9]{{14}}\.[a-f0-9]{{64}}{_END}"),
    _format("Mapbox secret token", "MAPBOX_TOKEN", "sk.eyJ", r"sk\.eyJ[\w-]{20,}\.[\w-]{10,}"),
    _format("Atlassian token", "ATLASSIAN_TOKEN", "ATATT3", r"ATATT3[\w=-]{60,}"),
    _format("Linear key", "LINEAR_API_KEY", "lin_api_", r"lin_api_[A-Za-z0-9]{32,}"),
    _format("Postman key", "POSTMAN_API_KEY", "PMAK-", r"PMAK-[a-f0-9]{24}-[a-f0-9]{34}"),
    _format("New Relic key", "NEW_RELIC_API_KEY", "NRAK-", r"NRAK-[A-Z0-9]{27}"),
    *(
        _format("Grafana token", "GRAFANA_TOKEN", f"{kind}_", rf"{kind}_[A-Za-z0-9+/=_]{{30,}}")
        for kind in ("glsa", "glc")
    ),
    _format("Vault token", "VAULT_TOKEN", "hvs.", r"hvs\.[\w-]{24,}"),
    _format("PlanetScale token", "PLANETSCALE_TOKEN", "pscale_", r"pscale_(?:tkn|pw|oauth)_[\w.-]{30,}"),
    _format("Supabase token", "SUPABASE_ACCESS_TOKEN", "sbp_", r"sbp_[a-f0-9]{40}"),
    _format("Figma token", "FIGMA_TOKEN", "figd_", r"figd_[\w-]{30,}"),
    _format("Dropbox token", "DROPBOX_TOKEN", "sl.", r"sl\.[\w-]{100,}"),
    _format("Facebook token", "FACEBOOK_TOKEN", "EAA", rf"EAA[A-Za-z0-9]{{80,}}{_END}"),
    _format(
        "Twitter bearer token", "TWITTER_BEARER_TOKEN", "AAAAAAAAAAAAAAAAAAAA", r"AAAAAAAAAAAAAAAAAAAA[A-Za-z0-9%]{60,}"
    ),
    _format("age key", "AGE_SECRET_KEY", "AGE-SECRET-KEY-1", r"AGE-SECRET-KEY-1[A-Z0-9]{58}"),
    _format("JSON Web Token", "TOKEN", "eyJ", r"eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
    _format("Neptune token", "NEPTUNE_API_TOKEN", "eyJhcGlfYWRkcmVzcyI6", r"eyJhcGlfYWRkcmVzcyI6[\w+/=]{40,}"),
)
_COMMON = tuple(each for each in _FORMATS if each.anchor in (".", "pat", "SK", "shp", "EAA", "-us"))
"""Those with an anchor that is in many words."""
_RARE = re.compile("|".join(dict.fromkeys(re.escape(each.anchor) for each in _FORMATS if each not in _COMMON)))
_PRIVATE_KEY = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----"
    r"(?P<secret>(?:\s|\\n|\\r)*[A-Za-z0-9+/=:,. \r\n\\-]{40,}?)(?:-----END|\Z)"
)
_DOTTED = re.compile(r"\.[\w-]{6}\.[\w-]{27}")
_BLOB = re.compile(r"[A-Za-z0-9+/=]{80}")


def known_keys(text: str) -> Iterator[tuple[Format, int, int]]:
    """Keys of known shape in a text: format, start and end of the secret. Fillers (``AKIA...EXAMPLE``) are none."""
    taken: list[tuple[int, int]] = []
    words = _long_words(text)
    for each in _candidates(words):
        if each.anchor not in words or (each.anchor == "." and not _DOTTED.search(words)):
            continue
        for found in each.pattern.finditer(text):
            span = found.span("secret") if "secret" in each.pattern.groupindex else found.span()
            if (
                _inside(text, *found.span())
                or _in_signed_link(text, found.start())
                or is_filler(text[span[0] : span[1]])
            ):
                continue
            if any(span[0] < end and start < span[1] for start, end in taken):
                continue
            taken.append(span)
            yield each, *span
    if "PRIVATE KEY" in text:
        for found in _PRIVATE_KEY.finditer(text):
            start, end = found.span("secret")
            if not is_filler(found["secret"].strip()[:200]):
                yield PRIVATE_KEY, start, end


def _candidates(words: str) -> tuple[Format, ...]:
    """The formats whose anchors may be among the words."""
    if not words:
        return ()
    return _FORMATS if _RARE.search(words) else _COMMON


def _long_words(text: str) -> str:
    """The words of a text that are as long as a key. Empty where none holds a digit, as nearly every key does."""
    if not _DIGIT.search(text) and not _may_lack_digits(text):
        return ""
    text = " ".join([word for word in text.split() if len(word) >= 15])
    if not text:
        return ""
    plain = text if text.isascii() else text.encode("ascii", "replace").decode("ascii")
    words = " ".join([word for word in plain.translate(_CUT).split() if len(word) >= 15])
    return words if _DIGIT.search(words) or _may_lack_digits(words) else ""


def _may_lack_digits(text: str) -> bool:
    return "hf_" in text or "AKIA" in text or "ASIA" in text or "api_org_" in text


_CUT = str.maketrans("()[]{}'\"`,;<>|\\", " " * 15)
_DIGIT = re.compile(r"\d")


def _in_signed_link(text: str, start: int) -> bool:
    """Whether a key's id stands in a link that was signed with the key for a short time: ``X-Amz-Credential=...``."""
    if not text.endswith(("Credential=", "AccessKeyId=", "AccessId="), max(0, start - 20), start):
        return False
    return bool(_EXPIRES.search(re.split(r"[\s'\"<>]", text[start : start + 2_000], maxsplit=1)[0])) or bool(
        _EXPIRES.search(re.split(r"[\s'\"<>]", text[max(0, start - 2_000) : start])[-1])
    )


_EXPIRES = re.compile(r"[?&](?:x-amz-|x-goog-)?expires=", re.I)


def _inside(text: str, start: int, end: int) -> bool:
    """Whether the match is a piece of something longer: of a word, or of an image or another file as base64."""
    if start and (text[start - 1].isalnum() or text[start - 1] == "_") and text[start - 1].isascii():
        return True
    before, after = text[max(0, start - 80) : start], text[end : end + 80]
    return bool(_BLOB.fullmatch(before) or _BLOB.fullmatch(after))


PRIVATE_KEY = Format("private key", "PRIVATE_KEY", "PRIVATE KEY", _PRIVATE_KEY)

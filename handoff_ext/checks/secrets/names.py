"""Names that say a secret follows: ``db_password``, ``apiKey``, ``X-API-Key``."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

Strength = Literal["password", "key", "token", "weak"]

_WORTH = re.compile(
    r"pass|pw|pswd|kennwort|contrase|senha|wachtwoord|key|secret|token|bearer|pat|jwt|cred|auth|otp|cookie|session|csrf|sig|"
    r"salt|pin|webhook|conn",
    re.I,
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SUFFIX = (
    r"(?:_?(?:prod|production|dev|test|stage|staging|live|sandbox|db|str|string|text|txt|value|val|raw|plain|old|new|default"
    r"|\d+|v\d))*"
)
_PASSWORD = re.compile(
    rf"(?:.*_)?\w*(?:password|passwd|passwort|passphrase|passcode|kennwort|contrasena|contrasenha|senha|wachtwoord)"
    rf"(?:_of_\w+)?{_SUFFIX}"
    rf"|(?:.*_)?(?:pwd|pw|pass|psw|pswd|passw){_SUFFIX}"
)
_KEY = re.compile(
    rf"(?:.*_)?(?:\w*api_?key|\w*access_?key|\w*secret_?key|secret_?access_?key|auth_?key|private_?key|account_?key|"
    rf"subscription_?key|license_?key|licence_?key|encryption_?key|signing_?key|service_?key|shared_?key|storage_?key|app_?key|"
    rf"master_?key|admin_?key|consumer_?(?:key|secret)|client_?secret|app_?secret|api_?secret|token_?secret|access_?secret|"
    rf"access_?token_?secret|webhook_?secret|secret|secrets|bot_?token|"
    rf"api_?token|auth_?token|authtoken|access_?token|refresh_?token|bearer_?token|id_token|jwt|session_?token|hf_?token|"
    rf"hugging_?face_?token|\w*hub_?token|github_?token|gh_?token|gitlab_?token|slack_?token|personal_?access_?token|pat|x_api_key|"
    rf"rapidapi_?key|sas_?token|mapbox_?token|\w*bearer|credential|kaggle_?key|wandb_?key|openai_?key|fernet_?key|aes_?key|"
    rf"project_?key|write_?key|server_?key|maps_?key|weather_?key|serp_?key|deploy_?key){_SUFFIX}"
)
_TOKEN = re.compile(rf"(?:.*_)?(?:token|bearer|auth_code|otp){_SUFFIX}|authorization")
_WEAK = re.compile(
    r"(?:.*_)?(?:key|auth|cookie|sessionid|session_id|csrf\w*|signature|sig|cred|creds|salt|pin|webhook|connection_string|conn_str)"
)
_NOT = re.compile(
    r"(?:.*_)?(?:pad|eos|bos|unk|cls|sep|mask|oov|start|end|stop|next|prev|special|num|n|max|min|total|input|output|prompt|word|sub|first|"
    r"last|image|img|text|begin|separator|decoder|encoder|out|extra|blank|control|chat|continuation|page|sos|eot|boundary)_?tokens?"
    r"|.*(?:public|primary|foreign|sort|partition|row|cache|index|dict|json|join|group|merge|hash|column|object|lookup|param|metric|band|"
    r"label|feature|s3|map|state|config|image|rng|prng|random|target|id|path|file|region|shape|data|loss|node|series|country|legend|color|word|hot|gene|message|log|idempotency|model|run|job|task|"
    r"experiment|dedup\w*|record|item|order|doc|document|entity|event|request)_?key\d*"
    r"|.*(?:password|pwd|secret|token|key)_?(?:id|ids|name|names|col|column|field|hash|hashed|length|len|size|count|file|path|url|uri|type|label|text_input|"
    r"policy|strength|prompt|regex|pattern|env|var|variable|list|index|idx|set|map|input|box|element|selector|xpath|expiry|expires|ttl|version|"
    r"mask|ratio|freq|vector|vectors|embedding|embeddings|counts|lengths|limit|budget|usage|rate|prob|probs|logits|points?|frames?|words?|arn|scope|vault)\w*"
    r"|.*(?:hide|show|forgot|reset|confirm|verify|is|has|check|hash|require|no)_password|bypass|compass|\w*bypass|.*_pass_(?:rate|count|percentage)|"
    r"(?:.*_)?(?:low|high|band|first|second|third|next|final|single|candidate|forward|backward|one|two|multi|filter|by)_?pass|did_pass|.*pass_?(?:fail|yards|completions|accuracy)"
)  # fmt: skip


@lru_cache(maxsize=4096)
def is_no_secret(name: str) -> bool:
    """Whether a name is known to announce something else, though it has such a word: ``next page token``."""
    return bool(_NOT.fullmatch(_plain(name)))


@lru_cache(maxsize=4096)
def strength_of(name: str) -> Strength | None:
    """What kind of secret a name announces, if any. Dots, dashes and camel case are read as underscores."""
    if not 2 <= len(name) <= 80 or not _WORTH.search(name):
        return None
    plain = _plain(name)
    if _NOT.fullmatch(plain):
        return None
    if plain.endswith("_windows_net"):
        return "key" if "account_key" in plain else None
    if _PASSWORD.fullmatch(plain):
        return "password"
    if _KEY.fullmatch(plain):
        return "key"
    if _TOKEN.fullmatch(plain):
        return "token"
    return "weak" if _WEAK.fullmatch(plain) else None


def _plain(name: str) -> str:
    plain = _CAMEL.sub("_", name).lower().replace("-", "_").replace(".", "_").replace(" ", "_").strip("_")
    return re.sub(r"_+", "_", plain)


def variable_of(name: str, fallback: str) -> str:
    """The environment variable for a secret of this name."""
    plain = re.sub(r"[^A-Za-z0-9]+", "_", _CAMEL.sub("_", name)).strip("_").upper()
    return plain if plain and not plain[0].isdigit() else fallback

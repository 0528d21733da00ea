"""Calls that take a secret by position."""

from __future__ import annotations

_LOGINS = """
login 0=token 1=password
connect 2=password 3=password
HTTPBasicAuth 1=password
HTTPDigestAuth 1=password
basic_auth 1=password
setpassword 0=password
OAuthHandler 0=api_key 1=api_secret
OAuth1 0=api_key 1=api_secret 2=access_token 3=access_secret
set_access_token 0=access_token 1=access_secret
Minio 1=access_key 2=secret_key
OpenAI 0=api_key
Fernet 0=fernet_key
configure 0=api_key
AzureKeyCredential 0=api_key
NewsApiClient 0=api_key
set_api_key 0=api_key
Fred 0=api_key
authenticate 0=token 1=password
set_auth 1=password
auth 0=token
Github 0=access_token 1=password
InferenceClient 1=api_key
init 0=api_key
Api 0=api_key
HfApi 1=token
set_token 0=access_token
pymysql.connect 2=password
UsernamePasswordCredentials 1=password
ClientSecretCredential 2=client_secret
SparkPost 0=api_key
FTP 2=password
FTP_TLS 2=password
SMTP_SSL.login 1=password
SpotifyClientCredentials 1=client_secret
set_password 0=password
set_auth_token 0=auth_token
SendGridAPIClient 0=api_key
Client 0=api_key 1=api_secret
token_auth 0=token
boto3.Session 0=access_key 1=secret_key 2=session_token
boto3.session.Session 0=access_key 1=secret_key 2=session_token
jwt.encode 1=secret_key
jwt.decode 1=secret_key
"""
_TABLE = {
    call: {int(slot): name for slot, name in (each.split("=") for each in slots)}
    for call, *slots in (line.split() for line in _LOGINS.splitlines() if line)
}


def announced(call: str, position: int) -> str:
    """The name of the secret that a call takes at a position, or nothing."""
    last = call.rpartition(".")[2]
    slots = _TABLE.get(call, _TABLE.get(last))
    if slots is None and position == 1 and last.endswith("Auth"):
        return "password"
    return (slots or {}).get(position, "")

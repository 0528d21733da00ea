"""What is a password or key, what only looks like one, and that none is ever shown whole."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff_ext.checks.formats import FORMATS, render
from handoff_ext.checks.secrets.shown import shown
from handoff_ext.contracts.finding import CheckReport
from tests.checks.notebooks import HEX, code, found, made_up, markdown, raw_of, rules

UPPER = string.ascii_uppercase + string.digits
PASSWORD = made_up(9) + "x!"

# shape of the line, the secret in it, the rule
BAD = {
    "cloud key": ("key_id = '{}'", "AKIA" + made_up(16, UPPER), "CRED001"),
    "google key": ("genai.configure(api_key='{}')", "AIza" + made_up(35), "CRED001"),
    "model hub": ("login('{}')", "hf_" + made_up(34), "CRED001"),
    "model service": ("openai.api_key = '{}'", "sk-" + made_up(48), "CRED001"),
    "model service in the environment": ("os.environ['K'] = '{}'", "sk-proj-" + made_up(60), "CRED001"),
    "forge": ("headers = {{'Authorization': 'token {}'}}", "ghp_" + made_up(36), "CRED001"),
    "forge in a list": ("tokens = ['{}']", "glpat-" + made_up(20), "CRED001"),
    "chat": ("slack = WebClient('{}')", "xoxb-" + made_up(12, string.digits) + "-" + made_up(24), "CRED001"),
    "payments": ("stripe.api_key = '{}'", "sk_live_" + made_up(24), "CRED001"),
    "registry": ("run(['twine', '-p', '{}'])", "pypi-AgEIcHlwaS5vcmc" + made_up(60), "CRED001"),
    "web token": ("t = '{}'", f"eyJ{made_up(20)}.eyJ{made_up(40)}.{made_up(43)}", "CRED001"),
    "private key": ("k = '''-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----'''", made_up(64), "CRED001"),
    "two pieces": ("k = 'ghp_' + '{}'", made_up(36), "CRED001"),
    "two pieces in names": ("a = 'ghp_'\nb = '{}'\nc = a + b", made_up(36), "CRED001"),
    "storage account": ("c = 'AccountName=x;AccountKey={}=='", made_up(86), "CRED001"),
    "assignment": ("password = '{}'", PASSWORD, "CRED002"),
    "weak password": ("DB_PASSWORD = '{}'", "letmein", "CRED002"),
    "typed": ("client_secret: str = '{}'", made_up(32), "CRED002"),
    "camel case": ("apiKey = '{}'", made_up(32), "CRED002"),
    "keyword": ("psycopg2.connect(host='h', password='{}')", PASSWORD, "CRED002"),
    "dict": ("c = {{'user': 'joe', 'password': '{}'}}", PASSWORD, "CRED002"),
    "environment": ("os.environ['API_KEY'] = '{}'", made_up(32), "CRED002"),
    "default": ("k = os.getenv('API_KEY', '{}')", made_up(32), "CRED002"),
    "function default": ("def f(password='{}'): pass", PASSWORD, "CRED002"),
    "comparison": ("ok = password == '{}'", PASSWORD, "CRED002"),
    "pair": ("requests.get(u, auth=('joe', '{}'))", PASSWORD, "CRED002"),
    "position": ("smtp.login('joe@acme.io', '{}')", PASSWORD, "CRED002"),
    "basic": ("requests.get(u, auth=HTTPBasicAuth('joe', '{}'))", PASSWORD, "CRED002"),
    "four by position": ("api.set_access_token('{}', os.environ['S'])", made_up(50), "CRED002"),
    "header": ("h = {{'Authorization': 'Bearer {}'}}", made_up(40), "CRED002"),
    "header of a service": ("h = {{'X-RapidAPI-Key': '{}'}}", made_up(50), "CRED002"),
    "json in a text": ('f.write(\'{{"username":"joe","key":"{}"}}\')', made_up(32, HEX), "CRED002"),
    "user info": ("e = create_engine('postgresql://joe:{}@db.acme.io/x')", PASSWORD, "CRED003"),
    "user info in an f-string": ("e = create_engine(f'mysql://{{user}}:{}@{{host}}/x')", PASSWORD, "CRED003"),
    "query": ("u = 'https://api.acme.io/v1?api_key={}&q=x'", made_up(32, HEX), "CRED003"),
    "query in an f-string": ("u = f'https://api.acme.io/v1?q={{city}}&appid={}'", made_up(32, HEX), "CRED003"),
    "connection string": ("c = 'Server=db;Uid=joe;Pwd={};'", PASSWORD, "CRED003"),
    "env magic": ("%env API_KEY={}", made_up(32), "CRED004"),
    "export": ("!export SECRET_KEY={}", made_up(40), "CRED004"),
    "clone": ("!git clone https://joe:{}@github.com/acme/x", "ghp_" + made_up(36), "CRED004"),
    "sql magic": ("%sql postgresql://joe:{}@db/x", PASSWORD, "CRED004"),
    "sql cell": ("%%sql mysql://joe:{}@db/x\nselect 1", PASSWORD, "CRED004"),
    "shell cell": ("%%bash\nexport DB_PASSWORD={}", PASSWORD, "CRED004"),
    "option": ("!mysql -u root -p{}", "Hunter22", "CRED004"),
    "curl": ("!curl -u joe:{} https://acme.io", PASSWORD, "CRED004"),
    "option of docker": ("!docker login -u joe -p {} registry.acme.io", "Hunter22", "CRED004"),
    "long option": ("!az storage blob list --account-key {}", made_up(60), "CRED004"),
    "login by command": ("!wandb login {}", made_up(40, HEX), "CRED004"),
    "option by name": ("spark.read.option('password', '{}')", PASSWORD, "CRED002"),
    "setting by name": ("conf.set('fs.azure.account.key.acme.dfs.core.windows.net', '{}')", made_up(60), "CRED002"),
    "typed into a page": ("d.find_element('id', 'password').send_keys('{}')", PASSWORD, "CRED002"),
    "typed into a field": ("page.fill('#password', '{}')", PASSWORD, "CRED002"),
    "login class": ("auth = SiteAuth('joe', '{}', 'sales')", PASSWORD, "CRED002"),
    "signing": ("jwt.encode(claims, '{}', algorithm='HS256')", made_up(40), "CRED002"),
    "letters only": ("login('{}')", "hf_" + made_up(34, string.ascii_letters), "CRED001"),
    "comment": ("x = 1  # password = '{}'", PASSWORD, "CRED005"),
    "commented out": ("# openai.api_key = '{}'", "sk-" + made_up(48), "CRED005"),
    "cookie": ("c = {{'session_id': '{}'}}", made_up(40), "CRED008"),
    "cloud key of letters": ("k = ''.join(['AKIA', '{}'])", made_up(16, string.ascii_uppercase), "CRED001"),
    "file server": ("f = ftplib.FTP('ftp.acme.io', 'joe', '{}')", PASSWORD, "CRED002"),
    "set by a method": ("user.set_password('{}')", PASSWORD, "CRED002"),
    "pair under a name": ("ES_AUTH = ('elastic', '{}')", PASSWORD, "CRED002"),
    "tunnel": ("!ngrok authtoken {}", made_up(32), "CRED004"),
    "login by keyword": ("wandb.login(key='{}')", made_up(40, HEX), "CRED008"),
}

GOOD = [
    "if candidate_pass == 'tight':\n    pass", "second_pass = 'wide'", "ray.init('ray://localhost:10001')",
    "api_key = 'YOUR_API_KEY'", "api_key = '<your key>'", "password = '********'", "token = 'xxxxxxxxxxxxxxxxxxxx'",
    "key = 'AKIAIOSFODNN7EXAMPLE'", "password = getpass()", "password = os.environ['DB_PASSWORD']", "password = ''",
    "password = input('Password: ')", "api_key = os.getenv('API_KEY', '')", "api_key = userdata.get('OPENAI_API_KEY')",
    "rows = rows.rename(columns={'pw': 'password'})", "rows = rows.rename(columns={'PwdHash': 'password_hash'})",
    "rows['password']", "columns = ['user', 'password']", "labels = {'password': 'Password strength'}",
    "tokenizer = 'bert-base-uncased'", "pad_token = '<pad>'", "token = '[CLS]'", "tokens = 'the quick brown fox'",
    "sep_token = '</s>'", "max_tokens = '4096'", "stop_token = 'endofsentence123'", "keyword = 'elephant'",
    "primary_key = 'customer_id'", "key = 'date_of_birth_1990'", "merge(on='key')", "sort_key = 'a1b2c3d4e5f6g7h8'",
    f"sha = '{made_up(40, HEX)}'", f"md5 = '{made_up(32, HEX)}'", f"revision = '{made_up(40, HEX)}'",
    "run_id = '8f14e45f-ceea-467f-a0e6-3c1a2b1e4b1d'", f"checksum = 'sha256:{made_up(64, HEX)}'",
    "u = f'postgresql://{user}:{password}@{host}/db'", "u = 'postgresql://user:password@localhost/db'",
    "u = 'https://example.org/?q=token&page=2'", "u = 'https://acme.io/oauth/access_token'",
    "st.text_input('Password', type='password')", "PASSWORD_FIELD = 'passwd_input'", "token_type = 'bearer'",
    "assert password != ''", "x = 'the password is secret'", "# password: ask the owner", "# token = get_token()",
    "# see https://example.org/a?b=c", "%env API_KEY", "!export PATH=/usr/bin:$PATH",
    "%env TOKENIZERS_PARALLELISM=false",
    "h = {'Authorization': f'Bearer {token}'}", "compass = 'north12345678'", "bypass_token_check = 'never123'",
    f"image = 'data:image/png;base64,{made_up(200)}'", "secret = Secret('name')", "colour_key = '#ff00aa'",
    "parser.add_argument('--password', help='your password')", "rng_key = 'a8f5f167f44f4964e6c998dee827110c'",
    "model = 'sk-learn-intro-to-machine-learning'", "path = 'task-force-of-the-united-nations-2019'",
    f"u = 'https://acme.io/paper?token={made_up(96, HEX)}&originCreation=20220928'",
    "d.find_element('id', 'user').send_keys('joe')", "spark.conf.set('spark.sql.shuffle.partitions', '200')",
    f"markdown = '![](data:image/gif;base64,{made_up(200)}EAA{made_up(120)}+/)'",
    "df['api_key'] = df['id']",
    "pwd = '/home/joe/work1'", f"model_key = '{made_up(32, HEX)}'", f"idempotency_key = '{made_up(32, HEX)}'",
    "login = ('form', 'email')", "author = ('Ann', 'Byron1815x')", "DATABASE_URL = 'sqlite:///rows.db'", "u = 'https://user@acme.io/x'",
]  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_secret_is_found_once_and_never_shown(name):
    shape, secret, rule = BAD[name]
    findings = found(shape.format(secret), select="CRED")
    assert [finding.rule for finding in findings] == [rule]
    report = CheckReport(findings=tuple(findings), checked=1)
    for form in FORMATS:
        assert secret not in render(report, form)
    assert secret[:-2] not in repr(findings)


@pytest.mark.parametrize("source", GOOD)
def test_what_only_looks_like_a_secret_is_left_alone(source):
    assert [finding.message for finding in found(source, select="CRED")] == []


def test_secrets_in_outputs_prose_and_metadata():
    key = "ghp_" + made_up(36)
    assert rules(code("print(t)", output=f"token is {key}\n"), select="CRED") == ["CRED007"]
    assert rules(markdown(f"Log in with password: `{PASSWORD}`"), select="CRED") == ["CRED006"]
    assert rules(markdown(f"Ask joe, password `{PASSWORD}`, or read the key `column`."), select="CRED") == ["CRED006"]
    assert rules(code("x", output="Either pass `include_groups=False1` or the token `abc1`."), select="CRED") == []
    assert rules(code("x = 1", note=f"api_key: {key}"), select="CRED") == ["CRED007"]
    assert rules(code("x", output="password  age\nabc       31\n"), select="CRED") == []
    assert rules(markdown("The password: it must be long. Key: value. Token: a word."), select="CRED") == []
    run = {"papermill": {"parameters": {"api_token": key}}}
    assert rules(code("x = 1", **run), select="CRED") == ["CRED007"]
    attached = {**markdown("see"), "attachments": {"note.txt": {"text/plain": f"token {key}"}}}
    assert rules(attached, select="CRED") == ["CRED007"]
    assert rules(markdown("The first pass is diagnostic-only: it records."), select="CRED") == []
    assert rules(markdown("user: joe, pass: Summer7!x"), select="CRED") == ["CRED006"]
    link = f"https://x.amazonaws.com/a?X-Amz-Credential=ASIA{made_up(16, UPPER)}%2F2021&X-Amz-Expires=60"
    said = (
        f"Next Page Token = {made_up(60)}",
        f"Model Key: GBM_{made_up(30)}",
        "please pass: flavor='igraph' and",
        link,
    )
    said = (*said, "{'PWD': '/srv/ann', 'LANG': 'C'}")
    assert [rules(code("x", output=each), select="CRED") for each in said] == [[]] * len(said)
    image = {**markdown("see"), "attachments": {"a.png": {"image/png": key}}}
    assert rules(image, select="CRED") == []
    table = {"output_type": "display_data", "metadata": {}, "data": {"text/html": f"<td>{key}</td>"}}
    assert rules({**code("rows"), "outputs": [table]}, select="CRED") == ["CRED007"]
    ids = {"_uuid": made_up(40, HEX), "colab": {"authorship_tag": "ABX9Ty" + made_up(22)}}
    assert rules(code("x = 1", **ids), select="CRED") == []


def test_cells_that_are_not_python_are_read_as_text():
    assert rules("password <- '" + PASSWORD + "'", language="R", select="CRED") == ["CRED002"]
    assert rules("print 'x'\npassword = '" + PASSWORD + "'", select="CRED") == ["CRED002"]


def test_pieces_in_two_cells_make_a_key():
    assert rules("start = 'ghp_'", f"rest = '{made_up(36)}'", "key = start + rest", select="CRED") == ["CRED009"]


@given(st.text(min_size=4, max_size=80))
@settings(max_examples=150, deadline=None)
def test_what_is_shown_of_any_text_is_its_end_at_most(text):
    told = shown("key", text)
    assert told.removeprefix("key, ").split()[0] == str(len(text))
    assert len(text) >= 12 or "ends" not in told


@given(st.text(max_size=120))
@settings(max_examples=150, deadline=None)
def test_any_text_can_be_judged(text):
    raw_of(text)
    for finding in found(f"api_key = {text!r}\n# {text!r}", markdown(text), code("x", output=text), select="CRED"):
        assert len(finding.message) <= 140

"""What is a path of one computer, and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.checks.notebooks import code, found, markdown, rules

BAD = [
    ('rows = pd.read_csv("/data/rows.csv")', "PATH001"),
    (r'rows = pd.read_csv("D:\\projects\\rows.csv")', "PATH001"),
    (r'rows = pd.read_csv(r"D:\projects\rows.csv")', "PATH001"),
    (r'rows = pd.read_csv("D:\new\table.csv")', "PATH001"),
    ('rows = pd.read_csv("D:/projects/rows.csv")', "PATH001"),
    (r'rows = pd.read_excel(r"\\server\share\sales\rows.xlsx")', "PATH001"),
    ('rows = pd.read_csv("/tmp/rows.csv")', "PATH001"),
    ('engine = create_engine("sqlite:////srv/data/rows.db")', "PATH001"),
    ('model_dir = "/models/churn/v1"', "PATH001"),
    ('rows = pd.read_csv("/home/joe/rows.csv")', "PATH002"),
    ('rows = pd.read_csv("/Users/joe/Desktop/rows.csv")', "PATH002"),
    (r'rows = pd.read_csv(r"C:\Users\joe\rows.csv")', "PATH002"),
    ('rows = pd.read_csv("~/rows.csv")', "PATH002"),
    ('rows = pd.read_csv(os.path.expanduser("~/rows.csv"))', "PATH002"),
    ('rows = pd.read_csv(Path.home() / "rows.csv")', "PATH002"),
    ('rows = pd.read_csv(os.environ["HOME"] + "/rows.csv")', "PATH002"),
    ('rows = pd.read_csv(f"/home/{user}/rows.csv")', "PATH002"),
    ('rows = pd.read_csv("/home/%s/rows.csv" % user)', "PATH002"),
    ('rows = pd.read_csv("/home/{}/rows.csv".format(user))', "PATH002"),
    ('rows = pd.read_csv(os.path.join("/home", "joe", name))', "PATH002"),
    ('rows = pd.read_csv(Path("/home") / "joe" / name)', "PATH002"),
    ('rows = pd.read_csv("/home/joe/" + name + ".csv")', "PATH002"),
    ('folder = "joe"\nrows = pd.read_csv("/".join(["/home", folder, "rows.csv"]))', "PATH002"),
    ('rows = pd.read_csv("file:///home/joe/rows.csv")', "PATH002"),
    ('rows = pd.read_csv("/content/drive/MyDrive/rows.csv")', "PATH003"),
    ('rows = pd.read_csv("/kaggle/input/rows.csv")', "PATH003"),
    ('rows = pd.read_csv("../input/rows.csv")', "PATH003"),
    ("a = Path('/kaggle/a') if Path('/kaggle/a').exists() else 1\nb = Path('/kaggle/input/b') / name", "PATH003"),
    ('rows = spark.read.csv("dbfs:/FileStore/rows.csv")', "PATH003"),
    ('drive.mount("/content/drive")', "PATH003"),
    ('rows = pd.read_csv("../../raw/rows.csv")', "PATH004"),
    ('rows = pd.read_csv("rows.csv")', "PATH004"),
    ('rows.to_csv("/home/joe/out.csv")', "PATH005"),
    ('with open("/srv/out.txt", "w") as file:\n    pass', "PATH005"),
    ('plt.savefig(r"C:\\Users\\joe\\plot.png")', "PATH005"),
    ("!unzip -q /content/rows.zip", "PATH006"),
    ("%cd /content/drive/MyDrive/churn", "PATH006"),
    ("%run ../lib/common.ipynb", "PATH006"),
    ("%%bash\ncp /home/joe/rows.csv .", "PATH006"),
    ('sys.path.insert(0, "/home/joe/lib")', "PATH006"),
    ('archive.extractall("/srv/data/rows")', "PATH005"),
    ('os.system("cp /home/joe/rows.csv .")', "PATH006"),
    ('rows = pd.read_parquet("s3://acme-analytics/rows.parquet")', "PATH007"),
    ('requests.get("http://10.1.2.3:8080/rows")', "PATH007"),
    ('mlflow.set_tracking_uri("http://localhost:5000")', "PATH007"),
    ('engine = create_engine("postgresql://db.corp.internal/sales")', "PATH007"),
    ('engine = create_engine("postgresql+psycopg2://db.corp.local:5432/sales")', "PATH007"),
    ('url = "jdbc:sqlserver://sql01:1433;databaseName=sales"', "PATH007"),
    ('rows = pd.read_csv("//server01/share/rows.csv")', "PATH001"),
    ('parser.add_argument("--rows", default="/home/joe/rows")', "PATH002"),
    ('settings = yaml.safe_load("""\nrows: /home/joe/rows.csv\n""")', "PATH002"),
    ("spark.sql(\"CREATE TABLE t USING delta LOCATION '/mnt/lake/t'\")", "PATH006"),
    ('spark.sql("SELECT * FROM delta.`/mnt/lake/t`")', "PATH006"),
    ("%fs ls /mnt/lake/raw", "PATH006"),
    ("%run /Workspace/Users/joe@acme.io/common", "PATH006"),
    ("%%writefile conf.yaml\nrows: /home/joe/rows.csv", "PATH006"),
]

GOOD = [
    'ask("/tmp/analysis/rows.csv를 읽고 요약해 주세요.")',
    "import os\nbase = '/kaggle/input/rows' if os.path.exists('/kaggle/input/rows') else 'data'",
    "if Path('/kaggle/input').is_dir():\n    base = Path('/kaggle/input/rows')\nelse:\n    base = Path('data')",
    "container_model_dir = '/opt/ml/model'",
    "!aws s3 cp $source ./data/\nrows = pd.read_csv('./data/rows.csv')",
    "!tar -xzf model.tar.gz -C ./model\nopen('./model/history.json')",
    "folder = './data'\n!aws s3 cp --recursive {source} {folder}\nrows = np.load('{}/rows.npy'.format(folder))",
    "name = 'out.csv'\nwith Path(name).open('w') as f:\n    f.write('a')\nrows = pd.read_csv('out.csv')",
    "def submit(a, b):\n    a.to_csv(b)\nsubmit(rows, 'out.csv')\npd.read_csv('out.csv')",
    "ProcessingOutput(source='/opt/ml/processing/output/train')",
    "folder = os.environ.get('DATA', '/kaggle/input/rows/rows.csv')",
    "pd.read_csv('s3://my-bucket/a.csv'), pd.read_csv('s3://path/to/a.csv'), pd.read_csv('gs://lib-samples/a.csv')",
    "open('/var/run/secrets/kubernetes.io/serviceaccount/namespace').read()",
    'print("x:\\n{}".format(x))',
    'print("D:\\n")',
    're.match("/home/\\\\d+", line)',
    're.sub(r"^/home/[a-z]+/", "", line)',
    'rows = pd.read_csv("https://example.org/data/rows.csv")',
    'rows = pd.read_parquet("s3://noaa-ghcn-pds/parquet/rows.parquet")',
    '"""Run me with /usr/bin/env python, from /home/joe."""',
    'shell = "/usr/bin/env"',
    '@app.route("/home/users")\ndef home():\n    return 1',
    'app.get("/predict/batch")',
    'url = base + "/api/v1/rows.json"',
    'accept = "application/json"',
    r'plt.title(r"$\\alpha\\beta$")',
    'column = rows["rows.csv"]',
    'rows.rename(columns={"old.csv": "new"})',
    'path = row["/home/joe"]',
    'ratio = "km/h"',
    'date = "01/02/2020"',
    'tree.xpath("//div/a/text()")',
    'driver.find_element("/html/body/div")',
    'model = smf.ols("y ~ x", data=rows)',
    'print("/home/joe is where it was once upon a time")',
    'name.startswith("/home/")',
    'split = line.split("/")',
    'rows.to_csv("out.csv")\nagain = pd.read_csv("out.csv")',
    'parts = "a/b".split("/")',
    'fraction = total / len(rows)',
    'null = open("/dev/null", "w")',
    'model = AutoModel.from_pretrained("google/vit-base-patch16-224")',
    "!pip install --target /usr/local/lib x",
    "!ls",
    'column = "C:\\\\N"',
    'rows["a"].str.extractall("/data/(.*)/x")',
    'freebase = "/people/person/place_of_birth"',
    'link = html.A("Start", href="/home/start")',
    'files = sorted(folder.rglob("data.yaml"))',
    'files = list(Path("raw").glob("*.csv"))',
    r're.sub("C:\\\\Users\\\\[^\\\\]+\\\\", "", line)',
    'url = os.environ.get("URL", "http://localhost:9200")',
    'run.download_file("outputs/rows.csv", target)',
    'data = zipfile.ZipFile(f)\ndata.extractall(".")\n',
    "%%writefile a.py\n# open('/home/joe/rows.csv')",
    'sandbox.upload_files([("/home/user/rows.csv", rows)])',
    'sftp.get("/srv/data/rows.csv")',
    'artifact_path = "/outputs/model/"',
    "%%writefile conf.yml\na: 1\n",
    'run.download_file("outputs/rows.csv", "rows.csv")\nrows = pd.read_csv("rows.csv")',
    "!wget https://example.org/rows.csv\nrows = pd.read_csv('rows.csv')",
    "spark.sql(\"SELECT * FROM rows WHERE path = 'a/b'\")",
    'app.mount("//cdn.acme.io/assets/app.js")',
]  # fmt: skip


@pytest.mark.parametrize(("source", "rule"), BAD)
def test_a_path_of_one_computer_is_found_once(source, rule):
    assert rules(source, select="PATH") == [rule]


@pytest.mark.parametrize("source", GOOD)
def test_what_only_looks_like_a_path_is_left_alone(source):
    assert [finding.message for finding in found(source, select="PATH")] == []


def test_places_are_lines_and_characters_of_the_cell():
    finding = found('ü = 1\nnamé = pd.read_csv("/home/joe/ü.csv")', select="PATH")[0]
    assert (finding.line, finding.column, finding.end_line, finding.end_column) == (2, 20, 2, 37)


def test_a_constant_of_another_cell_completes_a_path():
    assert rules('user = "joe"\nroot = "/home"', "pd.read_csv(root + '/' + user + '/rows.csv')", select="PATH") == [
        "PATH002"
    ]


def test_a_folder_is_told_where_it_is_set_and_not_where_it_is_used():
    cells = ('ROOT = "/home/joe/data"', 'a = pd.read_csv(ROOT + "/a.csv")', 'b = pd.read_csv(f"{ROOT}/b.csv")')
    assert [finding.cell_index for finding in found(*cells, select="PATH")] == [0]


def test_relative_data_is_fine_where_it_lies_in_the_project_or_a_manifest_names_it(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "rows.csv").touch()
    (tmp_path / "big.csv.dvc").touch()
    path = tmp_path / "a.ipynb"
    assert rules('pd.read_csv("data/rows.csv")', 'pd.read_csv("big.csv")', path=path, select="PATH") == []
    assert rules('pd.read_csv("other.csv")', path=path, select="PATH") == ["PATH004"]


def test_results_go_to_a_folder_that_is_there_or_made(tmp_path):
    (tmp_path / "there").mkdir()
    path = tmp_path / "a.ipynb"
    assert rules('rows.to_csv("out/rows.csv")', path=path, select="PATH") == ["PATH005"]
    assert rules('rows.to_csv("there/rows.csv")', path=path, select="PATH") == []
    assert rules('os.makedirs("out")\nrows.to_csv("out/rows.csv")', path=path, select="PATH") == []
    assert rules('rows.to_csv("rows.csv")', path=path, select="PATH") == []


def test_outputs_prose_and_metadata_tell_a_login():
    warning = r"C:\Users\joe\Anaconda3\lib\site-packages\sklearn\base.py:450: UserWarning"
    assert rules(code("fit()", output=warning), select="PATH") == ["PATH008"]
    assert rules(code("fit()", output=r"met in c:\users\joe\lib (1.0)"), select="PATH") == ["PATH008"]
    assert rules(markdown("![plot](/home/joe/plot.png)"), select="PATH") == ["PATH008"]
    assert rules(code("x = 1", origin="/Users/joe/a.py"), select="PATH") == ["PATH008"]
    assert rules(code("x = 1", output="/home/jovyan/work and /usr/lib"), select="PATH") == []


@given(st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_text_can_be_judged(text):
    for finding in found(f"x = pd.read_csv({text!r})", select="PATH"):
        assert len(finding.message) <= 140


def test_a_file_that_a_written_script_names_may_be_made_by_it():
    script = '%%writefile a.py\nrows.to_parquet("rows.parquet")'
    assert rules(script, "!python a.py", 'pd.read_parquet("rows.parquet")', select="PATH004") == []
    assert rules("!python a.py", 'pd.read_parquet("rows.parquet")', select="PATH004") == ["PATH004"]

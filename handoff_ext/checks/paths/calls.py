"""Which functions read files, which write them, and in which calls a text is not a path though it looks like one."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from typing import Literal

from handoff_ext.checks.words import words

Action = Literal["read", "write", "import", "run", "none", "text"]

_READ = re.compile(
    r"(?:read|load|scan|open|from|import|parse|walk|list|scan)_?\w*|\w*(?:_load|_open|_read|loader|reader)|imread|genfromtxt|"
    r"i?glob|rglob|listdir|scandir|chdir|exists|isfile|isdir|getsize|stat|ZipFile|TarFile|is_tarfile|ImageFolder|DatasetFolder|"
    r"\w*from_directory|File|VideoCapture|ExcelFile|HDFStore|loadtxt|loadmat|fromfile|memmap|unpack_archive|extractall|"
    r"connect|create_engine|copy|copy2|copyfile|copytree|move|rename|remove|unlink|rmtree|rmdir|textFile|csv|parquet|json|"
    r"text|orc|table|option|Path|PurePath|TextLoader|CSVLoader|PyPDFLoader|PdfReader|SparkContext|LoadData|"
    r"get_data|join|expanduser|abspath|basename|dirname|split|splitext|add_datepart|restore|Workbook|FontProperties|CDLL",
)  # fmt: skip
_WRITE = re.compile(
    r"to_(?:csv|excel|json|parquet|pickle|feather|hdf|sql|html|latex|markdown|stata|file|netcdf|zarr|orc|xml|geojson|disk)|"
    r"save\w*|\w*_save|savefig|dump|imwrite|write\w*|makedirs|mkdir|savez\w*|savetxt|ExcelWriter|tofile|FileHandler|imsave|"
    r"RotatingFileHandler|ModelCheckpoint|TensorBoard|CSVLogger|SummaryWriter|export\w*|make_archive|touch|write_\w+|"
    r"saveAsTextFile|download\w*|urlretrieve|extract|persist|set_cache_dir|VideoWriter|mlflow.log_artifact",
)
_TEXT = words(
    """
    print pprint display Markdown HTML title set_title xlabel ylabel set_xlabel set_ylabel suptitle annotate info
    debug warning warn error exception critical input getpass compile match search findall sub fullmatch finditer
    startswith endswith replace strip lstrip rstrip split rsplit partition rpartition route post put delete patch
    add_url_rule xpath find_element find_elements find_element_by_xpath find_elements_by_xpath select select_one
    contains extract extractall count index find add_argument get_element system_message ValueError
    FileNotFoundError RuntimeError Exception AssertionError markdown caption legend text set_text figtext join_url
    urljoin url_for redirect include_router st.write tqdm TypeError KeyError OSError IOError removeprefix
    removesuffix
    """
)
_SHELLS = words(
    """
    os.system subprocess.run subprocess.call subprocess.check_call subprocess.check_output subprocess.Popen os.popen
    subprocess.getoutput run check_output system getoutput
    """
)
_IMPORTS = re.compile(
    r"(?:sys\.)?path\.(?:insert|append|extend)|site\.addsitedir|spec_from_file_location|SourceFileLoader"
)
_MODE = re.compile(r"[wax]|r\+")
_PATH_FUNCTIONS = frozenset({"os.path.split", "os.path.splitext", "osp.split"})
_REQUESTS = frozenset({"get", "head", "post", "put", "patch", "delete", "request", "urlopen"})
_ROUTERS = frozenset({"get", "head", "options", "websocket", "api_route", "mount", "request"})


@lru_cache(maxsize=4096)
def _action(name: str) -> Action | Literal["opens"]:
    """What a function does with a path, by its dotted name; ``opens``: its other arguments say."""
    last = name.rpartition(".")[2]
    if _IMPORTS.fullmatch(name) or last in ("spec_from_file_location", "SourceFileLoader", "addsitedir"):
        return "import"
    if name in _SHELLS:
        return "run"
    if last in ("get",) or last in _ROUTERS:
        return (
            "text"
            if name.split(".", maxsplit=1)[0] in ("app", "router", "api", "client", "requests", "bp", "self", "session")
            else "none"
        )
    if name in _PATH_FUNCTIONS:
        return "read"
    if (last == "text" and ".read" in name) or (
        last == "extractall" and ".str." not in name and not name.startswith("re.")
    ):
        return "read" if last == "text" else "write"
    if name == "mlflow.set_tracking_uri":
        return "read"
    if last in _TEXT:
        return "text"
    if _WRITE.fullmatch(last):
        return "write"
    if last in ("open", "fopen", "File", "ZipFile", "TarFile", "H5File", "Dataset", "open_dataset"):
        return "opens"
    if last in ("csv", "parquet", "json", "orc", "table", "option"):
        return "write" if ".write" in name else "read" if ".read" in name or last in ("csv", "parquet") else "none"
    if _READ.fullmatch(last):
        return "read"
    return "none"


def action_of(name: str, call: ast.Call | None = None) -> Action:
    """What the called function does with a path that it is given; ``none`` where that is not known."""
    action = _action(name)
    if action != "opens":
        return action
    return "write" if call is not None and _writes(call, name) else "read"


def asks_a_host(name: str) -> bool:
    """Whether the call sends a request: what it is given is a URL."""
    return name.rpartition(".")[2] in _REQUESTS


def _writes(call: ast.Call, name: str) -> bool:
    named = [each.value for each in call.keywords if each.arg == "mode"]
    position = (
        0
        if name.endswith(".open") and not name.startswith(("io.", "gzip.", "codecs.", "bz2.", "lzma.", "tarfile."))
        else 1
    )
    modes = named or call.args[1:2] or (call.args[position : position + 1] if position == 0 else [])
    return any(
        type(mode) is ast.Constant and type(mode.value) is str and bool(_MODE.match(mode.value)) for mode in modes
    )

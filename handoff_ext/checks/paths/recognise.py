"""What kind of path a text is, if it is one. Texts may have holes where only a run knows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from handoff_ext.checks.facts.text import HOLE
from handoff_ext.checks.words import words

PathKind = Literal["home", "absolute", "platform", "temporary", "share", "private", "relative"]

_HOME = re.compile(
    r"~[\w.-]*(?:[\\/]|\Z)|/(?:home|Users|export/home|u/home)/[\w.@\0-]+|/root/\S|/Volumes/[^/]+/"
    r"|(?:[A-Za-z]:|/mnt/[a-z]|/[a-z])?[\\/]{1,2}(?:Users|Documents and Settings)[\\/]{1,2}[\w.@\0 -]+"
)
_SHARED_HOMES = re.compile(
    r"/home/(?:jovyan|ec2-user|studio-lab-user|nbuser|sagemaker-user|trusted-service-user|azureuser|cdsw|idies|emr-notebook|hadoop)\b"
)
_PLATFORM = re.compile(
    r"/content/|/content\Z|/kaggle(?:/|\Z)|(?:\.\./)+input(?:/|\Z)|/?dbfs:?/|/databricks-datasets|/databricks/|/FileStore/"
    r"|(?:\.?/?(?:content/)?g?drive/)?My ?Drive/|/?gdrive/|/opt/ml/|/lakehouse/|/home/jovyan|/project_data/"
    r"|/floyd/|/Workspace/(?:Users|Repos|Shared)/|/datasets/|/notebooks/|/workspace/|/gpfs/|/dbutils/|/storage/\w|abfss?://|wasbs?://|adl://"
)
_DRIVE = re.compile(r"[A-Za-z]:(?:\\+|/+)(?:\w(?=\W|\w)|[.~%$@(\0 *?\[{-])|[A-Za-z]:[\\/]\Z")
_SHARE = re.compile(r"(?:\\\\|//)[A-Za-z][\w.-]*[\\/]+[\w$.\0 -]+(?:[\\/]+[\w$.\0 *-]+)*[\\/]?\Z")
_FORWARD_SHARE = re.compile(r"//[A-Za-z][\w-]*/[\w$.\0 -]+/[^/].*\Z")
_POSIX = re.compile(r"/[\w.@+~\0-]")
_SYSTEM = re.compile(r"/(?:usr|bin|sbin|dev|etc|proc|sys|lib|lib64|(?:var/)?run|System|Library|Applications)(?:/|\Z)")
_DATA_ROOT = re.compile(
    r"/(?:mnt|media|data\d*|srv|scratch\d*|work\d*|nfs\d*|nas|projects?|opt|var|disk\d*|ssd\d*|hdd\d*|export|raid\d*"
    r"|s3|efs|fsx|shared?|store|group|cluster|lustre|ceph|global|hdfs|tank|private|cygdrive|volume\d*|drive\d*)/[\w.\0]"
)
_TEMPORARY = re.compile(r"/(?:var/|private/)?tmp(?:/|\Z)|[A-Za-z]:[\\/]+(?:te?mp)[\\/]", re.I)
_PRIVATE = re.compile(
    r"(?:s3[an]?|gs|gcs|hdfs|az|oss|cos|obs|swift|sftp|smb|nfs|r2|tos|ks3)://(?P<bucket>[\w.@:\0-]+)(?P<rest>/.*)?\Z",
    re.S,
)
_PRIVATE_HOST = re.compile(
    r"(?:jdbc:)?[a-z][a-z0-9+.-]*://(?:[^/@\s]*@)?(?P<host>localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|10\.\d+\.\d+\.\d+"
    r"|192\.168\.\d+\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+|host\.docker\.internal"
    r"|[\w.-]+\.(?:internal|corp|local|intra|intranet|lan|localdomain|private)|[\w-]+(?=:\d))(?::\d+)?(?:[/?#;].*)?\Z",
    re.I | re.S,
)
_PUBLIC_BUCKET = re.compile(
    r"(?:cloud-training|noaa-|nasa-|usgs-|cloud-samples|gcp-public|sentinel-|landsat|commoncrawl|tfds-|aws-|amazon-reviews|nyc-tlc"
    r"|openalex|anaconda-public|coiled-|dask-|saturn-public|ursa-labs|voltrondata|radiant|modis|era5|pangeo|registry"
    r"|sagemaker-sample|public|open-?data|dask_|arrow-datasets|cmip6|gcs-public|tensorflow|bert_models|t5-data"
    r"|big-data-public|spacenet|allenai|ai2-|fast-ai|h2o-public|jsta|mlops-public|elasticmapreduce|1000genomes"
    r"|kfserving-|seldon-|torchserve-|.*-(?:samples?|public|open-?data)\Z)", re.I
)  # fmt: skip
_EXAMPLE_BUCKET = re.compile(
    r"(?:(?:my|your|some|the|an?|example)[-_.]?)?(?:(?:s3|gcs|gs)[-_.]?)?(?:bucket|container)(?:[-_.]?name)?\Z"
    r"|path\Z|your[-_]|example",
    re.I,
)
"""What stands in for the name of a bucket: ``s3://my-bucket``, ``s3://path/to/rows``."""
_LOCAL_SCHEME = re.compile(
    r"(?:file:(?://(?:localhost)?)?|(?:sqlite|duckdb|access|shelve|mlruns|leveldb)(?:\+\w+)?://(?:/(?=[^/]|/))?)", re.I
)
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:(?://|\w+:)|(?:mailto|data|urn|javascript):", re.I)
_REGEX = re.compile(r"\(\?|\.[*+](?!\w)|\[\^|\[[a-z0-9]-[a-z0-9]|\\[dwsbDWSB](?![a-z])|\)[*+?]|\|\w*\)|[$^]\Z|\A\^")
_SURELY_REGEX = re.compile(r"\[\^|\.\*[\\/\w)]|\]\+|\)\?|\(\?")
DATA_FILE = re.compile(
    r"\.(?:csv|tsv|txt|xlsx?|xlsm|xlsb|ods|json|jsonl|ndjson|geojson|parquet|pq|feather|arrow|orc|avro|pkl|pickle|pickled|joblib|npy"
    r"|npz|h5|hdf5?|mat|dta|sav|sas7bdat|rds|rdata|db|sqlite3?|duckdb|xml|ya?ml|ini|cfg|conf|toml|env|zip|gz|tgz|bz2|xz|7z|tar|rar"
    r"|png|jpe?g|gif|bmp|tiff?|webp|svg|pdf|docx?|pptx?|html?|wav|mp3|mp4|avi|mov|flac|ogg|pt|pth|ckpt|onnx|pb|tflite|model"
    r"|bin|dat|data|nc|grib2?|shp|shx|dbf|kml|gpx|osm|las|vcf|bam|fasta|fa|fastq|bed|gtf|gff|nii|dcm|edf|py|ipynb|R|sh"
    r"|log|md|tex|bib|sql|ttf|otf|jar|exe|dll|so|whl|safetensors|gguf|keras|mo?del|sav|arff|libsvm|svm|vec|w2v|index|faiss|root|fits)"
    r"(?:\.(?:gz|zip|bz2|xz|zst))?\Z", re.I
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recognised:
    """A path's kind; ``sure`` where the text can hardly be anything else; ``start`` where in the text it begins."""

    kind: PathKind
    sure: bool
    start: int = 0


def recognise(text: str) -> Recognised | None:
    """The kind of absolute path that the whole text is, or None. ``text`` may hold holes, not newlines."""
    if (not 2 <= len(text) <= 400 and text != "~") or not _worth(text):
        return None
    scheme = _LOCAL_SCHEME.match(text)
    if scheme:
        rest = text[scheme.end() :]
        drive = rest.lstrip("/")
        found = recognise(drive) if _DRIVE.match(drive) else recognise(rest)
        return found and Recognised(found.kind, True, len(text) - len(drive if _DRIVE.match(drive) else rest))
    if "://" in text[:30] or (_URL.match(text) and not _PLATFORM.match(text)):
        return _remote(text)
    if any(mark in text for mark in "\n\r\t<>|;") or _sentence(text):
        return None
    return _local(text)


def _worth(text: str) -> bool:
    first = text[0]
    return first in "/~\\.gdM" or text[1:2] == ":" or ":/" in text[:30]


def _remote(text: str) -> Recognised | None:
    if _PLATFORM.match(text):
        return Recognised("platform", True)
    bucket = _PRIVATE.match(text)
    if bucket:
        name = bucket["bucket"]
        public = _PUBLIC_BUCKET.match(name) or _EXAMPLE_BUCKET.match(name) or HOLE in name
        return None if public else Recognised("private", True)
    return Recognised("private", True) if _PRIVATE_HOST.match(text) else None


def _local(text: str) -> Recognised | None:
    if _SURELY_REGEX.search(text):
        return None
    if _SHARED_HOMES.match(text) or _PLATFORM.match(text):
        return None if _REGEX.search(text) else Recognised("platform", True)
    if _HOME.match(text):
        if text[0] == "~" and text not in ("~", "~/") and not re.match(r"~[\w.-]*[\\/]+[\w.\0*@-]", text):
            return None
        return Recognised("home", text != "~")
    if _TEMPORARY.match(text):
        return Recognised("temporary", True)
    if _DRIVE.match(text):
        return Recognised("absolute", True)
    if text[:2] == "\\\\" and _SHARE.match(text) and not re.search(r"[{}$^]", text.replace("$\\", "\\")):
        return Recognised("share", text.count("\\") > 3 or bool(DATA_FILE.search(text)))
    if _FORWARD_SHARE.match(text):
        return Recognised("share", False)
    if text[:2] == "//" or not _POSIX.match(text) or _SYSTEM.match(text) or _REGEX.search(text):
        return None
    if _DATA_ROOT.match(text):
        return Recognised("absolute", True)
    return Recognised("absolute", False)


def _sentence(text: str) -> bool:
    """Words after a path make it prose: ``/home/joe is where it was``."""
    last = re.split(r"[\\/]", text)[-1]
    if " " in last and re.search(r"\.\w{1,5}[^\W\d_a-zA-Z]", last):  # another script's words right behind a name
        return True
    return (last.count(" ") > 3 and not DATA_FILE.search(text)) or "  " in text or text.endswith((":", "?", ", "))


def is_relative_data(text: str) -> bool:
    """Whether the text is a relative path of a data file: never a URL, a glob of nothing, or a bare extension."""
    if not 2 < len(text) <= 300 or text[0] in "/~\\" or text[1:2] == ":" or "://" in text or HOLE in text:
        return False
    if any(mark in text for mark in "\n\r\t<>|;{}=,"):
        return False
    return (bool(DATA_FILE.search(text)) and not text.startswith(".")) or text.startswith(("./", "../", "..\\", ".\\"))


_WORD = r"[^\s'\"`;|&<>(),\]\[{}:*?!]"
_IN_TEXT = re.compile(
    rf"(?<![\w.:/\\@~=-])(?:(?:/(?:home|Users)/[A-Za-z][\w.@-]*(?:/{_WORD}*)?)"
    rf"|(?:[A-Za-z]:\\{{1,2}}(?:[Uu]sers|Documents and Settings)\\{{1,2}}(?:[\w.@-]+(?: [\w.@-]+)?)"
    rf"(?:\\{{1,2}}{_WORD}*)?)"
    rf"|(?:[A-Za-z]:/Users/[\w.@-]+(?:/{_WORD}*)?))"
)


def users_paths_in(text: str) -> list[tuple[int, int, str]]:
    """Paths below a person's home folder in running text: start, end, user's name."""
    if "sers" not in text and "/home/" not in text and "Documents and" not in text:
        return []
    found = []
    for match in _IN_TEXT.finditer(text):
        parts = [part for part in re.split(r"[\\/]+", match[0]) if part]
        at = 1 if parts[0] in ("home", "Users", "users") else 2
        user = parts[at].rstrip(".") if len(parts) > at else ""
        if user and user.lower() not in _NOBODY and not _SHARED_HOMES.match(match[0]):
            found.append((match.start(), match.end(), user))
    return found


_NOBODY = words(
    """
    public default all shared username user <user> your_username yourname your_name me you someone travis runner
    circleci root vsts docker conda jovyan name xxx xxxx
    """
)

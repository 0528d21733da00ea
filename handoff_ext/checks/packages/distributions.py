"""Modules whose distribution has another name. From the distributions' own metadata on PyPI."""

from __future__ import annotations

_PAIRS = """
sklearn scikit-learn|cv2 opencv-python|PIL pillow|skimage scikit-image|bs4 beautifulsoup4|yaml pyyaml|imblearn
imbalanced-learn
dateutil python-dateutil|dotenv python-dotenv|docx python-docx|pptx python-pptx|fitz pymupdf|Bio biopython|serial
pyserial
usb pyusb|MySQLdb mysqlclient|mysql mysql-connector-python|psycopg2 psycopg2-binary|jwt pyjwt|Crypto
pycryptodome|OpenSSL pyopenssl
git gitpython|github pygithub|telegram python-telegram-bot|discord discord.py|slack_sdk slack-sdk|google.cloud
google-cloud
umap umap-learn|community python-louvain|igraph igraph|graphviz graphviz|pydotplus pydotplus|sksurv scikit-survival
skopt scikit-optimize|skfuzzy scikit-fuzzy|scikitplot scikit-plot|sklearn_crfsuite sklearn-crfsuite|category_encoders
category_encoders
pytorch_lightning pytorch-lightning|lightning lightning|torch torch|torchvision torchvision|tensorflow
tensorflow|tf_keras tf-keras
tensorflow_hub tensorflow-hub|tensorflow_datasets tensorflow-datasets|tensorflow_probability
tensorflow-probability|keras keras
sentence_transformers sentence-transformers|langchain_openai langchain-openai|langchain_community langchain-community
llama_index llama-index|llama_cpp llama-cpp-python|faiss faiss-cpu|openai openai|google.generativeai google-generativeai
huggingface_hub huggingface-hub|speech_recognition SpeechRecognition|pyaudio PyAudio|pydub pydub|librosa
librosa|moviepy moviepy
plotly_express plotly|mpl_toolkits matplotlib|pylab matplotlib|mplfinance mplfinance|mpl_finance mpl-finance|ggplot
ggplot
pandas_datareader pandas-datareader|pandas_profiling pandas-profiling|ydata_profiling ydata-profiling|sqlalchemy
SQLAlchemy
surprise scikit-surprise|prophet prophet|fbprophet fbprophet|pmdarima pmdarima|arch arch|statsmodels
statsmodels|gluonts gluonts
pyspark pyspark|h2o h2o|pycaret pycaret|autogluon autogluon|tpot tpot|flaml flaml|optuna optuna|hyperopt hyperopt|shap
shap|lime lime
eli5 eli5|interpret interpret|dtreeviz dtreeviz|factor_analyzer factor-analyzer|hmmlearn hmmlearn|lifelines
lifelines|lifetimes Lifetimes
xgboost xgboost|lightgbm lightgbm|catboost catboost|nltk nltk|spacy spacy|gensim gensim|textblob textblob|wordcloud
wordcloud
vaderSentiment vaderSentiment|transformers transformers|datasets datasets|geopandas geopandas|shapely shapely|folium
folium
osgeo gdal|rasterio rasterio|cartopy cartopy|mpl_toolkits.basemap basemap|netCDF4 netCDF4|xarray xarray|rdkit
rdkit|dgl dgl
torch_geometric torch-geometric|gym gym|gymnasium gymnasium|stable_baselines3 stable-baselines3|pymc pymc|pymc3
pymc3|arviz arviz
attr attrs|pkg_resources setuptools|magic python-magic|zmq pyzmq|Levenshtein python-Levenshtein|fuzzywuzzy
fuzzywuzzy|talib TA-Lib
ta ta|yfinance yfinance|quandl Quandl|alpha_vantage alpha_vantage|tweepy tweepy|praw praw|selenium
selenium|requests_html requests-html
flask Flask|ipywidgets ipywidgets|nbformat nbformat|mlflow mlflow|wandb wandb|comet_ml comet-ml|neptune
neptune|azureml azureml-core
box python-box|pyathena PyAthena|cairosvg CairoSVG|imagehash ImageHash|smexperiments sagemaker-experiments
hydra hydra-core|ml_collections ml-collections|spellchecker pyspellchecker|rouge_score rouge-score|rtree Rtree
orbax orbax-checkpoint
missingno missingno|squarify squarify|feature_engine feature-engine|mlxtend mlxtend|yellowbrick yellowbrick|boruta
Boruta
kmodes kmodes|apyori apyori|efficient_apriori efficient-apriori|skmultilearn scikit-multilearn|pywt
PyWavelets|pandasql pandasql
"""
_WORDS = _PAIRS.replace("|", " ").split()
_SAME = """
seaborn plotly bokeh altair pandas numpy scipy matplotlib polars dask pyarrow joblib tqdm requests networkx sympy
numba cython cupy jax flax haiku einops tiktoken langchain chromadb streamlit gradio dash fastapi pydantic click
rich loguru boto3 botocore s3fs gcsfs fsspec pymysql pymongo redis cassandra elasticsearch snowflake duckdb openpyxl
xlrd xlsxwriter xlwt lxml html5lib scrapy pdfplumber PyPDF2 pypdf tabula camelot emoji contractions langdetect
googletrans deep_translator imageio albumentations imgaug timm ultralytics mmcv kornia fastai skorch pyod
stumpy tsfresh sktime darts river causalml econml dowhy cvxpy pulp ortools deap pyswarm simpy mesa nilearn mne
h5py zarr blosc2 tifffile soundfile torchaudio torchmetrics diffusers accelerate peft evaluate bitsandbytes trl
safetensors tokenizers sentencepiece onnx onnxruntime vllm optax humanize mediapipe easyocr pytesseract termcolor
colorama tabulate jsonlines unidecode ftfy textstat sacrebleu rapidfuzz geopy haversine osmnx pyproj fiona
contextily pydeck kaleido watermark sagemaker stepfunctions awswrangler kfp tfx pennylane kagglehub kaggle wget
gdown pyngrok scanpy anndata leidenalg tslearn ruptures pingouin linearmodels dtaidistance fastdtw sweetviz omegaconf
tensorflow_addons tensorflow_text tensorflow_recommenders tensorflow_transform tensorflow_data_validation
tensorflow_model_analysis tensorflow_privacy keras_tuner keras_nlp keras_cv langchain_core more_itertools
efficientnet_pytorch segmentation_models_pytorch kaggle_environments statsforecast neuralprophet biopandas
rustworkx biotite pycolmap
nibabel pydicom astropy healpy uproot awkward vaex modin ray papermill
"""
DISTRIBUTIONS = dict.fromkeys(_SAME.split(), "") | dict(zip(_WORDS[::2], _WORDS[1::2], strict=True))
HOSTED = {
    "google.colab": "Colab",
    "kaggle_secrets": "Kaggle",
    "kaggle_datasets": "Kaggle",
    "kaggle_evaluation": "Kaggle",
    "learntools": "Kaggle's courses",
    "dbutils": "Databricks",
    "notebookutils": "Fabric",
    "mssparkutils": "Synapse",
    "awsglue": "AWS Glue",
}
"""Modules that only a hosted platform has."""


def distribution_of(module: str) -> str:
    """The distribution that a module most likely comes from."""
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        known = DISTRIBUTIONS.get(".".join(parts[:length]))
        if known is not None:
            return known or parts[0].replace("_", "-")
    return parts[0].replace("_", "-")

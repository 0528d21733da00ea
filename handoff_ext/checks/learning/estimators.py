"""What kinds of learners there are, by the names of their classes and functions. Data only."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from handoff_ext.checks.words import words

Kind = Literal[
    "scale",
    "impute",
    "encode",
    "select",
    "reduce",
    "vectorize",
    "resample",
    "rowwise",
    "predict",
    "cluster",
    "search",
    "pipeline",
]

_KINDS: dict[Kind, frozenset[str]] = {
    "scale": words(
        """StandardScaler MinMaxScaler RobustScaler MaxAbsScaler PowerTransformer QuantileTransformer
        KBinsDiscretizer SplineTransformer Winsorizer EqualFrequencyDiscretiser YeoJohnsonTransformer
        BoxCoxTransformer QuantileDiscretizer"""
    ),
    "impute": words(
    """SimpleImputer KNNImputer IterativeImputer Imputer MeanMedianImputer RandomSampleImputer MissForest
    SoftImpute"""
),
    "encode": words(
        """OneHotEncoder OrdinalEncoder LabelEncoder LabelBinarizer MultiLabelBinarizer BinaryEncoder CountEncoder
        CountFrequencyEncoder RareLabelEncoder DictVectorizer BaseNEncoder
        StringIndexer VectorIndexer OneHotEncoderEstimator"""
    ),
    "select": words(
        """SelectKBest SelectPercentile SelectFromModel RFE RFECV SequentialFeatureSelector GenericUnivariateSelect
        ChiSqSelector UnivariateFeatureSelector
        SelectFdr SelectFpr SelectFwe BorutaPy VarianceThreshold TargetEncoder LeaveOneOutEncoder
        JamesSteinEncoder WOEEncoder CatBoostEncoder MEstimateEncoder GLMMEncoder MeanEncoder"""
    ),
    "reduce": words(
        """PCA IncrementalPCA KernelPCA SparsePCA TruncatedSVD FastICA NMF FactorAnalysis LatentDirichletAllocation
        Isomap LocallyLinearEmbedding UMAP MDS TSNE"""
    ),
    "vectorize": words(
        "CountVectorizer TfidfVectorizer TfidfTransformer Tokenizer TextVectorization Normalization IDF Word2Vec"
    ),
    "resample": words(
        """SMOTE SMOTEN SMOTENC BorderlineSMOTE SVMSMOTE KMeansSMOTE ADASYN RandomOverSampler RandomUnderSampler
        TomekLinks EditedNearestNeighbours NearMiss SMOTEENN SMOTETomek ClusterCentroids AllKNN
        CondensedNearestNeighbour"""
    ),
    "rowwise": words("Normalizer Binarizer PolynomialFeatures FunctionTransformer HashingVectorizer FeatureHasher"),
    "search": words(
    """GridSearchCV RandomizedSearchCV HalvingGridSearchCV HalvingRandomSearchCV BayesSearchCV
    OptunaSearchCV CrossValidator TrainValidationSplit"""
),
    "cluster": words(
        """KMeans MiniBatchKMeans DBSCAN OPTICS AgglomerativeClustering MeanShift SpectralClustering
        AffinityPropagation Birch GaussianMixture BayesianGaussianMixture HDBSCAN KModes KPrototypes
        NearestNeighbors IsolationForest LocalOutlierFactor OneClassSVM EllipticEnvelope"""
    ),
    "pipeline": words("Pipeline ColumnTransformer FeatureUnion TransformedTargetRegressor"),
}  # fmt: skip
_BY_NAME: dict[str, Kind] = {name: kind for kind, names in _KINDS.items() for name in names}
_PREDICTORS = re.compile(
    r"\w*(?:Classifier|Regressor|Regression|RegressionCV|Ridge|RidgeCV|Lasso|LassoCV|LassoLars|ElasticNet|ElasticNetCV|SVC|SVR|NB|Perceptron|"
    r"Lars|BayesianRidge|DiscriminantAnalysis|NearestCentroid|LabelPropagation|LabelSpreading|GLM|OLS|WLS|GLS|Logit|Probit|MNLogit|"
    r"ARIMA|SARIMAX|AutoARIMA|VAR|VARMAX|ExponentialSmoothing|SimpleExpSmoothing|Holt|Prophet|CoxPHFitter|KaplanMeierFitter|WeibullAFTFitter|"
    r"Sequential|NeuralNetwork|AutoML|SVD|SVDpp|KNNBasic|KNNWithMeans|BaselineOnly|CoClustering|"
    r"GBM|ALS|Learner|Trainer|TabNet\w*|CatBoost|Booster)"
)
_NOT_PREDICTORS = re.compile(
    r"(?:is|Base|Stratified|get|make|load|plot|create|build|train|test|fetch|my)_?\w*|f_\w+|mutual_\w+|[a-z]\w*_\w+"
)
_FORMULAS = words("ols logit glm probit mixedlm wls gls poisson negativebinomial phreg quantreg mnlogit")
PIPELINES = words("make_pipeline make_column_transformer make_union make_imb_pipeline")
SPLITTERS = words(
    """KFold StratifiedKFold GroupKFold RepeatedKFold RepeatedStratifiedKFold LeaveOneOut LeavePOut
        LeaveOneGroupOut StratifiedGroupKFold ShuffleSplit StratifiedShuffleSplit GroupShuffleSplit
        TimeSeriesSplit PredefinedSplit"""
)
CROSS_VALIDATION = words(
    """cross_val_score cross_validate cross_val_predict learning_curve validation_curve permutation_test_score"""
)
_METRICS = re.compile(
    r"\w+_score|\w+_error|\w+_loss|confusion_matrix|classification_report|roc_curve|precision_recall_curve|auc|plot_confusion_matrix|"
    r"plot_roc_curve|ConfusionMatrixDisplay\.\w+|RocCurveDisplay\.\w+|PrecisionRecallDisplay\.\w+|rmse|mape|rmsle|precision_recall_fscore_support"
)
_LOADERS = re.compile(
    r"read_\w+|load_(?!model|weights|state|ext|dotenv)\w*|fetch_\w+|make_(?:classification|regression|blobs|moons|circles|friedman\d|s_curve|swiss_roll|"
    r"gaussian_quantiles|hastie_10_2)|genfromtxt|loadtxt|scan_\w+|load_dataset|DataReader|data_for|rand|randn|randint|random|normal|uniform"
)
STATISTICS = words(
    """mean median std var min max mode quantile sum skew kurt sem mad nanmean nanmedian nanstd nanmin nanmax
    percentile average describe"""
)


@lru_cache(maxsize=4096)
def kind_of(name: str) -> Kind | None:
    """The kind of learner that a class makes, by its last name."""
    last = name.rpartition(".")[2]
    known = _BY_NAME.get(last)
    if known:
        return known
    if last in PIPELINES:
        return "pipeline"
    if last in _FORMULAS:
        return "predict"
    return "predict" if _PREDICTORS.fullmatch(last) and not _NOT_PREDICTORS.fullmatch(last) else None


@lru_cache(maxsize=4096)
def is_metric(name: str) -> bool:
    """Whether a function judges predictions, by its dotted name."""
    return bool(_METRICS.fullmatch(name.rpartition(".")[2]) or _METRICS.fullmatch(name))


@lru_cache(maxsize=4096)
def loads(last: str) -> bool:
    """Whether a function reads or makes rows, by its last name."""
    return bool(_LOADERS.fullmatch(last))

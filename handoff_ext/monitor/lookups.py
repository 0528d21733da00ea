"""Tables that travel with a model: which rows are no longer found in them."""

from __future__ import annotations

import base64
import zlib
from typing import TYPE_CHECKING

from handoff_ext.contracts.profile import Lookup
from handoff_ext.monitor.bins import as_texts

if TYPE_CHECKING:
    import pyarrow
    from numpy import ndarray


class Known:
    """The keys of one table."""

    def __init__(self, lookup: Lookup) -> None:
        import numpy

        self.table, self.keys = lookup.table, lookup.keys
        self._known = numpy.frombuffer(base64.b64decode(lookup.known), dtype="<u4")

    def absent(self, table: pyarrow.Table) -> ndarray:
        """Which rows have a whole key that is not there; none where the record lacks a column of it."""
        import numpy
        import pyarrow as pa
        from pyarrow import compute

        names = [f"in:{key}" for key in self.keys]
        if not table.num_rows or any(name not in table.column_names for name in names):
            return numpy.zeros(table.num_rows, dtype=bool)
        texts = [as_texts(table[name].combine_chunks()) for name in names]
        whole = compute.binary_join_element_wise(*texts, "\x1f")  # null where a part is
        spelled = whole.dictionary_encode()
        sums = [zlib.crc32(text.encode("utf-8", "surrogatepass")) for text in spelled.dictionary.to_pylist()]
        strange = ~numpy.isin(numpy.array(sums, dtype="<u4"), self._known)
        places = compute.fill_null(spelled.indices, pa.scalar(-1, spelled.indices.type)).to_numpy()
        absent: ndarray = numpy.append(strange, False)[places]
        return absent

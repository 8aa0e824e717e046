"""Writes the Parquet files beside it anew: python make.py (needs pyarrow).

All hold the five rows of `ROWS`, each written in another way.
"""

import pyarrow as pa
import pyarrow.parquet as pq

ROWS = {
    "html": ["<p>一</p>", None, "<p>三", "<p>三", "长" * 700],
    "raw": [b"\xd4\xa4\xcb\xe3", b"", None, b"\x00\xff", b"x"],
    "url": ["http://a/", "http://b/", None, "", "http://e/"],
    "id": [1, 2, None, -4, 2**40],
    "small": pa.array([7, 8, 9, -1, None], pa.int32()),
    "must": ["a", "b", "c", "dd", ""],
    "doc": [{"meta": {"url": f"u{n}"}, "page": None if n == 3 else f"page {n}"} for n in range(1, 5)] + [None],
    "tags": [["a"], [], None, ["b", "c"], ["d"]],
    "size": [1.5, None, 2.5, 3.5, 4.5],
}
table = pa.table(ROWS)
table = table.set_column(
    table.schema.get_field_index("must"), pa.field("must", pa.string(), nullable=False), table["must"]
)
large = table.set_column(0, "html", table["html"].cast(pa.large_string()))


def write(name, table=table, **options):
    pq.write_table(table, f"{name}.parquet", **options)


for codec in ["none", "snappy", "gzip", "brotli", "zstd", "lz4"]:
    write(codec, compression=codec)
write("plain", compression="none", use_dictionary=False, write_statistics=False)
write("version-2", data_page_version="2.0", compression="zstd")
write("groups", row_group_size=2, data_page_size=1)
write("large", large, use_dictionary=False, data_page_version="2.0", compression="none")
DELTA = {"html": "DELTA_BYTE_ARRAY", "url": "DELTA_LENGTH_BYTE_ARRAY", "must": "DELTA_BYTE_ARRAY", "raw": "DELTA_LENGTH_BYTE_ARRAY", "id": "DELTA_BINARY_PACKED", "small": "DELTA_BINARY_PACKED"}
write("deltas", use_dictionary=False, column_encoding=DELTA)
write("deltas-2", use_dictionary=False, column_encoding=DELTA, data_page_version="2.0", compression="gzip")

# Not the same rows: checksums, numbers without a sign, bytes of fixed length.
other = pa.table({
    "html": ["<p>a", "<p>b", "<p>c", "<p>d"],
    "u32": pa.array([1, 2**32 - 1, 3, 4], pa.uint32()),
    "u64": pa.array([1, 2**64 - 1, 3, 4], pa.uint64()),
    "fixed": pa.array([b"<p>1", b"<p>2", b"<p>3", b"<p>4"], pa.binary(4)),
})
CRC = {"row_group_size": 2, "write_page_checksum": True, "compression": "none"}
write("checksums", other, use_dictionary=False, **CRC)
write("checksums-2", other, data_page_version="2.0", **CRC)

# The sample of the project, for the test of the whole program.
sample = open("../../../../fixtures/shanghai-2020.txt", encoding="utf-8", newline="").read()
write("sample", pa.table({"url": ["sample.txt"], "content": [sample]}), compression="zstd")

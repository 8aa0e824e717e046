"""Writes the seeds of the containers and of the encodings, in seeds/TARGET.

The other targets begin with the files of fixtures/, that of Parquet with those
of crates/unpack/tests/parquet. Nothing but Python's own library is needed, and
the files come out the same each time.
"""

import base64
import bz2
import gzip
import io
import json
import lzma
import quopri
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path

SEEDS = Path(__file__).parent / "seeds"
FORM = """财政项目支出绩效目标表
(2020年度)
申报单位名称：\t林桥塔
项目名称：\t桥\t项目类别：\t其他一次性项目
项目总预算（元）：\t7,500\t绩效类型：\t其他类
一级目标\t二级目标\t三级目标\t指标目标值
产出目标\t数量\t杂志征订\t4660份
\t质量\t合格率\t=100%
"""
PAGE = "<table><tr><td rowspan=2>项目名称<td>桥<tr><td>井</table>"


def write(target, name, data):
    (SEEDS / target).mkdir(parents=True, exist_ok=True)
    (SEEDS / target / name).write_bytes(data)


def zipped(files, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files:
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            archive.writestr(info, data)
    return out.getvalue()


def tarred(files, form=tarfile.GNU_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, data in files:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        link = tarfile.TarInfo("link.html")
        link.type, link.linkname = tarfile.SYMTYPE, "a.html"
        archive.addfile(link)
    return out.getvalue().rstrip(b"\0") + bytes(1024)


def gzipped(data):
    return gzip.compress(data, 9, mtime=0)


def zstd(data):
    """One frame of one raw block and one of a run (RFC 8878, 3.1.1)."""
    header = b"\x28\xb5\x2f\xfd" + bytes([0xA0]) + struct.pack("<I", len(data) + 9)
    raw = struct.pack("<I", len(data) << 3)[:3] + data
    run = struct.pack("<I", 9 << 3 | 1 << 1 | 1)[:3] + b" "
    return header + raw + run


def encodings():
    text = FORM.encode()
    for at, label in enumerate(["utf-8", "gbk", "gb18030"]):
        write("encodings", label, bytes([at]) + FORM.encode(label))
    traditional = "項目名稱：\t橋\n預算：\t7,500\n"
    for at, label, codec, what in [
        (3, "big5", "big5", traditional),
        (4, "utf-16le", "utf-16-le", FORM),
        (5, "utf-16be", "utf-16-be", FORM),
        (6, "shift_jis", "shift_jis", "項目\t橋\nｶﾅ\t1\n"),
        (7, "euc-jp", "euc_jp", "項目\t橋\nｶﾅ\t1\n"),
        (8, "euc-kr", "euc_kr", "항목\t다리\n項目\t1\n"),
        (9, "iso-2022-jp", "iso2022_jp", "項目\t橋\n1\t2\n"),
        (10, "windows-1252", "cp1252", "caf\xe9\t\u20ac7\n"),
        (11, "windows-1251", "cp1251", "мост\t7\n"),
        (13, "koi8-r", "koi8_r", "мост\t7\n"),
    ]:
        write("encodings", label, bytes([at]) + what.encode(codec))
    # Declared, forced and neither, where the bytes say otherwise.
    write("encodings", "declared-wrong", bytes([16 + 1]) + text)
    write("encodings", "forced-wrong", bytes([3]) + text)
    write("encodings", "undeclared-gbk", bytes([32]) + FORM.encode("gbk"))
    write("encodings", "mark", bytes([32]) + b"\xff\xfe" + FORM.encode("utf-16-le"))
    write("encodings", "four-bytes", bytes([32]) + "项目\t㐀𠀀ḿ\n".encode("gb18030"))
    write("encodings", "damaged", bytes([1]) + FORM.encode("gbk").replace(b"\t", b"\xff\t"))
    page = "<meta charset=gb2312>" + PAGE
    write("encodings", "page", bytes([32]) + page.encode("gbk"))


def containers():
    page, text = PAGE.encode(), FORM.encode("gbk")
    files = [("b/目标表.html", page), ("a.txt", text), ("b/", b"")]
    inner = zipped([("c.html", page)])
    write("zip", "packed", zipped(files))
    write("zip", "stored", zipped(files, zipfile.ZIP_STORED))
    write("zip", "bzip2", zipped(files, zipfile.ZIP_BZIP2))
    write("zip", "nested", zipped([("in.zip", inner), ("d.gz", gzipped(page)), ("e.tar", tarred([("f", page)]))]))
    write("zip", "cut", zipped(files)[:-40])
    write("zip", "office", zipped([("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"")]))
    write("zip", "odd-names", zipped([("../../etc/passwd", page), ("/abs", page), ("a\x1b\n", page)]))

    write("tar", "gnu", tarred([("b/目标表.html", page), ("很长的名字/" * 20 + "a.html", text)]))
    write("tar", "pax", tarred([("很长的名字/" * 20 + "a.html", page)], tarfile.PAX_FORMAT))
    write("tar", "ustar", tarred([("a.html", page)], tarfile.USTAR_FORMAT))
    write("tar", "nested", tarred([("in.zip", inner), ("d.gz", gzipped(page))]))

    for name, pack in [("gz", gzipped), ("bz2", bz2.compress), ("xz", lzma.compress), ("zst", zstd)]:
        write("compressed", name, pack(page))
        write("compressed", "tar-" + name, pack(tarred([("a.html", page)])[:1536]))
        write("compressed", name + "-cut", pack(text * 4)[:-9])
    write("compressed", "twice", gzipped(page) + gzipped(page))
    write("compressed", "deep", gzipped(gzipped(gzipped(gzipped(page)))))
    write("compressed", "bomb", gzipped(bytes(1 << 22)))

    mhtml()
    warc()
    rows = [{"url": "https://a.example/b", "html": PAGE}, {"url": None, "html": FORM}, {"html": 1}]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    write("json_lines", "utf-8", lines.encode())
    write("json_lines", "escaped", "".join(json.dumps(row) + "\n" for row in rows).encode())
    nested = {"id": 7, "meta": {"a": [1, {"text": "no"}]}, "text": "a\u0000b\ud83d"}
    write("json_lines", "nested", json.dumps(nested).encode() + b"\r\n\r\n{\"text\":")
    write("json_lines", "twice", b'{"text":"a","text":"b","id":-1.5e3}\n[1]\nnull\n{"id":1}\n')


def mhtml():
    head = "From: <Saved by a browser>\r\nSubject: =?utf-8?B?6aG555uu?=\r\nMIME-Version: 1.0\r\n"
    head += 'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="=_b"\r\n\r\n'

    def part(charset, encoding, location, body):
        headers = f"--=_b\r\nContent-Type: text/html; charset={charset}\r\n"
        headers += f"Content-Transfer-Encoding: {encoding}\r\nContent-Location: {location}\r\n\r\n"
        return headers.encode() + body + b"\r\n"

    quoted = quopri.encodestring(PAGE.encode()).replace(b"\n", b"\r\n")
    packed = base64.encodebytes(PAGE.encode("gbk")).replace(b"\n", b"\r\n")
    write("mhtml", "quoted", head.encode() + part("utf-8", "quoted-printable", "https://a.example/", quoted) + b"--=_b--\r\n")
    write("mhtml", "base64", head.encode() + part("gbk", "base64", "file:///C:/a.htm", packed) + b"--=_b--\r\n")
    parts = part("gb2312", "8bit", "sheet001.htm", PAGE.encode("gbk")) + part("utf-8", "7bit", "b.css", b"p{}")
    write("mhtml", "parts", head.encode() + parts)
    inner = "--=_b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\nContent-ID: <7@x>\r\n\r\n"
    write("mhtml", "nested", (head + inner + PAGE + "\r\n--c--\r\n--=_b--\r\n").encode())
    write("mhtml", "single", f"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n{PAGE}\n".encode())


def warc():
    def record(kind, uri, block, length=None):
        head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\n"
        head += f"Content-Type: application/http; msgtype=response\r\nContent-Length: {length or len(block)}\r\n\r\n"
        return head.encode() + block + b"\r\n\r\n"

    def response(headers, body):
        return ("HTTP/1.1 200 OK\r\n" + headers + "\r\n").encode() + body

    page = PAGE.encode("gbk")
    plain = response("Content-Type: text/html; charset=gbk\r\n", page)
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(page[at : at + 20]), page[at : at + 20]) for at in range(0, len(page), 20))
    chunked = response("Transfer-Encoding: chunked\r\n", chunks + b"0\r\n\r\n")
    packed = response("Content-Encoding: gzip\r\n", gzipped(page))
    deflated = response("Content-Encoding: deflate\r\n", zlib.compress(page))
    write("warc", "plain", record("warcinfo", "", b"software: x\r\n") + record("response", "https://a.example/b?c", plain))
    write("warc", "coded", b"".join(record("response", "http://a/", body) for body in [chunked, packed, deflated]))
    write("warc", "resource", record("resource", "file:a.html", page) + record("request", "http://a/", b"GET / HTTP/1.1\r\n\r\n"))
    write("warc", "wrong-length", record("response", "http://a/", plain, 20) + record("response", "http://b/", plain, 900))
    write("warc", "packed", gzipped(record("response", "http://a/", plain)) + gzipped(record("resource", "b", page)))


encodings()
containers()

//! The records that pax puts before a file: lines of a length, a key and a
//! value (POSIX.1-2017, pax, extended header), and those of GNU for holes.

use std::str;

/// What such a record says of a file.
#[derive(Debug, Default)]
pub(super) struct Pax {
    pub(super) path: Option<Vec<u8>>,
    /// Its bytes in the archive, where a header has no room for them.
    pub(super) size: Option<u64>,
    pub(super) map: Option<Holes>,
}

/// Where the data of a file with holes are (GNU tar, "Storing Sparse Files").
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Holes {
    /// The size of the file with its holes.
    pub(super) size: u64,
    /// Of each piece where it begins and how long it is, one behind the other;
    /// none if that stands before the data (version 1.0).
    pub(super) pieces: Option<Vec<u64>>,
}

impl Pax {
    /// Reads a record as far as it is one.
    pub(super) fn new(mut record: &[u8]) -> Self {
        let mut pax = Pax::default();
        let (mut holes, mut has_holes, mut name) = (Holes::default(), false, None);
        while let Some((key, value, rest)) = line(record) {
            let number = || str::from_utf8(value).ok().and_then(|value| value.parse().ok());
            has_holes |= key.starts_with(b"GNU.sparse.");
            match key {
                b"path" => pax.path = Some(value.to_vec()),
                b"size" => pax.size = number(),
                b"GNU.sparse.name" => name = Some(value.to_vec()),
                b"GNU.sparse.size" | b"GNU.sparse.realsize" => holes.size = number().unwrap_or(0),
                b"GNU.sparse.offset" | b"GNU.sparse.numbytes" => {
                    holes.pieces.get_or_insert_default().push(number().unwrap_or(u64::MAX));
                }
                b"GNU.sparse.map" => {
                    let numbers = value.split(|&byte| byte == b',').filter(|number| !number.is_empty());
                    let numbers = numbers.map(|number| str::from_utf8(number).ok()?.parse().ok());
                    holes.pieces = Some(numbers.map(|number| number.unwrap_or(u64::MAX)).collect());
                }
                // Without pieces, all is a hole.
                b"GNU.sparse.numblocks" if value == b"0" => holes.pieces = Some(Vec::new()),
                _ => {}
            }
            record = rest;
        }
        pax.path = name.or(pax.path);
        pax.map = has_holes.then_some(holes);
        pax
    }
}

/// The key and the value of the first line, and the others.
fn line(record: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let space = record.iter().position(|&byte| byte == b' ')?;
    let length: usize = str::from_utf8(&record[..space]).ok()?.parse().ok()?;
    let line = record.get(space + 1..length)?.strip_suffix(b"\n")?;
    let equals = line.iter().position(|&byte| byte == b'=')?;
    Some((&line[..equals], &line[equals + 1..], &record[length..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(lines: &[&str], path: Option<&str>, map: Option<Holes>) {
        let lines = lines.iter().map(|line| {
            let length = line.len() + 2;
            let length = length + (length + 2).to_string().len();
            format!("{length} {line}\n")
        });
        let pax = Pax::new(lines.collect::<String>().as_bytes());
        assert_eq!((pax.path.as_deref(), pax.map), (path.map(str::as_bytes), map));
    }

    #[test]
    fn names_and_holes() {
        check(&["path=a", "mtime=1"], Some("a"), None);
        check(&["path=", "comment=a b=c"], Some(""), None);
        let map = |pieces: Option<&[u64]>| Some(Holes { size: 20, pieces: pieces.map(<[u64]>::to_vec) });
        let piece = ["GNU.sparse.offset=0", "GNU.sparse.numbytes=5"];
        check(&[&["GNU.sparse.size=20"][..], &piece].concat(), None, map(Some(&[0, 5])));
        check(
            &["GNU.sparse.size=20", "GNU.sparse.name=b", "path=GNUSparseFile.1/b", "GNU.sparse.map=0,5,9,1"],
            Some("b"),
            map(Some(&[0, 5, 9, 1])),
        );
        check(&["GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.realsize=20"], None, map(None));
    }
}

//! A bounded sample of what is not ASCII in a document.

use encoding_rs::Encoding;
use memchr::memchr3;

/// How many stretches of a document are looked at, from its start to its end.
const STRETCHES: usize = 16;

/// How many bytes of each are taken.
const QUOTA: usize = 1 << 10;

/// How many ASCII bytes end a run that is not ASCII.
const GAP: usize = 8;

/// The runs of bytes that are not ASCII, each a line with the few ASCII bytes in
/// it and behind it: all of a small document, and of a large one the first of
/// each sixteenth. 16 KiB at most, and no long ASCII head.
pub fn sample(bytes: &[u8]) -> Vec<u8> {
    let mut taken = Vec::new();
    for (n, stretch) in bytes.chunks((bytes.len() / STRETCHES + 1).max(QUOTA)).enumerate() {
        // Not from the middle of a character.
        let start = match n {
            0 => 0,
            _ => memchr3(b'\n', b'\t', b'>', stretch).map_or(0, |n| n + 1),
        };
        take_runs(&stretch[start..], &mut taken);
    }
    taken
}

fn take_runs(mut rest: &[u8], taken: &mut Vec<u8>) {
    let most = taken.len() + QUOTA;
    while taken.len() < most {
        rest = &rest[Encoding::ascii_valid_up_to(rest)..];
        if rest.is_empty() {
            return;
        }
        let (mut end, mut ascii) = (0, 0);
        while end < rest.len() && end < most - taken.len() && ascii < GAP {
            ascii = if rest[end].is_ascii() { ascii + 1 } else { 0 };
            end += 1;
        }
        taken.extend_from_slice(&rest[..end]);
        taken.push(b'\n');
        rest = &rest[end..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_ascii_is_taken() {
        assert_eq!(sample(b"only ASCII"), b"");
        assert_eq!(sample(b"head \xcf\xee, \xc4\xbf and a tail"), b"\xcf\xee, \xc4\xbf and a t\n");
        let head = vec![b' '; 60_000];
        let bytes = [&head, "项目\n".repeat(100_000).as_bytes(), &head].concat();
        let taken = sample(&bytes);
        assert!((10_000..=STRETCHES * (QUOTA + 1)).contains(&taken.len()), "{}", taken.len());
        // One character may be cut at the end of each stretch.
        let text = String::from_utf8_lossy(&taken);
        assert!(text.matches('\u{fffd}').count() <= 2 * STRETCHES);
    }
}

//! Containers to members.

use std::ops::ControlFlow;

use formgrid_unpack::{Input, Limits, Options, unpack};

/// Small, so that a bomb is no finding, and what is not bounded is one.
const LIMITS: Limits = Limits { document: 64 << 10, archive: 1 << 20, ratio: 100, nesting: 3 };

/// Zip archives: with the header of a file, or with none.
pub fn zip(bytes: &[u8]) {
    check(bytes);
}

/// Tar archives, whose headers are given the checksums that they need.
pub fn tar(bytes: &[u8]) {
    let mut bytes = bytes.to_vec();
    for header in bytes.chunks_exact_mut(512).filter(|header| header[0] != 0 && header.contains(&0)) {
        header[148..156].fill(b' ');
        let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    }
    check(&bytes);
}

/// `.gz`, `.bz2`, `.xz` and `.zst`.
pub fn compressed(bytes: &[u8]) {
    check(bytes);
}

/// Saved pages.
pub fn mhtml(bytes: &[u8]) {
    check(bytes);
}

/// Web archives.
pub fn warc(bytes: &[u8]) {
    check(bytes);
}

/// Tables of pages as JSON Lines.
pub fn json_lines(bytes: &[u8]) {
    check(bytes);
}

/// Tables of pages in Parquet.
pub fn parquet(bytes: &[u8]) {
    check(bytes);
}

/// No member is larger than the limit, all together are not, and each is
/// called something that can be printed on one line.
fn check(mut bytes: &[u8]) {
    let length = bytes.len() as u64;
    let options = Options { limits: LIMITS, ..Options::default() };
    let (mut members, mut came) = (0_u64, 0);
    let flow = unpack("folder/file.gz", Input::Stream(&mut bytes), &options, &mut |member| {
        members += 1;
        let path = member.path.as_deref();
        assert!(path.is_none_or(|path| !path.is_empty() && !path.contains(char::is_control)), "{path:?}");
        if let Ok(content) = &member.content {
            let size = content.bytes.len() as u64;
            assert!(size <= LIMITS.document, "{path:?} has {size} bytes");
            came += size;
        }
        ControlFlow::Continue(())
    });
    assert_eq!(flow, ControlFlow::Continue(()));
    assert!(came <= LIMITS.archive + length, "{came} bytes came out of {length}");
    // Each has a byte at least in what holds it.
    assert!(members <= LIMITS.archive + length + 1, "{members} members came out of {length} bytes");
}

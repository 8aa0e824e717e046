//! What the tests of the containers compare: members as lines of text.

use std::io::Read;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use formgrid_model::Diagnostic;

use crate::{Content, Input, Member, Options, unpack};

/// All members of a file: `a.html (gbk): text`, `a.html: error[code]: message`.
pub(crate) fn members(options: &Options, stream: &mut dyn Read) -> Vec<String> {
    let mut members = Vec::new();
    let _ = unpack("file", Input::Stream(stream), options, &mut |Member { path, content }| {
        let path = path.as_deref().unwrap_or("-");
        match content {
            Ok(Content { bytes, charset, diagnostics }) => {
                let charset = charset.map(|charset| format!(" ({charset})")).unwrap_or_default();
                members.push(format!("{path}{charset}: {}", bytes.escape_ascii()));
                members.extend(diagnostics.iter().map(|diagnostic| told(path, diagnostic)));
            }
            Err(diagnostic) => members.push(told(path, &diagnostic)),
        }
        ControlFlow::Continue(())
    });
    members
}

fn told(path: &str, Diagnostic { problem, .. }: &Diagnostic) -> String {
    format!("{path}: {}[{}]: {problem}", problem.severity().name(), problem.code())
}

/// Unpacks a file with some bytes changed, some doubled, some cut off, many
/// times: it must end, in time, and without a panic.
#[track_caller]
pub(crate) fn check_damaged(options: &Options, file: &[u8]) {
    let mut random = fastrand::Rng::with_seed(6);
    for _ in 0..100 {
        let mut bytes = file.to_vec();
        for _ in 0..random.usize(1..8) {
            let at = random.usize(..bytes.len());
            bytes[at] = random.u8(..);
        }
        if random.u8(..4) == 0 {
            let (from, to) = (random.usize(..bytes.len()), random.usize(..bytes.len()));
            bytes.splice(from..from, file[from.min(to)..to].to_vec());
        }
        if random.u8(..4) == 0 {
            bytes.truncate(random.usize(..bytes.len()));
        }
        check_time(|| {
            members(options, &mut bytes.as_slice());
        });
    }
}

/// Checks that something does not take quadratic time, which would be minutes;
/// the build may be unoptimised, and the machine busy.
#[track_caller]
pub(crate) fn check_time(run: impl FnOnce()) {
    let begun = Instant::now();
    run();
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

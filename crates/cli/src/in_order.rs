//! Work on many threads whose results come out in the order of the items.
//!
//! Workers claim items in order from one lazy iterator. The worker whose item
//! is the lowest unfinished one has the turn: what it makes is appended at
//! once, piece by piece, so that one huge document never piles up. The others
//! keep what they make; a finished one is parked, up to [`PARKED`] bytes in
//! all, and its worker goes on to the next item; beyond that, and beyond
//! [`HELD`] bytes in a worker's hands, the worker waits for its turn.
//!
//! This cannot lock up. Let `t` be the lowest item that is not finished.
//! Items are claimed in order, so every worker that waits holds an item above
//! `t`, which means `t` was claimed before. Its worker has the turn and never
//! waits; when it is done, the turn passes to the next item, and whoever waits
//! is woken to see whether it is theirs. If `t` is not claimed yet, nothing
//! above it is either, nobody waits, and the next free worker claims it. A
//! worker that panics ends the waiting of the others, too.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// From this size on, the worker with the turn appends what it has.
const PIECE: usize = 1 << 18;

/// What a worker without the turn may have in its hands.
const HELD: usize = 1 << 22;

/// What all parked results may come to.
const PARKED: usize = 1 << 25;

/// Where a worker puts what it makes of one item.
pub struct Desk<'l, 'a, P, E> {
    /// What was made and not yet appended; [`Desk::offer`] may empty it.
    pub piece: P,
    item: u64,
    line: &'l Line<'a, P, E>,
}

/// What the workers share.
struct Line<'a, P, E> {
    state: Mutex<State<'a, P, E>>,
    /// The turn has passed on, or the work was stopped.
    changed: Condvar,
    size: fn(&P) -> usize,
    /// Called when the work is stopped, for those who wait elsewhere.
    stop: &'a (dyn Fn() + Sync),
    /// Whether the work was stopped. It is set by who holds the lock, but may
    /// be read without.
    is_stopped: &'a AtomicBool,
}

struct State<'a, P, E> {
    /// The lowest item that is not finished.
    turn: u64,
    /// Finished items above the turn.
    parked: BTreeMap<u64, P>,
    /// Their sizes, summed up.
    parked_size: usize,
    append: &'a mut (dyn FnMut(P) -> Result<(), E> + Send),
    error: Option<E>,
    is_stopped: &'a AtomicBool,
    stop: &'a (dyn Fn() + Sync),
}

/// Does `work` on each item on some of the threads of `pool` and gives what it
/// made to `append`, in the order of the items. Each worker has a `W` of its
/// own, for buffers. `size` tells how many bytes a piece holds, about. `stop`
/// is called if the work ends before the items do, so that none is waited for.
///
/// # Errors
///
/// The first error of `append`; it ends the work.
pub fn in_order<I, W, P, E>(
    pool: &rayon::ThreadPool,
    items: impl Iterator<Item = I> + Send,
    size: fn(&P) -> usize,
    work: impl Fn(I, &mut W, &mut Desk<P, E>) + Sync,
    append: &mut (dyn FnMut(P) -> Result<(), E> + Send),
    stop: &(dyn Fn() + Sync),
) -> Result<(), E>
where
    W: Default,
    P: Default + Send,
    E: Send,
{
    let is_stopped = &AtomicBool::new(false);
    let state =
        State { turn: 0, parked: BTreeMap::new(), parked_size: 0, append, error: None, is_stopped, stop };
    let line = Line { state: Mutex::new(state), changed: Condvar::new(), size, stop, is_stopped };
    let items = Mutex::new((0..).zip(items));
    pool.broadcast(|_| {
        let mut own = W::default();
        while !is_stopped.load(Ordering::Relaxed) {
            let Some((item, value)) = items.lock().unwrap_or_else(PoisonError::into_inner).next() else {
                break;
            };
            let mut desk = Desk { piece: P::default(), item, line: &line };
            work(value, &mut own, &mut desk);
            desk.finish();
        }
    });
    let state = line.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    state.error.map_or(Ok(()), Err)
}

impl<P: Default, E> Desk<'_, '_, P, E> {
    /// Appends the piece if it is large and may be appended, or waits until it
    /// may if it is too large to keep. To be called now and then; breaks if the
    /// work was stopped, so that the rest of the item need not be done.
    pub fn offer(&mut self) -> ControlFlow<()> {
        let size = (self.line.size)(&self.piece);
        if size < PIECE {
            return self.line.flow();
        }
        let mut state = self.line.lock();
        if state.turn != self.item && size >= HELD {
            state = self.line.wait(state, self.item);
        }
        if state.turn == self.item {
            state.append(std::mem::take(&mut self.piece));
        }
        self.line.flow()
    }

    /// Does what takes much memory: when the item has the turn, so that one such
    /// item is worked on at a time, and on a thread of its own. What a thread
    /// frees is kept for it by the allocator until it ends, and the next one has
    /// it then; were it done on the workers, each would keep as much.
    pub fn alone<T: Send>(&mut self, work: impl FnOnce(&mut Self) -> T + Send) -> T
    where
        P: Send,
        E: Send,
    {
        let mut state = self.line.lock();
        if state.turn != self.item {
            state = self.line.wait(state, self.item);
        }
        drop(state);
        let done = thread::scope(|scope| scope.spawn(|| work(self)).join());
        done.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }

    fn finish(mut self) {
        let piece = std::mem::take(&mut self.piece);
        let size = (self.line.size)(&piece);
        let mut state = self.line.lock();
        if state.turn != self.item && state.parked_size + size > PARKED {
            state = self.line.wait(state, self.item);
        }
        if state.turn == self.item {
            state.append(piece);
            state.pass_on(self.line.size);
            self.line.changed.notify_all();
        } else {
            state.parked_size += size;
            state.parked.insert(self.item, piece);
        }
    }
}

/// A worker that panics never ends its item; nobody must wait for it.
impl<P, E> Drop for Desk<'_, '_, P, E> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let state = self.line.lock();
            state.is_stopped.store(true, Ordering::Relaxed);
            drop(state);
            self.line.changed.notify_all();
            (self.line.stop)();
        }
    }
}

impl<'a, P, E> Line<'a, P, E> {
    fn lock(&self) -> MutexGuard<'_, State<'a, P, E>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn flow(&self) -> ControlFlow<()> {
        match self.is_stopped.load(Ordering::Relaxed) {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }

    /// Waits until the item has the turn or the work is stopped.
    fn wait<'g>(&self, state: MutexGuard<'g, State<'a, P, E>>, item: u64) -> MutexGuard<'g, State<'a, P, E>> {
        self.changed
            .wait_while(state, |state| state.turn != item && self.flow().is_continue())
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl<P, E> State<'_, P, E> {
    fn append(&mut self, piece: P) {
        if self.is_stopped.load(Ordering::Relaxed) {
            return;
        }
        if let Err(error) = (self.append)(piece) {
            self.error = Some(error);
            self.is_stopped.store(true, Ordering::Relaxed);
            (self.stop)();
        }
    }

    /// Passes the turn on, over all items that are parked already.
    fn pass_on(&mut self, size: fn(&P) -> usize) {
        self.turn += 1;
        while let Some(piece) = self.parked.remove(&self.turn) {
            self.parked_size -= size(&piece);
            self.append(piece);
            self.turn += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(threads: usize) -> rayon::ThreadPool {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap()
    }

    /// Each item becomes this many bytes of its own value, in steps.
    #[track_caller]
    fn check(sizes: &[usize], step: usize) {
        let expected: Vec<u8> = (0..).zip(sizes).flat_map(|(item, &size)| vec![item as u8; size]).collect();
        for threads in [1, 2, 7] {
            let mut out = Vec::new();
            let mut append = |piece: Vec<u8>| {
                out.extend(piece);
                Ok::<(), ()>(())
            };
            let work = |(item, size): (usize, usize), (): &mut (), desk: &mut Desk<Vec<u8>, ()>| {
                for start in (0..size).step_by(step) {
                    desk.piece.resize(desk.piece.len() + step.min(size - start), item as u8);
                    assert!(desk.offer().is_continue());
                }
            };
            let items = sizes.iter().copied().enumerate();
            in_order(&pool(threads), items, Vec::len, work, &mut append, &|| ()).unwrap();
            assert!(out == expected, "{threads} threads");
        }
    }

    #[test]
    fn order_holds_for_any_sizes() {
        check(&[], 1);
        check(&[0, 1, 0, 3, 0], 1);
        check(&[10; 5000], 10);
        check(&[HELD * 3, 5, HELD * 2, PIECE, PARKED + 1, 0, PIECE * 2], PIECE / 3);
    }

    #[test]
    fn the_first_error_ends_the_work() {
        let mut count = 0;
        let mut append = |_: Vec<u8>| {
            count += 1;
            if count == 3 { Err("full") } else { Ok(()) }
        };
        let work = |_: u32, (): &mut (), desk: &mut Desk<Vec<u8>, &'static str>| {
            desk.piece = vec![0; HELD];
            let _ = desk.offer();
        };
        assert_eq!(in_order(&pool(4), 0.., Vec::len, work, &mut append, &|| ()), Err("full"));
        assert_eq!(count, 3);
    }

    #[test]
    fn a_panic_does_not_leave_the_others_waiting() {
        let work = |item: u32, (): &mut (), desk: &mut Desk<Vec<u8>, ()>| {
            assert!(item != 0, "on purpose");
            desk.piece = vec![0; HELD];
            let _ = desk.offer();
        };
        let ended =
            std::panic::catch_unwind(|| in_order(&pool(3), 0..100, Vec::len, work, &mut |_| Ok(()), &|| ()));
        assert!(ended.is_err());
    }
}

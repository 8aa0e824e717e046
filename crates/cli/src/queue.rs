//! A queue bounded in bytes, between the one thread that finds documents and
//! those that convert them.
//!
//! Whoever puts in waits while the queue is full, whoever takes out waits while
//! it is empty. Both stop waiting when the other end is gone, however it went.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// The end to take out of.
pub struct Queue<T> {
    shared: Arc<Shared<T>>,
}

/// The end to put into.
pub struct Inlet<T> {
    shared: Arc<Shared<T>>,
}

struct Shared<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
    most: usize,
}

struct State<T> {
    items: VecDeque<(T, usize)>,
    size: usize,
    phase: Phase,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Open,
    /// Nothing more comes.
    Ended,
    /// Nothing more is wanted.
    Stopped,
}

/// A queue whose items have `most` bytes in all, or are one.
pub fn queue<T>(most: usize) -> (Inlet<T>, Queue<T>) {
    let state = State { items: VecDeque::new(), size: 0, phase: Phase::Open };
    let shared = Arc::new(Shared { state: Mutex::new(state), changed: Condvar::new(), most });
    (Inlet { shared: Arc::clone(&shared) }, Queue { shared })
}

impl<T> Inlet<T> {
    /// Appends an item of so many bytes; waits until there is room. Breaks if
    /// nothing more is wanted.
    pub fn put(&self, item: T, size: usize) -> ControlFlow<()> {
        let is_full = |state: &mut State<T>| {
            state.phase == Phase::Open && !state.items.is_empty() && state.size + size > self.shared.most
        };
        let waited = self.shared.changed.wait_while(self.shared.lock(), is_full);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        if state.phase != Phase::Open {
            return ControlFlow::Break(());
        }
        state.items.push_back((item, size));
        state.size += size;
        drop(state);
        self.shared.changed.notify_all();
        ControlFlow::Continue(())
    }
}

impl<T> Queue<T> {
    /// Ends the waiting at both ends; what is in the queue is dropped.
    pub fn stop(&self) {
        self.shared.set(Phase::Stopped);
    }

    /// Takes out the next item; waits until there is one. None at the end.
    pub fn take(&self) -> Option<T> {
        let is_empty = |state: &mut State<T>| state.phase == Phase::Open && state.items.is_empty();
        let waited = self.shared.changed.wait_while(self.shared.lock(), is_empty);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        let (item, size) = state.items.pop_front()?;
        state.size -= size;
        drop(state);
        self.shared.changed.notify_all();
        Some(item)
    }
}

impl<T> Drop for Inlet<T> {
    fn drop(&mut self) {
        self.shared.set(Phase::Ended);
    }
}

impl<T> Drop for Queue<T> {
    fn drop(&mut self) {
        self.stop();
    }
}

impl<T> Shared<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Leaves the open phase; what comes first counts.
    fn set(&self, phase: Phase) {
        let mut state = self.lock();
        if state.phase == Phase::Open {
            state.phase = phase;
        }
        if phase == Phase::Stopped {
            state.items.clear();
            state.size = 0;
        }
        drop(state);
        self.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::*;

    #[test]
    fn items_come_out_in_order_and_within_the_bound() {
        let (inlet, queue) = queue(100);
        let held = AtomicUsize::new(0);
        thread::scope(|scope| {
            scope.spawn(|| {
                let inlet = inlet;
                for item in 0..1000_usize {
                    // One item is larger than the bound and still passes.
                    let size = if item == 500 { 150 } else { 30 };
                    assert!(inlet.put((item, size), size).is_continue());
                    held.fetch_add(size, Ordering::SeqCst);
                }
            });
            for expected in 0..1000 {
                let (item, size) = queue.take().unwrap();
                assert_eq!(item, expected);
                let before = held.load(Ordering::SeqCst);
                // What was put but not yet counted is one item at the most.
                assert!(before <= 150 + 100, "{before}");
                while held
                    .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |held| held.checked_sub(size))
                    .is_err()
                {
                    thread::yield_now();
                }
            }
            assert!(queue.take().is_none());
        });
    }

    #[test]
    fn nobody_waits_for_an_end_that_is_gone() {
        let (inlet, outlet) = queue(10);
        thread::scope(|scope| {
            let putting = scope.spawn(move || {
                let mut count = 0;
                while inlet.put(count, 10).is_continue() {
                    count += 1;
                }
                count
            });
            assert_eq!(outlet.take(), Some(0));
            outlet.stop();
            assert!(putting.join().unwrap() >= 1);
            assert_eq!(outlet.take(), None);
        });

        let (inlet, outlet) = queue(10);
        thread::scope(|scope| {
            let taking = scope.spawn(|| outlet.take());
            let panics = scope.spawn(move || {
                assert!(inlet.put(7, 1).is_break(), "on purpose");
            });
            assert!(panics.join().is_err());
            assert_eq!(taking.join().unwrap(), Some(7));
            assert_eq!(outlet.take(), None);
        });
    }
}

//! The C side, as a program that has loaded it sees it.

#![expect(unsafe_code, reason = "calls functions of C")]

use std::ffi::OsString;

use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};

/// `bench.c`, with a running chooser.
pub(crate) struct CSide {
    library: Library,
}

impl CSide {
    /// Loads it. Local: its symbols and those of `libpeerage.so` are for nobody else.
    pub(crate) fn start(path: OsString, peers: usize) -> Self {
        // SAFETY: neither object has constructors that do anything but set itself up.
        let library = unsafe { Library::open(Some(path), RTLD_NOW | RTLD_LOCAL) };
        let library = library.expect("the shared object, and libpeerage.so where it looks for it");
        // SAFETY: the signature in `bench.h`.
        let status = unsafe {
            let start = library.get::<unsafe extern "C" fn(usize) -> i32>(b"bench_start\0");
            start.expect("bench_start")(peers)
        };
        assert_eq!(status, 0, "bench_start");
        Self { library }
    }

    /// Nanoseconds of so many rounds.
    pub(crate) fn choose(&self, way: usize, rounds: u64) -> u64 {
        let way = i32::try_from(way).expect("small");
        // SAFETY: the signature in `bench.h`.
        let took = unsafe {
            let choose =
                self.library.get::<unsafe extern "C" fn(i32, u64) -> i64>(b"bench_choose\0");
            choose.expect("bench_choose")(way, rounds)
        };
        u64::try_from(took).unwrap_or_else(|_| panic!("bench_choose: status {took}"))
    }

    pub(crate) fn stop(self) {
        // SAFETY: the signature in `bench.h`.
        let status = unsafe {
            let stop = self.library.get::<unsafe extern "C" fn() -> i32>(b"bench_stop\0");
            stop.expect("bench_stop")()
        };
        assert_eq!(status, 0, "bench_stop");
    }
}

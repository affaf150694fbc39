//! The standard input of the process.

use napi_derive::napi;

/// Whether nobody is left who writes to standard input, be there bytes in it that nobody read yet. A stream that is not
/// read tells its end to nobody. Always false where the system cannot say it.
#[napi(catch_unwind)]
pub fn is_input_over() -> bool {
    over()
}

#[cfg(unix)]
fn over() -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let asked = PollFlags::RDHUP;
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    let asked = PollFlags::empty();
    let input = rustix::stdio::stdin();
    let mut input = [PollFd::new(&input, asked)];
    let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
    poll(&mut input, Some(&at_once)).is_ok()
        && input.iter().any(|input| input.revents().intersects(asked | PollFlags::HUP | PollFlags::ERR))
}

#[cfg(not(unix))]
fn over() -> bool {
    false
}

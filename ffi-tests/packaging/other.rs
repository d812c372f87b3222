//! A second library in Rust, which catches a panic of its own.

#[unsafe(no_mangle)]
pub extern "C" fn other_caught(number: u32) -> u32 {
    std::panic::catch_unwind(|| {
        if number == 7 {
            std::panic::resume_unwind(Box::new("seven"));
        }
        number
    })
    .unwrap_or(99)
}

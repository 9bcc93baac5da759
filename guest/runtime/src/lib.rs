//! Replacement for a C library and `std` in a component: an allocator, a panic handler, and two functions that the compiler and the
//! canonical ABI call by name. A component links it with `extern crate haul_runtime as _`.

#![no_std]
#![deny(unsafe_op_in_unsafe_fn)]

extern crate alloc;

use alloc::alloc::{Layout, alloc, realloc};

#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

/// A panic is a broken invariant: it is reported and traps, so that it never looks like a failed download. If the message contains values,
/// it may hold a URL or a header, and is not shown.
#[panic_handler]
fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
    let words = info.message();
    let words = words.as_str().unwrap_or("its message is not shown");
    let message = match info.location() {
        Some(place) => alloc::format!("haul: panicked at {place}: {words}\n"),
        None => alloc::format!("haul: panicked: {words}\n"),
    };
    let _ = wasip2::cli::stderr::get_stderr().blocking_write_and_flush(message.as_bytes());
    core::arch::wasm32::unreachable()
}

/// Allocates memory for values that the host passes in; traps if there is none.
///
/// # Safety
///
/// The canonical ABI's rules for `realloc`: `old` is null or came from here with `old_length` and `alignment`.
#[unsafe(no_mangle)]
unsafe extern "C" fn cabi_realloc(old: *mut u8, old_length: usize, alignment: usize, length: usize) -> *mut u8 {
    let Ok(layout) = Layout::from_size_align(if old_length == 0 { length } else { old_length }, alignment) else {
        core::arch::wasm32::unreachable()
    };
    let memory = match (old_length, length) {
        (0, 0) => return core::ptr::without_provenance_mut(alignment),
        // SAFETY: the layout is not of zero size.
        (0, _) => unsafe { alloc(layout) },
        // SAFETY: the caller's promise.
        _ => unsafe { realloc(old, layout, length) },
    };
    if memory.is_null() { core::arch::wasm32::unreachable() } else { memory }
}

/// The comparison of memory that the compiler calls.
///
/// # Safety
///
/// Both pointers are valid for reads of `length` bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn memcmp(left: *const u8, right: *const u8, length: usize) -> i32 {
    for at in 0..length {
        // SAFETY: `at` is below `length`.
        let (a, b) = unsafe { (*left.add(at), *right.add(at)) };
        if a != b {
            return i32::from(a) - i32::from(b);
        }
    }
    0
}

//! Hot calls: functions over bytes, as callbacks registered by hand.
//!
//! An exported `#[napi]` function costs 119 ns and two heap allocations a call before it has done
//! anything, a method of a `#[napi]` class 320 ns and four; this callback costs 44 ns and none (Node 20 on
//! x64). At 23 bytes the whole of `JSON.parse` is 170 ns, so the crossing decides.
#![expect(unsafe_code, reason = "DESIGN rule 4: the hot callback of the addon")]

use super::boundary::caught;
use super::error::thrown;
use crate::Error;
use crate::error::ErrorKind;
use napi::bindgen_prelude::{JsValue, Unknown};
use napi::{Env, sys};
use std::ffi::{CStr, c_void};
use std::ptr;
use std::rc::Rc;

/// What a hot call does.
pub(super) trait Hot {
    /// The name of the function.
    const NAME: &'static CStr;
    /// One call; answers a string, or `undefined`. It is handed nothing that could run JavaScript.
    fn call(&self, args: &mut Args) -> Result<Option<String>, Error>;
}

/// What is written to a typed array.
pub(super) trait Element: Copy {
    /// The array.
    const TYPE: sys::napi_typedarray_type;
}

impl Element for u8 {
    const TYPE: sys::napi_typedarray_type = sys::TypedarrayType::uint8_array;
}

impl Element for u32 {
    const TYPE: sys::napi_typedarray_type = sys::TypedarrayType::uint32_array;
}

/// The arguments of a call under way.
pub(super) struct Args {
    env: sys::napi_env,
    values: [sys::napi_value; 3],
    count: usize,
}

impl Args {
    /// How many were given.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// An argument that is a number from 0 to 2^32-1.
    pub(super) fn number(&self, index: usize) -> Result<u32, Error> {
        // SAFETY: `env` and the values are those of the call under way (`called`), `undefined` where not given.
        unsafe { number(self.env, self.value(index)?) }
    }

    /// An argument that is a `Uint8Array`.
    pub(super) fn bytes(&self, index: usize) -> Result<&[u8], Error> {
        // SAFETY: `env` and the values as above. Until the call returns no JavaScript runs on the thread, and these
        // arguments, which the bytes borrow from, are gone by then.
        unsafe { view(self.env, self.value(index)?) }
    }

    /// The first numbers of an argument that is a `Uint32Array`.
    pub(super) fn numbers<const N: usize>(&self, index: usize) -> Result<[u32; N], Error> {
        // SAFETY: `env` and the values as above.
        let (data, length) = unsafe { memory(self.env, self.value(index)?, <u32 as Element>::TYPE) }?;
        let mut numbers = [0; N];
        if length < N {
            return Err(misuse());
        }
        if N > 0 {
            // SAFETY: V8 keeps `length` aligned numbers at `data` while no JavaScript runs, no fewer than these;
            // `numbers` is memory of Rust.
            unsafe { ptr::copy_nonoverlapping(data.cast::<u32>().cast_const(), numbers.as_mut_ptr(), N) };
        }
        Ok(numbers)
    }

    /// Writes to the start of an argument that is a typed array of such elements. Nobody holds bytes of an argument
    /// meanwhile.
    pub(super) fn write<T: Element>(&mut self, index: usize, elements: &[T]) -> Result<(), Error> {
        let value = self.value(index)?;
        // SAFETY: `env` and the values as above.
        let (data, length) = unsafe { memory(self.env, value, T::TYPE) }?;
        if length < elements.len() {
            return Err(misuse());
        }
        if !elements.is_empty() {
            // SAFETY: V8 keeps `length` aligned elements at `data` while no JavaScript runs, no fewer than these; no
            // Rust reference to them is alive, as this borrows the arguments mutably; `elements` is memory of Rust.
            unsafe { ptr::copy_nonoverlapping(elements.as_ptr(), data.cast::<T>(), elements.len()) };
        }
        Ok(())
    }

    fn value(&self, index: usize) -> Result<sys::napi_value, Error> {
        self.values.get(index).copied().ok_or_else(misuse)
    }
}

/// Makes the function of a hot call.
pub(super) fn function<T: Hot>(env: &Env, target: Rc<T>) -> super::error::Result<Unknown<'_>> {
    let failed = || thrown(&Error::new(ErrorKind::Internal, "a function could not be made"));
    let target: *const T = Rc::into_raw(target);
    let data = target.cast_mut().cast::<c_void>();
    let mut function = ptr::null_mut();
    // SAFETY: `env` is the environment of the call under way; NAME outlives the call, which copies it;
    // `called` has the type of a callback and expects the `data` that it gets here.
    let created = unsafe {
        sys::napi_create_function(env.raw(), T::NAME.as_ptr(), -1, Some(called::<T>), data, &raw mut function)
    };
    if created != sys::Status::napi_ok {
        // SAFETY: `target` came from `Rc::into_raw` above and no function was made that could use it.
        drop(unsafe { Rc::from_raw(target) });
        return Err(failed());
    }
    // SAFETY: `function` is the value just made in the open handle scope; the finalizer gets the very
    // pointer that it expects, once, when the function can no longer be called.
    let added = unsafe {
        sys::napi_add_finalizer(
            env.raw(),
            function,
            data,
            Some(release::<T>),
            ptr::null_mut(),
            ptr::null_mut(),
        )
    };
    if added != sys::Status::napi_ok {
        // Without a finalizer the reference stays counted: a leak and not a dangling pointer.
        return Err(failed());
    }
    // SAFETY: `function` is a live value of `env`, as above.
    Ok(unsafe { Unknown::from_raw_unchecked(env.raw(), function) })
}

/// Gives back the reference that a hot call holds.
unsafe extern "C" fn release<T: Hot>(_env: sys::napi_env, data: *mut c_void, _hint: *mut c_void) {
    // A finalizer has nobody to tell that dropping the target failed.
    let _ = caught(|| {
        // SAFETY: `data` is the pointer of `Rc::into_raw` in `function`; Node-API calls a finalizer once,
        // on the thread of its environment, after the last call of the function.
        drop(unsafe { Rc::from_raw(data.cast::<T>().cast_const()) });
    });
}

unsafe extern "C" fn called<T: Hot>(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    // SAFETY: Node-API passes the environment and the call's own information to a callback.
    let error = match caught(|| unsafe { answer::<T>(env, info) }) {
        Ok(Ok(value)) => return value,
        Ok(Err(error)) | Err(error) => thrown(&error),
    };
    // SAFETY: `env` is the environment of the call under way, on its thread.
    unsafe { napi::JsError::from(error).throw_into(env) };
    ptr::null_mut()
}

/// # Safety
/// - `env` and `info` are those of a call, on its thread, of a function made by `function::<T>`.
unsafe fn answer<T: Hot>(
    env: sys::napi_env,
    info: sys::napi_callback_info,
) -> Result<sys::napi_value, Error> {
    let mut values = [ptr::null_mut(); 3];
    let mut count = values.len();
    let mut data = ptr::null_mut();
    // SAFETY: `values` has room for `count` of them; `env` and `info` as the caller guarantees.
    let status = unsafe {
        sys::napi_get_cb_info(env, info, &raw mut count, values.as_mut_ptr(), ptr::null_mut(), &raw mut data)
    };
    if status != sys::Status::napi_ok || data.is_null() {
        return Err(misuse());
    }
    // SAFETY: `data` is the pointer of `Rc::into_raw` in `function`; the function is being called, so
    // its finalizer has not run and the reference is still counted.
    let target = unsafe { &*data.cast::<T>().cast_const() };
    match target.call(&mut Args { env, values, count })? {
        None => Ok(ptr::null_mut()),
        // SAFETY: as the caller guarantees.
        Some(text) => unsafe { string(env, &text) },
    }
}

pub(super) fn misuse() -> Error {
    Error::new(
        ErrorKind::InvalidInput,
        "bytes are a Uint8Array over memory that is neither shared nor detached",
    )
}

/// Calls `job` with the bytes of a view, the first `length` of them. No JavaScript runs meanwhile.
pub(crate) fn with_bytes<T>(
    env: &Env,
    bytes: &Unknown<'_>,
    length: Option<u32>,
    job: impl FnOnce(&[u8]) -> T,
) -> Result<T, Error> {
    // SAFETY: `bytes` is a live value of `env`, both of the call under way; `job` is Rust that is handed no
    // environment, so that it cannot run JavaScript.
    let mut view = unsafe { view(env.raw(), bytes.raw()) }?;
    if let Some(length) = length {
        view = usize::try_from(length).ok().and_then(|length| view.get(..length)).ok_or_else(misuse)?;
    }
    Ok(job(view))
}

/// A JavaScript string; what is not UTF-8 becomes U+FFFD. ASCII is handed over as Latin-1, which needs no decoding.
pub(crate) fn text<'env>(env: &'env Env, text: &[u8]) -> Result<Unknown<'env>, Error> {
    let failed = || Error::new(ErrorKind::Internal, "the text could not be handed over");
    let value = if text.is_ascii() {
        let length = isize::try_from(text.len()).map_err(|_| failed())?;
        let mut value = ptr::null_mut();
        let bytes = text.as_ptr().cast();
        // SAFETY: `env` is that of the call under way; `text` is `length` readable bytes, which the call copies;
        // `value` is ours.
        let status = unsafe { sys::napi_create_string_latin1(env.raw(), bytes, length, &raw mut value) };
        if status != sys::Status::napi_ok {
            return Err(failed());
        }
        value
    } else {
        // SAFETY: `env` is the environment of the call under way.
        unsafe { string(env.raw(), &String::from_utf8_lossy(text)) }?
    };
    // SAFETY: `value` was just made in the open handle scope of `env`.
    Ok(unsafe { Unknown::from_raw_unchecked(env.raw(), value) })
}

/// A copy of the bytes of a view.
pub(crate) fn copied(env: &Env, bytes: &Unknown<'_>) -> Result<Vec<u8>, Error> {
    // SAFETY: `bytes` is a live value of `env`, both of the call under way; the view is copied before
    // anything else can run.
    unsafe { view(env.raw(), bytes.raw()) }.map(<[u8]>::to_vec)
}

/// # Safety
/// - `env` is the environment of the call under way, `value` a live value of it.
unsafe fn number(env: sys::napi_env, value: sys::napi_value) -> Result<u32, Error> {
    let mut number = 0;
    // SAFETY: as the caller guarantees; `number` is ours.
    let status = unsafe { sys::napi_get_value_uint32(env, value, &raw mut number) };
    if status == sys::Status::napi_ok { Ok(number) } else { Err(misuse()) }
}

/// # Safety
/// - `env` is the environment of the call under way.
unsafe fn string(env: sys::napi_env, text: &str) -> Result<sys::napi_value, Error> {
    let failed = || Error::new(ErrorKind::Internal, "the verdict could not be handed over");
    let length = isize::try_from(text.len()).map_err(|_| failed())?;
    let mut value = ptr::null_mut();
    // SAFETY: `text` is `length` readable bytes, which the call copies; `value` is ours.
    let status = unsafe { sys::napi_create_string_utf8(env, text.as_ptr().cast(), length, &raw mut value) };
    if status == sys::Status::napi_ok { Ok(value) } else { Err(failed()) }
}

/// The bytes of a `Uint8Array` over memory that nobody else writes.
///
/// # Safety
/// - `env` is the environment of the call under way, `value` a live value of it.
/// - No JavaScript runs on the thread while the bytes are used: it could detach or resize the buffer.
unsafe fn view<'a>(env: sys::napi_env, value: sys::napi_value) -> Result<&'a [u8], Error> {
    // SAFETY: as the caller guarantees.
    let (data, length) = unsafe { memory(env, value, sys::TypedarrayType::uint8_array) }?;
    if length == 0 {
        return Ok(&[]);
    }
    // SAFETY: V8 keeps `length` bytes at `data` alive and in place while the view is alive and the
    // buffer neither detached nor resized, which takes JavaScript; no other thread can reach them, as the
    // buffer is not shared.
    Ok(unsafe { std::slice::from_raw_parts(data.cast::<u8>().cast_const(), length) })
}

/// The memory of a typed array that nobody else writes, and how many elements it has; without any the pointer may be
/// NULL.
///
/// # Safety
/// - `env` is the environment of the call under way, `value` a live value of it.
unsafe fn memory(
    env: sys::napi_env,
    value: sys::napi_value,
    of: sys::napi_typedarray_type,
) -> Result<(*mut c_void, usize), Error> {
    let mut element = 0;
    let mut length = 0;
    let mut data = ptr::null_mut();
    let mut buffer = ptr::null_mut();
    // SAFETY: `env` and `value` as the caller guarantees (a value that is no typed array is answered by a
    // status); the outputs are ours.
    let status = unsafe {
        sys::napi_get_typedarray_info(
            env,
            value,
            &raw mut element,
            &raw mut length,
            &raw mut data,
            &raw mut buffer,
            ptr::null_mut(),
        )
    };
    if status != sys::Status::napi_ok || element != of {
        return Err(misuse());
    }
    let mut unshared = false;
    // SAFETY: `buffer` is the live value that the call above answered; false for a SharedArrayBuffer.
    let status = unsafe { sys::napi_is_arraybuffer(env, buffer, &raw mut unshared) };
    if status != sys::Status::napi_ok || !unshared {
        return Err(misuse());
    }
    if length == 0 || data.is_null() {
        // A detached buffer has no bytes either, and must not pass for an empty one.
        let mut detached = true;
        // SAFETY: `buffer` is a live ArrayBuffer, as above.
        let status = unsafe { sys::napi_is_detached_arraybuffer(env, buffer, &raw mut detached) };
        if status != sys::Status::napi_ok || detached || length != 0 {
            return Err(misuse());
        }
    }
    Ok((data, length))
}

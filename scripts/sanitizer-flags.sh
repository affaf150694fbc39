# Sourced by asan.sh and fuzz.sh: AddressSanitizer in Rust and in the C helper, and the target they are built for.

target=$(rustc +nightly -vV | sed -n 's/^host: //p')
# With --target the flags below stay away from build scripts and procedural macros.
underscored=${target//-/_}
export "CFLAGS_${underscored}=-fsanitize=address -fno-omit-frame-pointer -g"
asan_rustflags="-Zsanitizer=address -Cforce-frame-pointers=yes"
# The runtime that the program is linked with is LLVM's; gcc's code calls the same functions.
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0:symbolize=0

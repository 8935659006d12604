//! What Masthead spends its time on.

fn main() {
    divan::main();
}

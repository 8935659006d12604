//! Damaged reports cost only themselves: every message of the corpora, cut, bent and with other line ends.

use masthead::deliver::bounce::{read, request};

use crate::golden::files;
use crate::tools::{corpus, long};

/// A series of numbers, the same at each run (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }
}

/// Reads every `step`th message of the corpora with `rounds` kinds of damage each; how many were read.
fn damage(step: usize, rounds: usize) -> usize {
    let Some(folder) = corpus("bounces") else { return 0 };
    let numbers = &mut Numbers(0x9e37_79b9_7f4a_7c15);
    let mut count = 0;
    let all: Vec<Vec<u8>> = files(&folder, "").iter().step_by(step).map(|path| std::fs::read(path).unwrap()).collect();
    for bytes in &all {
        for _ in 0..rounds {
            let mut bent = bytes.clone();
            match numbers.below(6) {
                0 => bent.truncate(numbers.below(bytes.len())),
                1 => drop(bent.drain(..numbers.below(bytes.len()))),
                2 => bent.retain(|byte| *byte != b'\n'),
                3 => bent.iter_mut().filter(|byte| **byte == b'\n').for_each(|byte| *byte = b'\r'),
                4 => {
                    let other = &all[numbers.below(all.len())];
                    let at = numbers.below(bent.len());
                    bent.splice(at..at, other.iter().copied().take(5000));
                }
                _ => {}
            }
            for _ in 0..numbers.below(50) {
                let at = numbers.below(bent.len());
                if let Some(byte) = bent.get_mut(at) {
                    *byte = if numbers.below(2) == 0 {
                        numbers.below(256) as u8
                    } else {
                        b"\n\r \t:;=<>@\"-?"[numbers.below(13)]
                    };
                }
            }
            let reading = read(&bent);
            assert!(reading.recipients.len() <= 1000 && reading.key.len() == 64);
            let _ = request(&bent);
            count += 1;
        }
    }
    count
}

#[test]
fn damaged_reports_are_read_to_their_end() {
    let count = damage(7, 2);
    println!("{count} damaged messages");
}

#[test]
fn long_damage_of_every_report() {
    if long() {
        println!("{} damaged messages", damage(1, 200));
    }
}

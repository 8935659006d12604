//! Bounces: what real servers wrote, read from the corpora, and the verbs that act upon it.

mod labels;

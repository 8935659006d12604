//! Posts on the web that may be meant for members: in another language they are theirs alone.

use std::path::Path;

use crate::assemble::members::{Exposed, Members};
use crate::config::Config;
use crate::error::{Place, Warning};
use crate::model::Post;

/// How many files are named beside the first.
const NAMED: usize = 3;

/// One warning for all posts that may be meant for members, where there are some. Those that wait for their day count, too.
pub(super) fn told(config: &Config, members: &Members<'_>, posts: &[Post]) -> Option<Warning> {
    let posts: Vec<&Post> = posts.iter().filter(|post| !post.draft).collect();
    let exposed = members.exposed(&posts, &config.openly);
    let ((first, why), others) = exposed.split_first()?;
    let why = match why {
        Exposed::Translation(original) => {
            format!("`{}`, which it translates, is for members only", original.file.display())
        }
        Exposed::Named(series) => {
            format!("the series `{}` keeps such posts in `{}` for members only", series.key, series.language)
        }
    };
    let files: Vec<&Path> = others.iter().map(|(post, _)| &*post.file).collect();
    let warning = Warning::new(format!("this is for everybody on the web; {why}{}", and_others(&files)));
    Some(
        warning
            .at(Place::file(&first.file))
            .hint(format!(
                "to keep it for members: a series in `{}` with `public = false` that takes it, and none that is public",
                first.language
            ))
            .hint(
                "where it is meant: `public: true` in its front matter, or `public = true` in a series that takes it",
            ),
    )
}

/// What is said of the other files.
fn and_others(files: &[&Path]) -> String {
    let named: Vec<String> = files.iter().take(NAMED).map(|file| format!("`{}`", file.display())).collect();
    match files.len() {
        0 => String::new(),
        count if count <= NAMED => format!("; it is the same with {}", named.join(", ")),
        count => format!("; it is the same with {} and {} more", named.join(", "), count - NAMED),
    }
}

//! Font faces: loading, choosing, coverage, metrics.

/// A face among those loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FaceId(pub u16);

//! Posts, a series and a window -> a draft issue; the plan with a verdict on each post; numbering, freezing, amending.

//! Independent readers over what we made.

mod feeds;
mod mail;
mod page;
mod pdf;
mod web;

pub(crate) use self::pdf::links as pdf_links;

//! Loading, overriding and strict rendering of handlebars; typed views; strings and dates by language.

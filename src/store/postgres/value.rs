//! Values and columns between PostgreSQL's types and those of `rusqlite`'s conversions.

use std::error::Error;
use std::time::SystemTime;

use ::postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use bytes::BytesMut;
use chrono::{DateTime, Utc};
use rusqlite::types::{FromSql as FromColumn, ToSqlOutput, Value, ValueRef};

use crate::store::database::{Fault, Result};
use crate::store::stamp;

/// A value on its way to the server, whose type the server tells.
#[derive(Debug)]
pub(super) struct Parameter<'p>(ToSqlOutput<'p>);

impl<'p> Parameter<'p> {
    pub(super) fn of(value: &'p dyn rusqlite::types::ToSql) -> Result<Self> {
        Ok(Self(value.to_sql()?))
    }
}

/// What a value's conversion may come to.
type Encoded = std::result::Result<IsNull, Box<dyn Error + Sync + Send>>;

impl ToSql for Parameter<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Encoded {
        let value = match &self.0 {
            ToSqlOutput::Borrowed(value) => *value,
            ToSqlOutput::Owned(value) => ValueRef::from(value),
            _ => return Err("this sort of value is not sent".into()),
        };
        match value {
            ValueRef::Null => Ok(IsNull::Yes),
            ValueRef::Integer(number) => integer(number, ty, out),
            ValueRef::Real(number) => number.to_sql(ty, out),
            ValueRef::Text(bytes) => text(std::str::from_utf8(bytes)?, ty, out),
            ValueRef::Blob(bytes) => bytes.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn integer(number: i64, ty: &Type, out: &mut BytesMut) -> Encoded {
    match *ty {
        Type::INT8 => number.to_sql(ty, out),
        Type::INT4 => i32::try_from(number)?.to_sql(ty, out),
        Type::BOOL => (number != 0).to_sql(ty, out),
        _ => Err(format!("a number was given for a {ty}").into()),
    }
}

fn text(text: &str, ty: &Type, out: &mut BytesMut) -> Encoded {
    match *ty {
        Type::TIMESTAMPTZ => SystemTime::from(text.parse::<DateTime<Utc>>()?).to_sql(ty, out),
        Type::TEXT => kept(text).as_ref().to_sql(ty, out),
        _ => Err(format!("a text was given for a {ty}").into()),
    }
}

/// A text as a column keeps it: PostgreSQL has no place for U+0000, which a server's reply may hold.
pub(super) fn kept(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains('\0') { text.replace('\0', "\u{fffd}").into() } else { text.into() }
}

/// The value of a column.
pub(in crate::store) fn column<T: FromColumn>(row: &::postgres::Row, column: usize) -> Result<T> {
    let value = match *row.columns()[column].type_() {
        Type::INT8 => of::<i64>(row, column)?.map(Value::Integer),
        Type::INT4 => of::<i32>(row, column)?.map(|number| Value::Integer(number.into())),
        Type::BOOL => of::<bool>(row, column)?.map(|is_so| Value::Integer(is_so.into())),
        Type::FLOAT8 => of::<f64>(row, column)?.map(Value::Real),
        Type::TEXT => of::<String>(row, column)?.map(Value::Text),
        Type::BYTEA => of::<Vec<u8>>(row, column)?.map(Value::Blob),
        Type::TIMESTAMPTZ => of::<SystemTime>(row, column)?.map(|instant| Value::Text(stamp(instant.into()))),
        ref other => return Err(Fault::Unreadable(format!("a column is a {other}"))),
    };
    let value = value.unwrap_or(Value::Null);
    T::column_result(ValueRef::from(&value)).map_err(|cause| Fault::Unreadable(cause.to_string()))
}

fn of<'r, T: FromSql<'r>>(row: &'r ::postgres::Row, column: usize) -> Result<Option<T>> {
    Ok(row.try_get::<_, Option<T>>(column)?)
}

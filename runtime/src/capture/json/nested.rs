//! A list or a map of JSON that is being written: its commas, its keys, its end.

use serde::ser::{self, Serialize};

use super::{Json, Result, Stopped};
use crate::capture::output::Bounded;

/// See the module's documentation.
pub(super) struct Nested<'j, 'a, 'b> {
    json: &'j mut Json<'a, 'b>,
    first: bool,
    close: &'static str,
}

impl<'j, 'a, 'b> Nested<'j, 'a, 'b> {
    pub(super) fn new(json: &'j mut Json<'a, 'b>, close: &'static str) -> Self {
        Self { json, first: true, close }
    }

    fn comma(&mut self) -> Result {
        if std::mem::take(&mut self.first) { Ok(()) } else { self.json.put(",") }
    }

    pub(super) fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result {
        self.comma()?;
        self.json.value(value)
    }

    pub(super) fn field<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Result {
        self.comma()?;
        self.json.text(key)?;
        self.json.put(":")?;
        self.json.value(value)
    }

    pub(super) fn finish(self) -> Result {
        self.json.put(self.close)
    }
}

macro_rules! lists {
    ($($list:ident::$method:ident;)+) => {$(
        impl ser::$list for Nested<'_, '_, '_> {
            type Ok = ();
            type Error = Stopped;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result {
                self.element(value)
            }

            fn end(self) -> Result {
                self.finish()
            }
        }
    )+};
}

lists! {
    SerializeSeq::serialize_element;
    SerializeTuple::serialize_element;
    SerializeTupleStruct::serialize_field;
    SerializeTupleVariant::serialize_field;
}

macro_rules! structs {
    ($($of:ident)+) => {$(
        impl ser::$of for Nested<'_, '_, '_> {
            type Ok = ();
            type Error = Stopped;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result {
                self.field(key, value)
            }

            fn end(self) -> Result {
                self.finish()
            }
        }
    )+};
}

structs!(SerializeStruct SerializeStructVariant);

impl ser::SerializeMap for Nested<'_, '_, '_> {
    type Ok = ();
    type Error = Stopped;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result {
        self.comma()?;
        // JSON has no keys but texts; whatever is none becomes one.
        let mut bytes = Vec::new();
        let room = self.json.out.room();
        let mut out = Bounded::new(&mut bytes, room);
        let written = key.serialize(&mut Json { out: &mut out, depth: self.json.depth });
        let key = String::from_utf8_lossy(&bytes);
        if key.starts_with('"') {
            self.json.put(&key)?;
        } else {
            self.json.text(&key)?;
        }
        written
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result {
        self.json.put(":")?;
        self.json.value(value)
    }

    fn end(self) -> Result {
        self.finish()
    }
}

//! `serde(a)`: a value as the JSON text that it serializes to.
//!
//! JSON and not attributes of its own for each field, because what serializes may be of any shape (keys that are not known before, lists
//! of maps), and one text is what people paste. Writing stops at the value's limit, so an iterator without an end ends there.
//! Below 64 levels a value is not looked at. A failing or panicking `Serialize` becomes a placeholder (`value.rs`).

mod nested;

use std::fmt::{self, Display, Write as _};

use serde::ser::{self, Serialize};

use self::nested::Nested;
use super::output::Bounded;

/// Levels of lists and maps inside each other.
const MAX_DEPTH: u8 = 64;
/// What stands for a value below that.
const TOO_DEEP: &str = "\"<nested too deeply>\"";

/// Why serializing stopped: the limit, or the value itself. Which one it was, the writer knows.
#[derive(Debug)]
pub(super) struct Stopped;

impl Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("stopped")
    }
}

impl std::error::Error for Stopped {}

impl From<fmt::Error> for Stopped {
    fn from(_: fmt::Error) -> Self {
        Self
    }
}

impl ser::Error for Stopped {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
}

type Result<T = ()> = std::result::Result<T, Stopped>;

/// Writes `value` as JSON.
pub(super) fn write<T: Serialize + ?Sized>(value: &T, out: &mut Bounded<'_>) -> fmt::Result {
    value.serialize(&mut Json { out, depth: 0 }).map_err(|Stopped| fmt::Error)
}

struct Json<'a, 'b> {
    out: &'a mut Bounded<'b>,
    depth: u8,
}

impl Json<'_, '_> {
    fn put(&mut self, text: &str) -> Result {
        Ok(self.out.write_str(text)?)
    }

    fn show(&mut self, value: impl Display) -> Result {
        Ok(write!(self.out, "{value}")?)
    }

    fn text(&mut self, text: &str) -> Result {
        self.put("\"")?;
        let mut rest = text;
        while let Some(at) = rest.find(|letter: char| matches!(letter, '"' | '\\') || letter < ' ') {
            let (plain, special) = rest.split_at(at);
            self.put(plain)?;
            let mut letters = special.chars();
            match letters.next() {
                Some('\n') => self.put("\\n")?,
                Some('\r') => self.put("\\r")?,
                Some('\t') => self.put("\\t")?,
                Some(letter @ ('"' | '\\')) => write!(self.out, "\\{letter}")?,
                Some(letter) => write!(self.out, "\\u{:04x}", u32::from(letter))?,
                None => {}
            }
            rest = letters.as_str();
        }
        self.put(rest)?;
        self.put("\"")
    }

    /// A number as JSON has it; `null` for what it has not.
    fn number(&mut self, value: f64, shown: impl fmt::Debug) -> Result {
        if value.is_finite() { Ok(write!(self.out, "{shown:?}")?) } else { self.put("null") }
    }

    /// One level deeper, where `inner` writes; a placeholder where that is too deep.
    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result {
        if self.depth >= MAX_DEPTH {
            return self.put(TOO_DEEP);
        }
        self.depth += 1;
        value.serialize(&mut *self)?;
        self.depth -= 1;
        Ok(())
    }
}

impl<'a, 'b> Json<'a, 'b> {
    fn open<'j>(&'j mut self, open: &str, close: &'static str) -> Result<Nested<'j, 'a, 'b>> {
        self.put(open)?;
        Ok(Nested::new(self, close))
    }

    fn open_variant<'j>(
        &'j mut self,
        variant: &str,
        open: &str,
        close: &'static str,
    ) -> Result<Nested<'j, 'a, 'b>> {
        self.put("{")?;
        self.text(variant)?;
        self.put(":")?;
        self.open(open, close)
    }
}

macro_rules! shown {
    ($($method:ident: $type:ty;)+) => {$(
        fn $method(self, value: $type) -> Result {
            self.show(value)
        }
    )+};
}

impl<'j, 'a, 'b> ser::Serializer for &'j mut Json<'a, 'b> {
    type Ok = ();
    type Error = Stopped;
    type SerializeSeq = Nested<'j, 'a, 'b>;
    type SerializeTuple = Nested<'j, 'a, 'b>;
    type SerializeTupleStruct = Nested<'j, 'a, 'b>;
    type SerializeTupleVariant = Nested<'j, 'a, 'b>;
    type SerializeMap = Nested<'j, 'a, 'b>;
    type SerializeStruct = Nested<'j, 'a, 'b>;
    type SerializeStructVariant = Nested<'j, 'a, 'b>;

    shown! {
        serialize_bool: bool;
        serialize_i8: i8;
        serialize_i16: i16;
        serialize_i32: i32;
        serialize_i64: i64;
        serialize_i128: i128;
        serialize_u8: u8;
        serialize_u16: u16;
        serialize_u32: u32;
        serialize_u64: u64;
        serialize_u128: u128;
    }

    fn serialize_f32(self, value: f32) -> Result {
        self.number(f64::from(value), value)
    }

    fn serialize_f64(self, value: f64) -> Result {
        self.number(value, value)
    }

    fn serialize_char(self, value: char) -> Result {
        self.text(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result {
        self.text(value)
    }

    fn serialize_bytes(self, value: &[u8]) -> Result {
        let mut list = self.open("[", "]")?;
        for byte in value {
            list.element(byte)?;
        }
        list.finish()
    }

    fn serialize_none(self) -> Result {
        self.put("null")
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result {
        self.value(value)
    }

    fn serialize_unit(self) -> Result {
        self.put("null")
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result {
        self.put("null")
    }

    fn serialize_unit_variant(self, _name: &'static str, _index: u32, variant: &'static str) -> Result {
        self.text(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _name: &'static str, value: &T) -> Result {
        self.value(value)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result {
        let mut map = self.open("{", "}")?;
        map.field(variant, value)?;
        map.finish()
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<Self::SerializeSeq> {
        self.open("[", "]")
    }

    fn serialize_tuple(self, _len: usize) -> Result<Self::SerializeTuple> {
        self.open("[", "]")
    }

    fn serialize_tuple_struct(self, _name: &'static str, _len: usize) -> Result<Self::SerializeTupleStruct> {
        self.open("[", "]")
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeTupleVariant> {
        self.open_variant(variant, "[", "]}")
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Self::SerializeMap> {
        self.open("{", "}")
    }

    fn serialize_struct(self, _name: &'static str, _len: usize) -> Result<Self::SerializeStruct> {
        self.open("{", "}")
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeStructVariant> {
        self.open_variant(variant, "{", "}}")
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result {
        self.put("\"")?;
        write!(Escaped(self), "{value}")?;
        self.put("\"")
    }
}

/// What is displayed piece by piece, as the inside of a JSON text.
struct Escaped<'j, 'a, 'b>(&'j mut Json<'a, 'b>);

impl fmt::Write for Escaped<'_, '_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for letter in text.chars() {
            match letter {
                '"' | '\\' => write!(self.0.out, "\\{letter}")?,
                letter if letter < ' ' => write!(self.0.out, "\\u{:04x}", u32::from(letter))?,
                letter => self.0.out.write_char(letter)?,
            }
        }
        Ok(())
    }
}

//! YAML as a tree of nodes that know their lines. Only texts are told from what is plain: what a plain scalar is, its reader decides.
//!
//! Bounded in bytes, depth and nodes, so that no file and no alias makes it large. A key that stands twice is an error.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::substitute::substitute;

/// Nodes of a file at most, with those that aliases repeat.
const MAX_NODES: usize = 20_000;
/// How deep they nest at most.
const MAX_DEPTH: usize = 64;

/// A node and where it begins, counted from 1.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) line: usize,
    pub(super) value: Value,
}

#[derive(Debug, Clone)]
pub(super) enum Value {
    Null,
    Scalar(Scalar),
    List(Vec<Node>),
    /// In the order of the file; the line is the key's.
    Map(Vec<(String, usize, Node)>),
}

#[derive(Debug, Clone)]
pub(super) struct Scalar {
    /// With references replaced.
    pub(super) text: String,
    /// As it stands in the file, where references show no value.
    pub(super) written: String,
    /// Without quotes: it may be a number or a boolean.
    pub(super) plain: bool,
}

/// What is wrong, and in which line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) line: usize,
    pub(super) text: String,
}

/// What a list or a map is while it is read.
enum Open {
    List(Vec<Node>),
    Map(Vec<(String, usize, Node)>, Option<(String, usize)>),
}

struct Loader<'a> {
    variable: &'a dyn Fn(&str) -> Result<Option<String>, String>,
    /// With the line and the anchor of each.
    open: Vec<(Open, usize, usize)>,
    anchors: HashMap<usize, Node>,
    nodes: usize,
    root: Option<Node>,
}

/// The file's only document.
///
/// # Errors
///
/// It is no YAML, or has no document, or more than one.
pub(super) fn load(
    text: &str,
    variable: &dyn Fn(&str) -> Result<Option<String>, String>,
) -> Result<Node, Problem> {
    let mut loader = Loader { variable, open: Vec::new(), anchors: HashMap::new(), nodes: 0, root: None };
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| Problem {
            line: error.marker().line(),
            text: format!("is no YAML: {}", error.info()),
        })?;
        loader.event(event, span)?;
    }
    loader.root.ok_or(Problem { line: 1, text: "is empty; expected `file_format: \"1.0\"` in it".to_owned() })
}

impl Loader<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Problem> {
        let line = span.start.line();
        let problem = |text: &str| Err(Problem { line, text: text.to_owned() });
        match event {
            Event::DocumentStart(_) if self.root.is_some() => problem("has a second document; expected one"),
            Event::SequenceStart(anchor, _) => self.begin(Open::List(Vec::new()), line, anchor),
            Event::MappingStart(anchor, _) => self.begin(Open::Map(Vec::new(), None), line, anchor),
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Scalar(written, style, anchor, tag) => {
                let is_text = tag.is_some_and(|tag| tag.suffix == "str");
                let plain = style == ScalarStyle::Plain && !is_text;
                self.scalar(&written, plain, line, anchor)
            }
            Event::Alias(anchor) => match self.anchors.get(&anchor).cloned() {
                Some(node) => {
                    self.nodes += count(&node);
                    self.add(Node { line, ..node })
                }
                None => problem("has an alias of nothing before it"),
            },
            _ => Ok(()),
        }
    }

    fn begin(&mut self, open: Open, line: usize, anchor: usize) -> Result<(), Problem> {
        if self.open.len() >= MAX_DEPTH {
            return Err(Problem { line, text: format!("nests deeper than {MAX_DEPTH} levels") });
        }
        if matches!(self.open.last(), Some((Open::Map(_, None), ..))) {
            return Err(Problem { line, text: "has a key that is no text".to_owned() });
        }
        self.open.push((open, line, anchor));
        Ok(())
    }

    fn end(&mut self) -> Result<(), Problem> {
        let Some((open, line, anchor)) = self.open.pop() else { return Ok(()) };
        let value = match open {
            Open::List(list) => Value::List(list),
            Open::Map(map, _) => Value::Map(map),
        };
        self.anchored(Node { line, value }, anchor)
    }

    fn scalar(&mut self, written: &str, plain: bool, line: usize, anchor: usize) -> Result<(), Problem> {
        if let Some((Open::Map(map, key @ None), ..)) = self.open.last_mut() {
            if map.iter().any(|(other, ..)| other == written) {
                return Err(Problem { line, text: format!("has `{written}` twice; remove one of the two") });
            }
            *key = Some((written.to_owned(), line));
            return Ok(());
        }
        let text = substitute(written, self.variable).map_err(|text| Problem { line, text })?;
        let value = if plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL") {
            Value::Null
        } else {
            Value::Scalar(Scalar { text, written: written.to_owned(), plain })
        };
        self.anchored(Node { line, value }, anchor)
    }

    fn anchored(&mut self, node: Node, anchor: usize) -> Result<(), Problem> {
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        self.add(node)
    }

    fn add(&mut self, node: Node) -> Result<(), Problem> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(Problem { line: node.line, text: format!("has more than {MAX_NODES} values") });
        }
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some((Open::List(list), ..)) => list.push(node),
            Some((Open::Map(map, key), ..)) => {
                if let Some((key, line)) = key.take() {
                    map.push((key, line, node));
                }
            }
        }
        Ok(())
    }
}

fn count(node: &Node) -> usize {
    match &node.value {
        Value::List(list) => list.iter().map(count).sum::<usize>() + 1,
        Value::Map(map) => map.iter().map(|(.., node)| count(node)).sum::<usize>() + 1,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    fn problem(text: &str) -> (usize, String) {
        let problem = load(text, &|_| Ok(None)).expect_err(text);
        (problem.line, problem.text)
    }

    #[test]
    fn nodes_know_their_lines_and_texts_are_told_from_what_is_plain() {
        let node = load("a: 1\nb:\n  - \"2\"\n  - !!str 3\n  -\n", &|_| Ok(None)).expect("YAML");
        let Value::Map(map) = &node.value else { panic!("{node:?}") };
        let [
            (_, 1, Node { value: Value::Scalar(one), .. }),
            (_, 2, Node { value: Value::List(list), line: 3 }),
        ] = &map[..]
        else {
            panic!("{map:?}")
        };
        assert!(one.plain);
        let [
            Node { value: Value::Scalar(two), .. },
            Node { value: Value::Scalar(three), .. },
            Node { value: Value::Null, line: 5 },
        ] = &list[..]
        else {
            panic!("{list:?}")
        };
        assert!(!two.plain && !three.plain);
    }

    #[test]
    fn what_is_no_single_document_is_refused_with_its_line() {
        assert_eq!(problem("a: 1\nb: 2\na: 3").0, 3);
        assert!(problem("a: [1, 2").1.starts_with("is no YAML: "));
        assert!(problem("").1.starts_with("is empty"));
        assert!(problem("a: 1\n---\nb: 1").1.contains("second document"));
        assert!(problem("[a]: 1").1.contains("a key that is no text"));
        assert!(problem(&"[".repeat(100)).1.contains("deeper than 64"));
    }

    #[test]
    fn aliases_that_multiply_are_refused() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..8 {
            let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
            let _ = writeln!(text, "a{level}: &a{level} [{aliases}]");
        }
        assert!(problem(&text).1.contains("more than 20000 values"));
        load("a: &a [1]\nb: *a", &|_| Ok(None)).expect("one alias");
    }

    #[test]
    fn keys_and_structure_do_not_come_from_variables() {
        let value = |_: &str| Ok(Some("x: [1]".to_owned()));
        let node = load("${A}: ${A}", &value).expect("YAML");
        let Value::Map(map) = &node.value else { panic!("{node:?}") };
        assert!(
            matches!(&map[..], [(key, _, Node { value: Value::Scalar(text), .. })] if key == "${A}" && text.text == "x: [1]")
        );
    }
}

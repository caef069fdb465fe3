//! Puts finished spans in the order of their tree: parents before children, siblings as the caller wants them.
//!
//! Whatever spans are given, each comes out exactly once: a span whose parent is not among them stands under a line that
//! says so, and ids that form a circle (no honest program makes them) are cut open. Nothing here recurses, so that a tree a
//! million levels deep is only long. Called by the console printer and by `MemoryExporter::tree`.

use std::cmp::Ordering;
use std::collections::HashMap;

use opentelemetry::trace::{SpanId, TraceId};
use opentelemetry_sdk::trace::SpanData;

/// A line of the tree.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    pub(crate) item: Item<'a>,
    /// How many ancestors it has; 0 at the top.
    pub(crate) depth: usize,
    /// Whether it is the last of its siblings.
    pub(crate) last: bool,
    /// Bit *n* is set when the ancestor *n + 1* levels up has later siblings: a guide runs down beside this row.
    pub(crate) guides: u64,
    /// Whether rows of its children follow.
    pub(crate) parent: bool,
}

/// What a row shows.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Item<'a> {
    /// A finished span.
    Span(&'a SpanData),
    /// Stands for a parent that is not among the spans; what follows are its children.
    Missing(SpanId),
}

/// Whether `span` is where its trace entered this process.
pub(crate) fn is_local_root(span: &SpanData) -> bool {
    span.parent_span_id == SpanId::INVALID || span.parent_span_is_remote
}

/// Siblings in the order in which they started; the longer one first where they started together.
pub(crate) fn by_start(a: &SpanData, b: &SpanData) -> Ordering {
    a.start_time.cmp(&b.start_time).then_with(|| b.end_time.cmp(&a.end_time))
}

/// The rows of all trees in `spans`, siblings sorted by `order` (where that says equal: as they were given).
pub(crate) fn rows(spans: &[SpanData], order: impl Fn(&SpanData, &SpanData) -> Ordering) -> Vec<Row<'_>> {
    let mut sorted: Vec<&SpanData> = spans.iter().collect();
    sorted.sort_by(|a, b| order(a, b));

    let mut walk =
        Walk { links: Links::of(&sorted), seen: vec![false; sorted.len()], spans: sorted, rows: Vec::new() };
    let tops = std::mem::take(&mut walk.links.tops);
    let orphans = std::mem::take(&mut walk.links.orphans);
    for (at, top) in tops.iter().enumerate() {
        walk.visit(*top, 0, at + 1 == tops.len() && orphans.is_empty());
    }
    for (parent, children) in orphans {
        walk.missing(parent, &children);
    }
    // What is left hangs on circles only.
    for index in 0..walk.spans.len() {
        let unseen = walk.spans.get(index).filter(|_| !walk.seen(index));
        if let Some(parent) = unseen.map(|span| span.parent_span_id) {
            walk.missing(parent, &[index]);
        }
    }
    walk.rows
}

type Key = (TraceId, SpanId);

/// Who is whose child, by position.
struct Links {
    children: Vec<Vec<usize>>,
    tops: Vec<usize>,
    orphans: Vec<(SpanId, Vec<usize>)>,
}

impl Links {
    fn of(spans: &[&SpanData]) -> Self {
        let mut position: HashMap<Key, usize> = HashMap::with_capacity(spans.len());
        for (index, span) in spans.iter().enumerate() {
            position.entry((span.span_context.trace_id(), span.span_context.span_id())).or_insert(index);
        }
        let mut links =
            Self { children: vec![Vec::new(); spans.len()], tops: Vec::new(), orphans: Vec::new() };
        let mut orphan: HashMap<Key, usize> = HashMap::new();
        for (index, span) in spans.iter().enumerate() {
            let parent = (span.span_context.trace_id(), span.parent_span_id);
            let siblings = match position.get(&parent) {
                _ if span.parent_span_id == SpanId::INVALID => Some(&mut links.tops),
                Some(parent) if *parent != index => links.children.get_mut(*parent),
                _ if span.parent_span_is_remote => Some(&mut links.tops),
                _ => {
                    let next = links.orphans.len();
                    let group = *orphan.entry(parent).or_insert(next);
                    if group == next {
                        links.orphans.push((span.parent_span_id, Vec::new()));
                    }
                    links.orphans.get_mut(group).map(|(_, siblings)| siblings)
                }
            };
            if let Some(siblings) = siblings {
                siblings.push(index);
            }
        }
        links
    }
}

struct Walk<'a> {
    spans: Vec<&'a SpanData>,
    links: Links,
    seen: Vec<bool>,
    rows: Vec<Row<'a>>,
}

impl Walk<'_> {
    fn seen(&self, index: usize) -> bool {
        self.seen.get(index).copied().unwrap_or(true)
    }

    fn missing(&mut self, parent: SpanId, children: &[usize]) {
        self.rows.push(Row { item: Item::Missing(parent), depth: 0, last: true, guides: 0, parent: true });
        for (at, child) in children.iter().enumerate() {
            self.visit(*child, 1, at + 1 == children.len());
        }
    }

    /// Appends the subtree of `top`, which is `depth` (0 or 1) levels down.
    fn visit(&mut self, top: usize, depth: usize, last: bool) {
        let mut open = vec![(top, depth, last, 0_u64)];
        while let Some((index, depth, last, guides)) = open.pop() {
            let (Some(span), Some(seen)) = (self.spans.get(index), self.seen.get_mut(index)) else {
                continue;
            };
            if std::mem::replace(seen, true) {
                continue;
            }
            let children = self.links.children.get(index).map_or(&[][..], Vec::as_slice);
            self.rows.push(Row { item: Item::Span(span), depth, last, guides, parent: !children.is_empty() });
            // The guides of the children: this row's, one level further away, and this row's own.
            let below = guides << 1 | u64::from(!last);
            for (from_end, child) in children.iter().rev().enumerate() {
                open.push((*child, depth + 1, from_end == 0, below));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::span;
    use super::*;

    fn outline(spans: &[SpanData]) -> Vec<String> {
        rows(spans, by_start)
            .iter()
            .map(|row| {
                let name = match row.item {
                    Item::Span(span) => span.name.to_string(),
                    Item::Missing(id) => format!("?{id:x}"),
                };
                format!("{}{name}{}{:b}", row.depth, if row.last { "." } else { "" }, row.guides)
            })
            .collect()
    }

    #[test]
    fn children_follow_their_parent_in_order_of_start() {
        let spans = [
            span(3, 1, "b", 20, 30),
            span(4, 2, "c", 12, 13),
            span(2, 1, "a", 10, 15),
            span(1, 0, "root", 0, 40),
        ];
        assert_eq!(outline(&spans), ["0root.0", "1a0", "2c.1", "1b.0"]);
    }

    #[test]
    fn a_span_whose_parent_is_absent_stands_under_a_missing_row() {
        let spans = [span(2, 9, "a", 1, 2), span(3, 9, "b", 2, 3), span(1, 0, "root", 0, 4)];
        assert_eq!(outline(&spans), ["0root0", "0?9.0", "1a0", "1b.0"]);
    }

    #[test]
    fn a_circle_is_cut_open_and_nothing_is_lost() {
        let spans = [span(1, 2, "a", 0, 9), span(2, 1, "b", 1, 8), span(3, 3, "self", 2, 3)];
        assert_eq!(outline(&spans), ["0?3.0", "1self.0", "0?2.0", "1a.0", "2b.0"]);
    }

    #[test]
    fn a_very_deep_tree_is_only_long() {
        let spans: Vec<_> = (1..=200_000).map(|id| span(id, id - 1, "deep", id, id + 1)).collect();
        let rows = rows(&spans, by_start);
        assert_eq!(rows.len(), spans.len());
        assert_eq!(rows.last().unwrap().depth, spans.len() - 1);
    }
}

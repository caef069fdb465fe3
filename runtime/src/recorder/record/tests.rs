//! Headers of which a part is left out are read as they were.

use std::sync::Arc;

use super::super::chunk::{Chunk, Reader, Writer, activate};
use super::super::pool::Pool;
use super::{Far, Near, Record};
use crate::callsite::{Callsite, Subject};

const CHUNK: usize = 256 * 1024;

static SITES: [Callsite; 2] = [site("one"), site("two")];

const fn site(function: &'static str) -> Callsite {
    Callsite::plain(function, "records", "tests.rs", 1, None, None, "")
}

fn one() -> &'static str {
    "one"
}

fn two() -> &'static str {
    "two"
}

fn record() -> Record {
    Record {
        flags: 0,
        body: 0,
        callsite: &SITES[0],
        subject: one as Subject,
        trace_id: [1; 16],
        span_id: [2; 8],
        parent_id: [3; 8],
        start: 1_000,
        end: 1_500,
    }
}

fn fields(record: &Record) -> impl PartialEq + std::fmt::Debug + use<> {
    let site = (std::ptr::from_ref(record.callsite).addr(), (record.subject)());
    let ids = (record.trace_id, record.span_id, record.parent_id);
    (site, ids, record.start, record.end, record.body, record.flags)
}

fn append(writer: &mut Writer, record: &Record, body: &[u8]) -> bool {
    let body = [body, &[]];
    writer.append(body, || record.ended(record.end, record.flags, body))
}

fn dense(chunk: Arc<Chunk>) -> (Writer, Reader) {
    let (mut writer, reader) = activate(chunk);
    writer.write_densely();
    (writer, reader)
}

fn next(reader: &mut Reader) -> Option<(Record, Vec<u8>)> {
    reader.refresh();
    reader.next::<Record>().map(|(record, body)| (record, body.to_vec()))
}

#[test]
fn whatever_differs_from_the_record_before_is_read_as_it_was_written() {
    let first = record();
    let others = [
        first,
        Record { span_id: [9; 8], start: 7, end: 7, ..first },
        Record { parent_id: [9; 8], ..first },
        Record { parent_id: [0; 8], ..first },
        Record { callsite: &SITES[1], ..first },
        Record { subject: two, ..first },
        Record { trace_id: [7; 16], ..first },
        Record { flags: (1 << 14) - 1, ..first },
        Record { flags: 1 << 14, ..first },
        Record { end: first.start + u64::from(u32::MAX), ..first },
        Record { end: first.start + u64::from(u32::MAX) + 1, ..first },
        Record { start: u64::MAX, end: 0, ..first },
        Record { start: 5, end: 4, ..first },
    ];
    let bodies = [Vec::new(), vec![5; 3], vec![6; 41], vec![7; 65_535], vec![8; 65_536]];
    // Each behind each, so that every one is what the next is compared with.
    for before in others.iter().step_by(if cfg!(miri) { 3 } else { 1 }) {
        for after in &others {
            for body in &bodies {
                let (mut writer, mut reader) = dense(Arc::new(Chunk::new(CHUNK)));
                let all = [(before, &bodies[1]), (after, body), (before, &bodies[2]), (after, &bodies[0])];
                for (record, body) in all {
                    assert!(append(&mut writer, record, body));
                }
                for (record, body) in all {
                    let (read, found) = next(&mut reader).expect("it was published");
                    let len = u32::try_from(body.len()).expect("a short one");
                    assert_eq!(fields(&read), fields(&Record { body: len, ..*record }));
                    assert!(found == *body);
                }
                assert!(next(&mut reader).is_none());
            }
        }
    }
}

#[test]
fn spans_of_one_trace_take_less_room() {
    let count = |other: Record| {
        let (mut writer, _reader) = dense(Arc::new(Chunk::new(CHUNK)));
        assert!(append(&mut writer, &record(), &[]));
        std::iter::repeat_with(|| append(&mut writer, &other, &[])).take_while(|fitted| *fitted).count()
    };
    let left = CHUNK - 2 * size_of::<Record>();
    assert!(count(record()) >= left / size_of::<Near>());
    assert!(count(Record { parent_id: [9; 8], ..record() }) >= left / size_of::<Far>());
    // Of another trace, the first is whole, and the others are like it.
    assert!(
        count(Record { trace_id: [0; 16], ..record() }) >= (left - size_of::<Record>()) / size_of::<Near>()
    );
}

#[test]
fn a_chunk_that_is_used_again_begins_with_a_whole_record() {
    let chunk = Arc::new(Chunk::new(CHUNK));
    for trace in [1, 2] {
        let (mut writer, mut reader) = dense(Arc::clone(&chunk));
        let record = Record { trace_id: [trace; 16], ..record() };
        assert!(append(&mut writer, &record, &[trace]) && append(&mut writer, &record, &[trace]));
        for _ in 0..2 {
            assert_eq!(
                next(&mut reader).map(|(read, body)| (read.trace_id, body)),
                Some(([trace; 16], vec![trace]))
            );
        }
    }
}

#[test]
fn only_what_is_written_while_the_drain_is_behind_leaves_anything_out() {
    let pool = Pool::new(16 * CHUNK, CHUNK);
    let taken: Vec<Writer> = std::iter::repeat_with(|| pool.take(8)).map_while(|writer| writer).collect();
    let counts = taken.into_iter().map(|mut writer| {
        std::iter::repeat_with(|| append(&mut writer, &record(), &[])).take_while(|fitted| *fitted).count()
    });
    let counts: Vec<_> = counts.collect();
    let (few, many) = counts.split_at(2);
    assert!(few.iter().all(|count| *count == CHUNK / size_of::<Record>()), "{counts:?}");
    assert!(
        many.len() == 14 && many.iter().all(|count| *count > 2 * CHUNK / size_of::<Record>()),
        "{counts:?}"
    );
}

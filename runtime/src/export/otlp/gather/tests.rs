use super::*;
use std::task::Waker;

/// Takes `at_once` bytes at most with each write; counts writes and flushes, and knows where what it was given lay.
#[derive(Default)]
struct Stream {
    written: Vec<u8>,
    places: Vec<usize>,
    at_once: usize,
    writes: usize,
    flushes: usize,
}

impl Write for Stream {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(context, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let mut left = self.at_once;
        for slice in slices {
            let part = &slice[..left.min(slice.len())];
            self.written.extend_from_slice(part);
            self.places.push(part.as_ptr().addr());
            left -= part.len();
        }
        self.writes += 1;
        Poll::Ready(Ok(self.at_once - left))
    }

    fn poll_flush(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.flushes += 1;
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

fn gathered(at_once: usize) -> Gathered<Stream> {
    Gathered::new(Stream { at_once, ..Stream::default() }, Bodies::default())
}

fn write(gathered: &mut Gathered<Stream>, mut bytes: &[u8]) {
    let context = &mut Context::from_waker(Waker::noop());
    while !bytes.is_empty() {
        let (head, tail) = bytes.split_at(bytes.len().min(9));
        let slices = [IoSlice::new(head), IoSlice::new(tail)];
        let Poll::Ready(Ok(taken)) = Pin::new(&mut *gathered).poll_write_vectored(context, &slices) else {
            panic!("it can be written");
        };
        assert!(taken > 0);
        bytes = &bytes[taken..];
    }
}

fn flush(gathered: &mut Gathered<Stream>) {
    let context = &mut Context::from_waker(Waker::noop());
    assert!(matches!(Pin::new(gathered).poll_flush(context), Poll::Ready(Ok(()))));
}

fn frame(number: usize) -> Vec<u8> {
    (0..FRAME + 9).map(|index| u8::try_from((index * 31 + number) % 251).unwrap_or(0)).collect()
}

#[test]
fn frames_go_out_many_at_a_time_and_unchanged() {
    let mut gathered = gathered(usize::MAX);
    let frames: Vec<_> = (0..100).map(frame).collect();
    for frame in &frames {
        write(&mut gathered, frame);
        flush(&mut gathered);
    }
    flush(&mut gathered);
    assert_eq!(gathered.stream.written, frames.concat());
    assert!(gathered.stream.writes <= 100 * FRAME / LIMIT + 2, "{} writes", gathered.stream.writes);
}

#[test]
fn what_is_short_goes_out_with_its_flush_and_what_is_long_with_the_one_behind_it() {
    let mut gathered = gathered(usize::MAX);
    write(&mut gathered, b"a ping");
    flush(&mut gathered);
    assert_eq!((&*gathered.stream.written, gathered.stream.flushes), (&b"a ping"[..], 1));
    write(&mut gathered, &frame(0));
    flush(&mut gathered);
    assert_eq!(gathered.stream.flushes, 1, "there may be more");
    flush(&mut gathered);
    assert_eq!((gathered.stream.written.len(), gathered.stream.flushes), (6 + FRAME + 9, 2));
}

#[test]
fn no_more_than_the_limit_is_held_however_little_the_stream_takes() {
    let mut gathered = gathered(1_000);
    let long: Vec<u8> = (0..3).flat_map(|number| frame(number).repeat(20)).collect();
    write(&mut gathered, &long);
    assert!(gathered.held <= LIMIT && gathered.copied.capacity() <= 2 * LIMIT);
    let context = &mut Context::from_waker(Waker::noop());
    assert!(matches!(Pin::new(&mut gathered).poll_shutdown(context), Poll::Ready(Ok(()))));
    assert_eq!(gathered.stream.written, long);
}

#[test]
fn a_request_that_is_under_way_is_written_from_its_own_memory() {
    let mut gathered = gathered(10_000);
    let body: Bytes = frame(0).repeat(4).into();
    let mut expected = Vec::new();
    for known in [true, false] {
        let under_way = known.then(|| gathered.bodies.add(&body));
        for content in body.chunks(FRAME) {
            let framed = [b"head", content].concat();
            let context = &mut Context::from_waker(Waker::noop());
            let slices = [IoSlice::new(b"head"), IoSlice::new(content)];
            let taken = Pin::new(&mut gathered).poll_write_vectored(context, &slices);
            assert!(matches!(taken, Poll::Ready(Ok(taken)) if taken == framed.len()));
            expected.extend_from_slice(&framed);
        }
        // A share in what waits here is kept.
        drop(under_way);
        flush(&mut gathered);
        flush(&mut gathered);
        let own = body.as_ptr().addr()..body.as_ptr().addr() + body.len();
        let places = std::mem::take(&mut gathered.stream.places);
        assert_eq!(places.iter().any(|place| own.contains(place)), known);
        assert_eq!(gathered.stream.written, expected);
    }
    assert!(body.is_unique(), "and nobody has a share left");
}

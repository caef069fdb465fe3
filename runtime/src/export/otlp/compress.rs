//! A request as it goes out: compressed at the fastest level, or as it is. Done before an attempt begins, so that none of its time is
//! spent on that.

use std::io::{self, Write as _};

use bytes::Bytes;

use super::Compression;

/// The name that HTTP's `content-encoding` and gRPC's `grpc-encoding` have for it.
pub(super) fn encoding(compression: Compression) -> Option<&'static str> {
    match compression {
        Compression::None => None,
        Compression::Gzip => Some("gzip"),
        Compression::Zstd => Some("zstd"),
    }
}

pub(super) fn compressed(compression: Compression, request: Bytes) -> io::Result<Bytes> {
    match compression {
        Compression::Gzip => {
            let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            out.write_all(&request)?;
            Ok(out.finish()?.into())
        }
        #[cfg(feature = "zstd")]
        Compression::Zstd => Ok(zstd::bulk::compress(&request, 1)?.into()),
        _ => Ok(request),
    }
}

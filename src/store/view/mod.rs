//! Views: what is kept of a snapshot, part by part, in one immutable file.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `blocks` | a file of blocks in tables, each block with its checksum |
//! | `bits` | numbers in as few bits as they need |
//! | `write` | from the parts of a snapshot to tables |
//! | `read` | from tables to parts, each when it is asked for |

mod bits;
mod blocks;
mod read;
mod write;

pub use read::View;
pub use write::write;

/// So many codes of a column, or rows, make a block: as bits, a whole number of bytes.
const CODES_PER_BLOCK: usize = 16 * 1024;
/// So many commits make a block.
const COMMITS_PER_BLOCK: usize = 4 * 1024;
/// A shorter sequence of names does not count.
const LEAST_COUNTED: usize = 1024;
/// About so many names are found by one block of their hashes.
const NAMED_PER_BLOCK: usize = 512;

/// What a name is found by; the hash is the format's.
fn hash(folded: &str) -> u32 {
    crc32fast::hash(folded.as_bytes())
}

/// The block, of so many, in which the names of a hash are listed.
fn block_of(hash: u32, blocks: u32) -> u32 {
    // Less than `blocks`.
    ((u64::from(hash) * u64::from(blocks)) >> 32) as u32
}

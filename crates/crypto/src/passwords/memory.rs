//! The memory that Argon2 fills, kept between hashes.

use super::HashError;
use aligned_vec::{AVec, ConstAlign};
use argon2::Block;
use zeroize::Zeroize;

/// Blocks of 1 KiB, allocated at the first hash and kept, because getting 19 MiB from the
/// operating system page by page costs a good part of a hash.
///
/// They begin where a page of memory begins: otherwise every fourth block would lie in two pages, and each visit to it would
/// look for both.
///
/// What a hash leaves in them is overwritten by the next one before it is read, and wiped when
/// they are released.
pub(super) struct Memory(AVec<Block, ConstAlign<PAGE>>);

/// The size of a page in bytes, on the machines that most servers are.
const PAGE: usize = 4096;

impl Default for Memory {
    fn default() -> Self {
        Self(AVec::new(PAGE))
    }
}

impl Memory {
    /// At least `count` blocks.
    pub(super) fn blocks(&mut self, count: usize) -> Result<&mut [Block], HashError> {
        let missing = count.saturating_sub(self.0.len());
        if missing > 0 {
            self.release();
            self.0.try_reserve_exact(count).map_err(|_| HashError::OutOfMemory)?;
            self.0.resize(count, Block::new());
        }
        Ok(&mut self.0)
    }

    /// Releases everything when there are more than `count` blocks.
    pub(super) fn keep_at_most(&mut self, count: usize) {
        if self.0.len() > count {
            self.release();
        }
    }

    /// Wipes the blocks and gives them back.
    pub(super) fn release(&mut self) {
        self.0.iter_mut().for_each(Zeroize::zeroize);
        self.0 = AVec::new(PAGE);
    }

    /// The size in bytes.
    pub(super) fn size(&self) -> usize {
        self.0.capacity() * Block::SIZE
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        self.release();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_grows_when_needed_and_shrinks_when_told() {
        let mut memory = Memory::default();
        assert_eq!(memory.size(), 0);
        assert_eq!(memory.blocks(8).unwrap().len(), 8);
        assert_eq!(memory.0.as_ptr().addr() % PAGE, 0, "no block lies in two pages");
        assert_eq!(memory.blocks(4).unwrap().len(), 8);
        memory.keep_at_most(8);
        assert_eq!(memory.size(), 8 * 1024);
        memory.keep_at_most(7);
        assert_eq!(memory.size(), 0);
    }
}

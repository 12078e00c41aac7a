//! What this floor's failures mean to the floors above.

use crate::{
    passwords::{HashError, PoolError},
    sealing::SealError,
    signing::{KeyError, VerifyError},
    tokens::TokenError,
};
use keystead_domain::Error;

impl From<PoolError> for Error {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Busy { retry_after_seconds } => Self::busy(retry_after_seconds),
            // The server is going away, or under pressure: another try may meet another one.
            PoolError::Stopped | PoolError::Hash(HashError::OutOfMemory) => {
                Self::busy(1).with_internal(error.to_string())
            }
            PoolError::NoThread | PoolError::Hash(_) => Self::internal(error.to_string()),
        }
    }
}

impl From<HashError> for Error {
    fn from(error: HashError) -> Self {
        Self::from(PoolError::Hash(error))
    }
}

impl From<SealError> for Error {
    fn from(error: SealError) -> Self {
        Self::internal(error.to_string())
    }
}

impl From<KeyError> for Error {
    fn from(error: KeyError) -> Self {
        Self::internal(error.to_string())
    }
}

/// The caller learns only that he must sign in again or refresh.
impl From<VerifyError> for Error {
    fn from(error: VerifyError) -> Self {
        Self::unauthenticated().with_internal(error.to_string())
    }
}

/// For tokens that stand for a person. Where a token stands for something else, such as a
/// cursor for a place in a list, the caller maps the error itself.
impl From<TokenError> for Error {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Invalid | TokenError::Exhausted => Self::unauthenticated().with_internal(error.to_string()),
            TokenError::TooLong | TokenError::Library => Self::internal(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keystead_domain::ErrorKind;

    #[test]
    fn a_full_queue_is_busy_and_says_when_to_try_again() {
        let error = Error::from(PoolError::Busy { retry_after_seconds: 3 });
        assert!(error.is(ErrorKind::Busy));
        assert_eq!(error.retry_after, Some(3));
    }

    #[test]
    fn bad_tokens_say_nothing_in_public() {
        let public = Error::unauthenticated().to_string();
        for error in [Error::from(VerifyError::Expired), Error::from(TokenError::Invalid)] {
            assert!(error.is(ErrorKind::Unauthenticated));
            assert_eq!(error.to_string(), public);
        }
    }
}

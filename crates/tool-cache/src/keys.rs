//! How are keys made of values that are no tool calls?

use std::{error::Error, fmt};

use serde::Serialize;
use serde_json::Value;

use crate::{
    CacheKey,
    subkey::{Secret, value_key},
};

/// Makes the keys of one namespace of a [`Cache`](crate::Cache): equal values share a key, no others do, and no key of
/// another namespace is met.
///
/// Keys are keyed hashes of the values: who chooses the values cannot choose the keys.
#[derive(Clone)]
pub struct Keys(Secret);

impl Keys {
    pub(crate) fn new(subkey: Secret) -> Self {
        Self(subkey)
    }

    /// Returns the key of a JSON value. Costs one hash; allocates nothing once a thread is warm.
    #[must_use]
    pub fn of_json(&self, value: &Value) -> CacheKey {
        value_key(&self.0, value)
    }

    /// Returns the key of a value by its JSON form.
    ///
    /// # Errors
    ///
    /// [`KeyError`] if it has none, as a map whose keys are no texts.
    pub fn of<T: Serialize + ?Sized>(&self, value: &T) -> Result<CacheKey, KeyError> {
        serde_json::to_value(value).map(|value| self.of_json(&value)).map_err(KeyError)
    }
}

impl fmt::Debug for Keys {
    /// Keeps the secret to itself.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").finish_non_exhaustive()
    }
}

/// A value has no JSON form, and so no key.
#[derive(Debug)]
pub struct KeyError(serde_json::Error);

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value has no JSON form, and so no key")
    }
}

impl Error for KeyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

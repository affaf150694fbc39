//! The policy's member `sanitize`.

#![forbid(unsafe_code)]

use serde::{Deserialize, Serialize};

/// What [`Gate::sanitize`](crate::Gate::sanitize) does beyond what the rules of text name.
///
/// ```
/// use callgate::{Gate, Policy, policy::Treatment};
/// let mut policy = Policy::default();
/// policy.sanitize.wiki_links = Treatment::Keep;
/// policy.sanitize.max_chars = 8;
/// assert_eq!(Gate::new(policy)?.sanitize("[[page]] and more").text, "[[page]]");
/// # Ok::<(), callgate::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Sanitize {
    /// A longer text is cut (characters, that is Unicode code points). Default 100,000.
    pub max_chars: u32,
    /// Three backticks or more, and three tildes or more that a line starts with: they would close the fence that a
    /// prompt puts around the text. Neutralised, they become apostrophes.
    pub code_fences: Treatment,
    /// `[[`, with which note-taking tools link and embed pages. Neutralised, it becomes `[ [`.
    pub wiki_links: Treatment,
    /// Images of Markdown and elements of HTML that load something from elsewhere by themselves. Neutralised, `![`
    /// becomes `! [`, and `<` becomes `&lt;`.
    pub remote_images: Treatment,
    /// Addresses with room for data: a user name, a query above 32 bytes, a label of the host above 40, a piece
    /// without separator above 64, or more than 256 in all. Neutralised, `://` becomes `[:]//`.
    pub data_links: Treatment,
}

impl Default for Sanitize {
    fn default() -> Self {
        Self {
            max_chars: 100_000,
            code_fences: Treatment::Neutralise,
            wiki_links: Treatment::Neutralise,
            remote_images: Treatment::Neutralise,
            data_links: Treatment::Neutralise,
        }
    }
}

/// What becomes of markup.
///
/// ```
/// use callgate::policy::Treatment;
/// assert_eq!(Treatment::default(), Treatment::Neutralise);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Treatment {
    /// It is changed so that no renderer acts on it.
    #[default]
    Neutralise,
    /// It stays.
    Keep,
}

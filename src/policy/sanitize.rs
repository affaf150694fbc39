//! The policy's member `sanitize`.

#![forbid(unsafe_code)]

use super::Policy;
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

impl Policy {
    /// How results are sanitised: they are what the model asked for, so that unless the policy says so itself their
    /// markup stays and they are not cut.
    pub(crate) fn sanitize_of_results(&self) -> Sanitize {
        let (given, default) = (self.sanitize, Sanitize::default());
        let is_said = |name: &str| self.provenance.names(&format!("/sanitize/{name}"));
        let treatment = |name: &str, given: Treatment| {
            if given != default.code_fences || is_said(name) { given } else { Treatment::Keep }
        };
        let is_cut = given.max_chars != default.max_chars || is_said("maxChars");
        Sanitize {
            max_chars: if is_cut { given.max_chars } else { u32::MAX },
            code_fences: treatment("codeFences", given.code_fences),
            wiki_links: treatment("wikiLinks", given.wiki_links),
            remote_images: treatment("remoteImages", given.remote_images),
            data_links: treatment("dataLinks", given.data_links),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_sanitised_as_somebody_said() {
        let of = |text: &str| Policy::from_json(text.as_bytes()).unwrap().sanitize_of_results();
        let kept = Sanitize {
            max_chars: u32::MAX,
            code_fences: Treatment::Keep,
            wiki_links: Treatment::Keep,
            remote_images: Treatment::Keep,
            data_links: Treatment::Keep,
        };
        assert_eq!(of("{}"), kept);
        assert_eq!(Policy::default().sanitize_of_results(), kept);
        let images = Sanitize { remote_images: Treatment::Neutralise, ..kept };
        assert_eq!(of(r#"{ "sanitize": { "remoteImages": "neutralise" } }"#), images);
        assert_eq!(of(r#"{ "sanitize": { "maxChars": 100000 } }"#), Sanitize { max_chars: 100_000, ..kept });
        let mut policy = Policy::default();
        policy.sanitize.max_chars = 8;
        assert_eq!(policy.sanitize_of_results(), Sanitize { max_chars: 8, ..kept });
    }
}

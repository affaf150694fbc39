//! Where dialects differ on what is a string, a name or a comment.

/// How a text is read: what one dialect does and others do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect(u16);

impl Dialect {
    /// A backslash keeps a quote from ending a string.
    pub(super) const ESCAPES: Self = Self(1);
    /// `#` starts a comment.
    pub(super) const HASHES: Self = Self(1 << 1);
    /// `--` starts a comment only where white space follows.
    pub(super) const SPACED: Self = Self(1 << 2);
    /// `//` starts a comment.
    pub(super) const SLASHES: Self = Self(1 << 3);
    /// A carriage return ends a comment.
    pub(super) const RETURNS: Self = Self(1 << 4);
    /// What is in `/*! */` is run.
    pub(super) const RUNS: Self = Self(1 << 5);
    /// Comments nest.
    pub(super) const NESTS: Self = Self(1 << 6);
    /// `$tag$` quotes a text.
    pub(super) const DOLLARS: Self = Self(1 << 7);
    /// `[` and `]` quote a name.
    pub(super) const BRACKETS: Self = Self(1 << 8);
    /// `q'[` and `]'` quote a text.
    pub(super) const Q_QUOTES: Self = Self(1 << 9);
    /// A backslash keeps a back tick from ending a name.
    pub(super) const TICKS: Self = Self(1 << 10);
    /// Three quotes quote a text.
    pub(super) const TRIPLE: Self = Self(1 << 11);

    /// The one in which a text is read of which only the tokens matter.
    pub(super) const COMMON: Self = Self(Self::NESTS.0 | Self::DOLLARS.0 | Self::Q_QUOTES.0);

    /// The same where a backslash keeps a quote from ending a string.
    pub(super) const COMMON_ESCAPED: Self = Self(Self::COMMON.0 | Self::ESCAPES.0);

    const SQL_SERVER: Self = Self(Self::NESTS.0 | Self::BRACKETS.0);

    /// `PostgreSQL` and `DuckDB` with strings of today and of old, `SQLite`, Oracle, `MySQL` with escapes in strings and
    /// without, `BigQuery`, `ClickHouse`, Snowflake and Spark.
    const OTHERS: [Self; 9] = [
        Self(Self::NESTS.0 | Self::RETURNS.0 | Self::DOLLARS.0),
        Self(Self::NESTS.0 | Self::RETURNS.0 | Self::DOLLARS.0 | Self::ESCAPES.0),
        Self(Self::BRACKETS.0),
        Self(Self::Q_QUOTES.0),
        Self(Self::ESCAPES.0 | Self::HASHES.0 | Self::SPACED.0 | Self::RUNS.0),
        Self(Self::HASHES.0 | Self::SPACED.0 | Self::RUNS.0),
        Self(Self::ESCAPES.0 | Self::HASHES.0 | Self::TICKS.0 | Self::TRIPLE.0),
        Self(Self::ESCAPES.0 | Self::HASHES.0 | Self::NESTS.0),
        Self(Self::ESCAPES.0 | Self::SLASHES.0 | Self::DOLLARS.0),
    ];

    pub(super) fn has(self, one: Self) -> bool {
        self.0 & one.0 != 0
    }

    /// The ways to read a text that are not the same for it, the first one that of SQL Server.
    pub(super) fn of(text: &[u8]) -> impl Iterator<Item = Self> {
        let matter = Self::that_matter(text);
        let mut known = [None; 1 + Self::OTHERS.len()];
        let mut len = 0;
        std::iter::once(Self::SQL_SERVER).chain(Self::OTHERS).filter_map(move |dialect| {
            let one = Self(dialect.0 & matter.0);
            if known.contains(&Some(one)) {
                return None;
            }
            *known.get_mut(len)? = Some(one);
            len += 1;
            Some(one)
        })
    }

    /// What a text has something of that dialects differ on.
    fn that_matter(text: &[u8]) -> Self {
        let has = |part: &[u8]| memchr::memmem::find(text, part).is_some();
        let comment = memchr::memmem::find(text, b"/*").map(|at| text.get(at + 2..).unwrap_or_default());
        let mut matter = 0;
        for (one, occurs) in [
            (Self::ESCAPES, memchr::memchr(b'\\', text).is_some()),
            (Self::HASHES, memchr::memchr(b'#', text).is_some()),
            (Self::SPACED, dashes(text).any(|next| !ends_dashes(next))),
            (Self::SLASHES, has(b"//")),
            (Self::RETURNS, returns_alone(text)),
            (Self::RUNS, has(b"/*!") || has(b"/*M!") || has(b"/*m!")),
            (Self::NESTS, comment.is_some_and(|rest| memchr::memmem::find(rest, b"/*").is_some())),
            (Self::DOLLARS, dollars(text)),
            (Self::BRACKETS, memchr::memchr(b'[', text).is_some()),
            (Self::Q_QUOTES, has(b"q'") || has(b"Q'")),
            (Self::TICKS, memchr::memchr(b'`', text).is_some() && memchr::memchr(b'\\', text).is_some()),
            (Self::TRIPLE, has(b"'''") || has(b"\"\"\"")),
        ] {
            matter |= if occurs { one.0 } else { 0 };
        }
        Self(matter)
    }
}

/// The byte behind each `--`.
fn dashes(text: &[u8]) -> impl Iterator<Item = Option<u8>> {
    memchr::memmem::find_iter(text, b"--").map(|at| text.get(at + 2).copied())
}

/// Whether what stands behind `--` makes it a comment everywhere.
pub(super) fn ends_dashes(next: Option<u8>) -> bool {
    next.is_none_or(|byte| byte <= b' ')
}

/// Whether a carriage return ends a line by itself.
fn returns_alone(text: &[u8]) -> bool {
    memchr::memchr_iter(b'\r', text).any(|at| text.get(at + 1) != Some(&b'\n'))
}

/// Whether a dollar can start a quote.
fn dollars(text: &[u8]) -> bool {
    let starts = |next: &u8| next.is_ascii_alphabetic() || matches!(next, b'_' | b'$') || *next >= 0x80;
    memchr::memchr_iter(b'$', text).any(|at| text.get(at + 1).is_some_and(starts))
}

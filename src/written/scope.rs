//! Which touches a rule speaks of.

/// A set of touches by channel, purpose and campaign. Absent members ask nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Scope {
    /// One of these channels.
    pub channels: Option<Vec<String>>,
    /// One of these purposes.
    pub purposes: Option<Vec<String>>,
    /// One of these campaigns.
    pub campaigns: Option<Vec<String>>,
}

/// Which touches of the history a rule counts.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Counting {
    /// Every touch, declared names or not.
    All,
    /// Those in the scope and not in the exception.
    Scope {
        /// The scope.
        scope: Scope,
        /// Touches that match all of it do not count.
        except: Option<Scope>,
    },
}

/// Names in whatever form they come.
pub(crate) fn names<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Vec<String> {
    names.into_iter().map(Into::into).collect()
}

impl Scope {
    /// A scope that asks nothing yet.
    ///
    /// ```
    /// use tactful::{Rule, Scope};
    ///
    /// let rule = Rule::forbid("no-ads").scope(Scope::new().purposes(["promotion"]).channels(["direct"]));
    /// assert_eq!(rule.scope.and_then(|scope| scope.purposes), Some(vec!["promotion".to_owned()]));
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Only touches over one of these channels.
    #[must_use]
    pub fn channels<N: Into<String>>(mut self, channels: impl IntoIterator<Item = N>) -> Self {
        self.channels = Some(names(channels));
        self
    }

    /// Only touches of one of these purposes.
    #[must_use]
    pub fn purposes<N: Into<String>>(mut self, purposes: impl IntoIterator<Item = N>) -> Self {
        self.purposes = Some(names(purposes));
        self
    }

    /// Only touches of one of these campaigns.
    #[must_use]
    pub fn campaigns<N: Into<String>>(mut self, campaigns: impl IntoIterator<Item = N>) -> Self {
        self.campaigns = Some(names(campaigns));
        self
    }
}

impl Counting {
    /// The touches in a scope, save those in an exception.
    pub fn but(scope: Scope, except: Scope) -> Self {
        Self::Scope {
            scope,
            except: Some(except),
        }
    }
}

impl From<Scope> for Counting {
    fn from(scope: Scope) -> Self {
        Self::Scope { scope, except: None }
    }
}

/// Whether a touch is in a scope, and not excepted from it.
pub(crate) fn covers(
    scope: Option<&Scope>,
    except: Option<&Scope>,
    (channel, purpose, campaign): (&str, &str, Option<&str>),
) -> bool {
    let listed = |names: &Option<Vec<String>>, name: Option<&str>| match names {
        None => true,
        Some(names) => name.is_some_and(|name| names.iter().any(|known| known == name)),
    };
    let fits = |scope: &Scope| {
        listed(&scope.channels, Some(channel))
            && listed(&scope.purposes, Some(purpose))
            && listed(&scope.campaigns, campaign)
    };
    scope.is_none_or(fits) && !except.is_some_and(fits)
}

//! Sets of truth values.

/// Some of true, false and unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Truths(u8);

impl Truths {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const TRUE: Self = Self(1);
    pub(crate) const FALSE: Self = Self(2);
    pub(crate) const UNKNOWN: Self = Self(4);
    /// What does not permit.
    pub(crate) const NOT_TRUE: Self = Self(6);
    /// What restrains.
    pub(crate) const NOT_FALSE: Self = Self(5);

    pub(crate) fn of(holds: bool) -> Self {
        if holds { Self::TRUE } else { Self::FALSE }
    }

    pub(crate) fn or_else(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(crate) fn is_within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// What `not` can be.
    pub(crate) fn not(self) -> Self {
        let mut not = Self(self.0 & Self::UNKNOWN.0);
        if self.has(Self::TRUE) {
            not = not.or_else(Self::FALSE);
        }
        if self.has(Self::FALSE) {
            not = not.or_else(Self::TRUE);
        }
        not
    }

    /// What both together can be, in Kleene's logic.
    pub(crate) fn and(self, other: Self) -> Self {
        let mut both = Self((self.0 | other.0) & Self::FALSE.0);
        if self.has(Self::TRUE) && other.has(Self::TRUE) {
            both = both.or_else(Self::TRUE);
        }
        let unknown = |a: Self, b: Self| a.has(Self::UNKNOWN) && b.has(Self::NOT_FALSE);
        if unknown(self, other) || unknown(other, self) {
            both = both.or_else(Self::UNKNOWN);
        }
        both
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_what_their_members_make_in_kleenes_logic() {
        let each = [Truths::TRUE, Truths::FALSE, Truths::UNKNOWN];
        // As numbers, with unknown between: `and` is the lesser of the two.
        let order = |truth: Truths| match truth {
            Truths::TRUE => 2,
            Truths::UNKNOWN => 1,
            _ => 0,
        };
        for a in 1..8 {
            for b in 1..8 {
                let mut expected = Truths::NONE;
                for x in each.into_iter().filter(|x| Truths(a).has(*x)) {
                    for y in each.into_iter().filter(|y| Truths(b).has(*y)) {
                        expected = expected.or_else(if order(x) <= order(y) { x } else { y });
                    }
                }
                assert_eq!(Truths(a).and(Truths(b)), expected, "{a} and {b}");
            }
        }
        assert_eq!(Truths::NOT_TRUE.not(), Truths::NOT_FALSE);
        assert_eq!(Truths::UNKNOWN.not(), Truths::UNKNOWN);
    }
}

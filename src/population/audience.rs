//! Who is in each audience of a population at an instant.

use serde::Serialize;

use super::{Population, rows::Rows};

/// How many customers a campaign speaks to.
///
/// ```
/// # use tactful::{Campaign, Condition, Customer, Duration, Engine, Facts, Rulebook, UnknownTimeZone, Value, ValueType};
/// # use tactful::Variant;
/// # let book = Rulebook::new(tactful::chrono_tz::Europe::Berlin, UnknownTimeZone::House, Duration::days(7))
/// #     .attribute("age", ValueType::Integer).purpose("news").channel("mail", tactful::ChannelConsent::None)
/// #     .campaign(Campaign::new("grown-up", "news", Value::Knowledge).channels(["mail"])
/// #         .audience(Condition::attribute("age").ge(18)).variant(Variant::new("letter")));
/// # let (engine, _) = Engine::compile(&book)?;
/// let mut builder = engine.population(&engine.bind_facts(&Facts::new())?)?;
/// builder.push(&Customer::new("kim").attribute("age", 34), &[])?;
/// builder.push(&Customer::new("lou"), &[])?;
/// let population = builder.build();
/// let counts = population.counts("2026-03-02T12:00:00Z".parse()?);
/// // Nobody knows how old Lou is.
/// assert_eq!((counts[0].campaign(), counts[0].matching(), counts[0].unknown()), ("grown-up", 1, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct AudienceCount<'p> {
    pub(crate) campaign: &'p str,
    pub(crate) matching: usize,
    pub(crate) unknown: usize,
}

impl<'p> AudienceCount<'p> {
    /// The campaign's id.
    pub fn campaign(&self) -> &'p str {
        self.campaign
    }

    /// How many customers the audience is true of.
    pub fn matching(&self) -> usize {
        self.matching
    }

    /// How many customers the audience is unknown of, because something that it reads is missing. They are not reached.
    pub fn unknown(&self) -> usize {
        self.unknown
    }
}

/// The audiences of all campaigns at one instant: who they are, not only how many.
#[derive(Debug, Clone)]
pub struct Audiences<'p> {
    pub(crate) population: &'p Population,
    pub(crate) counts: Vec<AudienceCount<'p>>,
    /// By block, then by campaign.
    pub(crate) blocks: Vec<Vec<Rows>>,
}

/// The audience of one campaign.
#[derive(Debug, Clone, Copy)]
pub struct Audience<'a> {
    audiences: &'a Audiences<'a>,
    number: usize,
    count: AudienceCount<'a>,
}

impl<'p> Audiences<'p> {
    /// All audiences, by rank of their campaigns: priority (high first), then id.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Audience<'_>> {
        self.counts.iter().enumerate().map(|(number, &count)| Audience {
            audiences: self,
            number,
            count,
        })
    }

    /// The audience of a campaign; none if the rulebook has no such campaign.
    pub fn of(&self, campaign: &str) -> Option<Audience<'_>> {
        self.iter().find(|audience| audience.campaign() == campaign)
    }

    /// How many customers are in the audiences of both campaigns; none if the rulebook has not both.
    ///
    /// ```
    /// # use tactful::{Campaign, Condition, Customer, Duration, Engine, Facts, Rulebook, UnknownTimeZone, Value, Variant};
    /// # let campaign = |id: &str, tag: &str| Campaign::new(id, "news", Value::Knowledge).channels(["mail"])
    /// #     .audience(Condition::tag(tag)).variant(Variant::new("letter"));
    /// # let book = Rulebook::new(tactful::chrono_tz::Europe::Berlin, UnknownTimeZone::House, Duration::days(7))
    /// #     .tag("tea").tag("coffee").purpose("news").channel("mail", tactful::ChannelConsent::None)
    /// #     .campaign(campaign("first-flush", "tea")).campaign(campaign("new-roast", "coffee"));
    /// # let (engine, _) = Engine::compile(&book)?;
    /// let mut builder = engine.population(&engine.bind_facts(&Facts::new())?)?;
    /// builder.push(&Customer::new("kim").tag("tea").tag("coffee"), &[])?;
    /// builder.push(&Customer::new("lou").tag("tea"), &[])?;
    /// let population = builder.build();
    /// let audiences = population.audiences("2026-03-02T12:00:00Z".parse()?);
    /// assert_eq!(audiences.overlap("first-flush", "new-roast"), Some(1));
    /// assert_eq!(audiences.overlap("first-flush", "second-flush"), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn overlap(&self, campaign: &str, other: &str) -> Option<usize> {
        let (one, other) = (self.of(campaign)?, self.of(other)?);
        let blocks = one.blocks().zip(other.blocks());
        Some(
            blocks
                .map(|((start, rows, end), (_, other, _))| {
                    let rows_of_block = end.saturating_sub(start);
                    Rows::intersection([rows, other].into_iter(), rows_of_block).count(rows_of_block)
                })
                .fold(0, usize::saturating_add),
        )
    }
}

impl<'a> Audience<'a> {
    /// The campaign's id.
    pub fn campaign(&self) -> &'a str {
        self.count.campaign
    }

    /// How many customers the audience is true of.
    pub fn count(&self) -> usize {
        self.count.matching
    }

    /// How many customers the audience is unknown of, because something that it reads is missing. They are not reached.
    pub fn unknown(&self) -> usize {
        self.count.unknown
    }

    /// The rows of the customers whom the audience is true of, ascending.
    pub fn rows(&self) -> impl Iterator<Item = usize> + use<'a> {
        self.blocks().flat_map(|(start, rows, end)| {
            rows.iter(end.saturating_sub(start))
                .map(move |row| start.saturating_add(usize::from(row)))
        })
    }

    /// The ids of the customers whom the audience is true of, in the order in which they were pushed.
    ///
    /// ```
    /// # use tactful::{Campaign, Condition, Customer, Duration, Engine, Facts, Rulebook, UnknownTimeZone, Value, Variant};
    /// # let book = Rulebook::new(tactful::chrono_tz::Europe::Berlin, UnknownTimeZone::House, Duration::days(7))
    /// #     .tag("tea").purpose("news").channel("mail", tactful::ChannelConsent::None)
    /// #     .campaign(Campaign::new("first-flush", "news", Value::Knowledge).channels(["mail"])
    /// #         .audience(Condition::tag("tea")).variant(Variant::new("letter")));
    /// # let (engine, _) = Engine::compile(&book)?;
    /// let mut builder = engine.population(&engine.bind_facts(&Facts::new())?)?;
    /// builder.push(&Customer::new("kim").tag("tea"), &[])?;
    /// builder.push(&Customer::new("lou"), &[])?;
    /// builder.push(&Customer::new("ann").tag("tea"), &[])?;
    /// let population = builder.build();
    /// let audiences = population.audiences("2026-03-02T12:00:00Z".parse()?);
    /// let first_flush = audiences.of("first-flush").expect("a campaign of the rulebook");
    /// assert_eq!(first_flush.customers().collect::<Vec<_>>(), ["kim", "ann"]);
    /// assert_eq!(first_flush.rows().collect::<Vec<_>>(), [0, 2]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn customers(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let population = self.audiences.population;
        self.rows().filter_map(|row| population.customer(row))
    }

    /// The audience in every block, with the block's first row and the one after its last.
    fn blocks(&self) -> impl Iterator<Item = (usize, &'a Rows, usize)> + use<'a> {
        let (audiences, number) = (self.audiences, self.number);
        let blocks = audiences.population.blocks.iter().zip(&audiences.blocks);
        blocks.filter_map(move |(block, rows)| Some((block.rows.start, rows.get(number)?, block.rows.end)))
    }
}

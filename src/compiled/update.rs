//! One campaign more, another in its place, or one less, without the rest being compiled again.

use std::sync::Arc;

use super::{
    compile::compile_campaign,
    engine::{Compiled, Engine},
    resolve::Resolver,
    rules::Rules,
};
use crate::{
    checked::{
        check::{Beside, Origin, check_campaign},
        problem::{Problem, Problems, Warning},
        read_campaign::read_campaign,
        reader::{Node, Nulls},
    },
    written::{campaign::Campaign, document::Document},
};

impl Engine {
    /// An engine with one more campaign, or with this one in the place of the one that has its id. The others are not
    /// compiled again, and the decisions are those of an engine that is compiled anew from the whole rulebook. This engine
    /// stays as it is: a host swaps the two, and binds facts and customers to the new one.
    ///
    /// ```
    /// use tactful::{Campaign, ChannelConsent, Code, Duration, Engine, Rulebook, UnknownTimeZone, Value, Variant};
    /// let book = Rulebook::new(tactful::chrono_tz::Europe::Berlin, UnknownTimeZone::House, Duration::days(7))
    ///     .purpose("news")
    ///     .channel("mail", ChannelConsent::None);
    /// let tea = Campaign::new("tea", "news", Value::Knowledge).channels(["mail"]).variant(Variant::new("letter"));
    /// let (engine, _) = Engine::compile(&book)?;
    /// let (with_tea, _) = engine.with_campaign(&tea)?;
    /// assert_eq!(with_tea.fingerprint(), Engine::compile(&book.clone().campaign(tea.clone()))?.0.fingerprint());
    /// // A mistake is told as ever, and nothing is lost.
    /// let problems = engine.with_campaign(&tea.channels(["post"])).expect_err("no such channel");
    /// assert_eq!(problems.iter().next().map(|problem| problem.code()), Some(Code::UndeclaredChannel));
    /// # Ok::<(), tactful::Problems>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Every problem of the campaign at once, each with its place in the campaign.
    pub fn with_campaign(&self, campaign: &Campaign) -> Result<(Self, Vec<Warning>), Problems> {
        self.with_checked(campaign, Origin::Built, Vec::new())
    }

    /// As [`Engine::with_campaign`], of a campaign in a document of any serde format.
    ///
    /// # Errors
    ///
    /// Every problem of the campaign at once, each with its place in the document.
    pub fn with_campaign_document(&self, document: &Document) -> Result<(Self, Vec<Warning>), Problems> {
        let mut problems = Vec::new();
        let campaign = read_campaign(Node::root(document, Nulls::Refused), &mut problems);
        self.with_checked(&campaign, Origin::Read, problems)
            .map_err(|problems| problems.in_order(document))
    }

    fn with_checked(
        &self,
        campaign: &Campaign,
        origin: Origin,
        mut problems: Vec<Problem>,
    ) -> Result<(Self, Vec<Warning>), Problems> {
        let compiled = &self.compiled;
        let beside = compiled.beside(campaign);
        let (found, warnings) = check_campaign(campaign, origin, &beside, &compiled.frame.limits);
        problems.extend(found);
        if !problems.is_empty() {
            return Err(Problems::new(problems));
        }
        let frame = &compiled.frame;
        let mut resolver = Resolver::new(&frame.book, &frame.declarations, compiled.symbols.clone());
        resolver.mentions = compiled.mentions.clone();
        let mut rules = Rules::new(&frame.rules, compiled.lanes.clone());
        let ready = compile_campaign(frame, campaign, &mut resolver, &mut rules);
        let mut campaigns = compiled.campaigns.clone();
        campaigns.remove(&campaign.id, &frame.derived);
        campaigns.insert(Arc::new(ready), &frame.derived);
        let mut fingerprints = compiled.fingerprints.clone();
        fingerprints.set(campaign);
        let compiled = Compiled {
            frame: frame.clone(),
            campaigns,
            lanes: rules.lanes,
            symbols: resolver.symbols,
            fingerprints,
            mentions: resolver.mentions,
        };
        Ok((
            Self {
                compiled: Arc::new(compiled),
            },
            warnings,
        ))
    }

    /// An engine without a campaign; `None` if there is none of this id.
    ///
    /// ```
    /// use tactful::{Campaign, ChannelConsent, Duration, Engine, Rulebook, UnknownTimeZone, Value, Variant};
    /// let book = Rulebook::new(tactful::chrono_tz::Europe::Berlin, UnknownTimeZone::House, Duration::days(7))
    ///     .purpose("news")
    ///     .channel("mail", ChannelConsent::None);
    /// let tea = Campaign::new("tea", "news", Value::Knowledge).channels(["mail"]).variant(Variant::new("letter"));
    /// let (engine, _) = Engine::compile(&book.clone().campaign(tea))?;
    /// let without = engine.without_campaign("tea").ok_or("it is there")?;
    /// assert_eq!(without.fingerprint(), Engine::compile(&book)?.0.fingerprint());
    /// assert!(engine.without_campaign("coffee").is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn without_campaign(&self, id: &str) -> Option<Self> {
        let mut compiled = Compiled::clone(&self.compiled);
        compiled.campaigns.remove(id, &compiled.frame.derived)?;
        compiled.fingerprints.remove(id);
        Some(Self {
            compiled: Arc::new(compiled),
        })
    }
}

impl Compiled {
    /// What a campaign would stand beside.
    fn beside<'c>(&'c self, campaign: &Campaign) -> Beside<'c> {
        let others = || self.campaigns.iter().filter(|other| other.id != campaign.id);
        let mut addresses = Vec::new();
        for rule in &campaign.rules {
            let address = format!("campaign:{}/{}", campaign.id, rule.id);
            // Only a campaign whose name the address begins with can have a rule of the same.
            for (at, _) in address.match_indices('/') {
                let owner = address
                    .get(..at)
                    .and_then(|owner| owner.strip_prefix("campaign:"));
                let other = owner.and_then(|owner| self.campaigns.by_id(owner));
                let other = other.filter(|other| other.id != campaign.id);
                if other.is_some_and(|other| other.rules.iter().any(|rule| *rule.address == *address)) {
                    addresses.push((address.clone(), at));
                }
            }
        }
        Beside {
            book: &self.frame.book,
            conditions: others().map(|other| other.parts).fold(0, usize::saturating_add),
            campaigns: others().map(|other| other.id.as_str()).collect(),
            addresses,
        }
    }
}

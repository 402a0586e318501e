//! How campaigns are kept in blocks as they come and go.

use serde_json::{Value, json};

use super::*;
use crate::Engine;

/// So many campaigns of one priority each, the higher numbers first; each tenth by a score that hangs on the customer.
fn compiled(count: usize) -> Vec<Arc<Campaign>> {
    let campaigns: Vec<Value> = (0..count)
        .map(|number| {
            let mut campaign = json!({"id": format!("c-{number:03}"), "purpose": "p", "value": "save", "channels": ["c"],
                                      "priority": number, "variants": [{"id": "v"}]});
            if number % 10 == 0 {
                campaign["score"] = json!({"base": 1, "add": [{"when": {"tag": "a"}, "points": 5}]});
            }
            campaign
        })
        .collect();
    let book = json!({"format": 1, "time_zone": "UTC", "unknown_time_zone": "house", "look_ahead": "7d", "tags": ["a"],
                      "purposes": ["p"], "channels": {"c": {"consent": "none"}}, "campaigns": campaigns});
    let document = serde_json::from_value(book).expect("a document");
    let (engine, _) = Engine::from_document(&document).expect("a rulebook");
    let blocks = engine.compiled.campaigns.blocks().iter();
    blocks.flat_map(|block| block.campaigns.clone()).collect()
}

fn sizes(campaigns: &Campaigns) -> Vec<usize> {
    campaigns
        .blocks()
        .iter()
        .map(|block| block.campaigns.len())
        .collect()
}

fn ids(campaigns: &Campaigns) -> Vec<String> {
    campaigns.iter().map(|campaign| campaign.id.to_string()).collect()
}

#[test]
fn a_block_that_is_full_becomes_two() {
    let all = compiled(BLOCK + 2);
    let mut campaigns = Campaigns::default();
    assert_eq!((campaigns.len(), sizes(&campaigns)), (0, vec![]));
    for (number, campaign) in all.iter().take(BLOCK).enumerate() {
        campaigns.insert(campaign.clone(), &[]);
        assert_eq!(
            (campaigns.len(), sizes(&campaigns)),
            (number + 1, vec![number + 1])
        );
    }
    campaigns.insert(all[BLOCK].clone(), &[]);
    assert_eq!(sizes(&campaigns), [BLOCK / 2, BLOCK / 2 + 1]);
    // Into the block to which it belongs.
    campaigns.insert(all[BLOCK + 1].clone(), &[]);
    assert_eq!(sizes(&campaigns), [BLOCK / 2, BLOCK / 2 + 2]);
    assert_eq!(campaigns.len(), BLOCK + 2);
    assert_eq!(ids(&campaigns), ids(&Campaigns::new(all, &[])));
}

#[test]
fn campaigns_come_in_any_order_and_stand_as_they_rank() {
    let all = compiled(40);
    let expected = ids(&Campaigns::new(all.clone(), &[]));
    let mut campaigns = Campaigns::default();
    // 7 and 40 have no common divisor: each comes once.
    for number in 0..40 {
        campaigns.insert(all[number * 7 % 40].clone(), &[]);
    }
    assert_eq!(ids(&campaigns), expected);
    for campaign in &all {
        let found = campaigns.by_id(&campaign.id).map(|found| &found.id);
        assert_eq!(found, Some(&campaign.id));
    }
    for number in 0..40 {
        let removed = campaigns.remove(&all[number].id, &[]).expect("it is there");
        assert_eq!(removed.id, all[number].id);
        assert!(campaigns.remove(&removed.id, &[]).is_none() && campaigns.by_id(&removed.id).is_none());
        assert_eq!(campaigns.len(), 39 - number);
        assert_eq!(ids(&campaigns), expected[number + 1..]);
    }
    // A block without campaigns is none.
    assert!(campaigns.blocks().is_empty());
}

#[test]
fn it_is_known_which_priorities_rank_by_scores_that_hang_on_the_customer() {
    let all = compiled(21);
    let scored = |campaigns: &Campaigns| -> Vec<i64> {
        (-1..22)
            .filter(|&priority| campaigns.is_scored(priority))
            .collect()
    };
    let mut campaigns = Campaigns::default();
    assert!(scored(&campaigns).is_empty());
    for campaign in &all {
        campaigns.insert(campaign.clone(), &[]);
    }
    assert_eq!(scored(&campaigns), [0, 10, 20]);
    assert_eq!(scored(&Campaigns::new(all, &[])), [0, 10, 20]);
    campaigns.remove("c-010", &[]);
    campaigns.remove("c-011", &[]);
    assert_eq!(scored(&campaigns), [0, 20]);
    // Two of one priority: until the last of them goes.
    let twin = |id: &str| {
        let mut twin = Campaign::clone(campaigns.by_id("c-020").expect("it is there"));
        twin.id = id.into();
        Arc::new(twin)
    };
    let twin = twin("twin");
    campaigns.insert(twin, &[]);
    campaigns.remove("c-020", &[]);
    assert_eq!(scored(&campaigns), [0, 20]);
    campaigns.remove("twin", &[]);
    assert_eq!(scored(&campaigns), [0]);
}

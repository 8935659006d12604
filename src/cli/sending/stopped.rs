//! What follows when a campaign stopped before its end.

use super::post_office::PostOffice;
use crate::deliver::smtp::{Stopped, Summary};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Campaign, CampaignState, Change, Clock as _, DeliveryState, Queue as _};

impl PostOffice {
    /// What is said of a campaign that stopped; it is paused where nothing else would come of it.
    pub(super) fn stopped(&mut self, campaign: &Campaign, summary: &Summary) -> Result<Option<Error>> {
        let (issue, now) = (&campaign.issue, self.clock.now());
        let kept = match (summary.ambiguous + summary.failed, summary.deferred) {
            (0, 0) => "nothing is lost, and no try was used up",
            (0, _) => "nothing is lost",
            _ => "of the others nothing is lost",
        };
        Ok(match &summary.stopped {
            // Other machines have relays of their own to see.
            Some(Stopped::Relays(why)) if self.settings.is_shared => Some(
                Error::new(ErrorKind::State, format!("{issue} does not go out from here: no relay can be used: {why}"))
                    .hint(format!("{kept}; other machines go on, and so does this one's next run")),
            ),
            Some(Stopped::Relays(why)) => {
                self.store.change(campaign.id, &Change::Pause(Campaign::no_relay(why)), now)?;
                Some(
                    Error::new(ErrorKind::State, format!("{issue} is paused: no relay can be used: {why}"))
                        .hint(format!("{kept}; the next `masthead deliver` tries again")),
                )
            }
            Some(Stopped::Refused(why)) => Some(self.refused(campaign, why)?),
            _ => None,
        })
    }

    /// What is said of a campaign that was refused as a whole.
    fn refused(&mut self, campaign: &Campaign, why: &str) -> Result<Error> {
        let (issue, now) = (&campaign.issue, self.clock.now());
        let which = issue.argument();
        if self.settings.is_shared && self.is_refused_everywhere(campaign)? {
            self.store.change(campaign.id, &Change::Pause(why.to_owned()), now)?;
        }
        let after = self.store.campaigns(now)?.into_iter().find(|after| after.id == campaign.id);
        let is_paused = |after: Campaign| after.state == CampaignState::Paused && after.reason.as_deref() == Some(why);
        let is_any_refused = self.store.progress(campaign.id, now)?.count(DeliveryState::Failed) > 0;
        let again = format!("`masthead resolve {which} --refused --resend` has those tried again that were refused");
        if after.is_some_and(is_paused) {
            let again = if is_any_refused { format!("{again}, and ") } else { String::new() };
            return Ok(Error::new(ErrorKind::State, format!("{issue} is paused: {why}"))
                .hint(format!("once that is mended, {again}`masthead resume {which}` lets it go on")));
        }
        if self.settings.is_shared {
            let message = format!("{issue} does not go out from here: {why}");
            let next = "other machines go on, and so does this one's next run";
            return Ok(Error::new(ErrorKind::State, message).hint(if is_any_refused {
                format!("those refused in a row are due again; {again} besides; {next}")
            } else {
                format!("nothing is lost: those refused are due again; {next}")
            }));
        }
        // Others went on for long, and somebody has seen to it meanwhile.
        Ok(Error::new(ErrorKind::State, format!("{issue} was stopped: {why}"))
            .hint("its state was changed since; `masthead status` shows it"))
    }

    /// Whether no machine has any use for a campaign that this one's relays refuse: nothing is left of it for others; or none has
    /// anything of it in hand, and nothing was taken since a run was refused so before.
    fn is_refused_everywhere(&mut self, campaign: &Campaign) -> Result<bool> {
        let progress = self.store.progress(campaign.id, self.clock.now())?;
        let any = |states: &[DeliveryState]| states.iter().any(|state| progress.count(*state) > 0);
        let is_held = any(&[DeliveryState::Leased, DeliveryState::Sending]);
        if !is_held && !any(&[DeliveryState::Pending, DeliveryState::Deferred]) {
            return Ok(true);
        }
        let what = format!("refused {} after {}", campaign.id, progress.count(DeliveryState::Sent));
        if self.store.was_said(&what)? {
            return Ok(!is_held);
        }
        self.store.keep_said(&[what])?;
        Ok(false)
    }
}

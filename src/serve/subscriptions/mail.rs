//! The messages that answer requests.

use chrono::TimeDelta;
use serde::Serialize;

use super::Desk;
use crate::deliver::{Notice, notice};
use crate::error::Result;
use crate::model::{Language, Request};
use crate::store::{Grant, NoticeReply, Purpose};
use crate::templates::views::{Locale, PublicationView};

/// What a message says. It bears no logo: of a short message with a picture filters believe that the picture is the message.
#[derive(Serialize)]
struct NoticeView<'a> {
    lang: &'a str,
    dir: &'static str,
    publication: PublicationView<'a>,
    subject: &'a str,
    greeting: String,
    /// Why the message came.
    why: String,
    /// What the link is for.
    link_title: String,
    link: String,
    /// What to do for those who did not ask for it.
    ignore: String,
}

impl Desk {
    /// The message that asks whether somebody wants the lists that were asked for in their name.
    pub(super) fn confirm_message(&self, request: &Request, lists: &[String]) -> Result<NoticeReply> {
        let language = &request.language;
        let grant =
            Grant { address: request.address.clone(), lists: lists.to_vec(), at: Some(request.at), ..Grant::default() };
        let within = TimeDelta::from_std(self.config.serve.confirm_within).unwrap_or(TimeDelta::MAX);
        let titles = self.titles(language, lists);
        let until = request.at.checked_add_signed(within).unwrap_or(request.at);
        self.message(
            request,
            &self.words(language, "mail_confirm_subject", &[("lists", &titles)]),
            self.words(language, "mail_confirm_why", &[("lists", &titles)]),
            ("confirm_title", format!("confirm/{}", self.ring.token(Purpose::Confirm, &grant))),
            self.words(language, "mail_confirm_ignore", &[("date", &self.locale(language).date(until).text)]),
        )
    }

    /// The message for somebody who has all that was asked for in their name.
    pub(super) fn known_message(&self, request: &Request) -> Result<NoticeReply> {
        let language = &request.language;
        let titles = self.titles(language, &request.lists);
        self.message(
            request,
            &self.words(language, "mail_known_subject", &[("lists", &titles)]),
            self.words(language, "mail_known_why", &[("lists", &titles)]),
            ("manage_link", self.manage_path(request)),
            self.words(language, "mail_manage_ignore", &[]),
        )
    }

    /// The message with a link to the page of somebody's subscriptions.
    pub(super) fn manage_message(&self, request: &Request) -> Result<NoticeReply> {
        let language = &request.language;
        self.message(
            request,
            &self.words(language, "manage_title", &[]),
            self.words(language, "mail_manage_why", &[]),
            ("manage_link", self.manage_path(request)),
            self.words(language, "mail_manage_ignore", &[]),
        )
    }

    fn manage_path(&self, request: &Request) -> String {
        // As old as the request: an answer that was late is not good for longer.
        let grant = Grant { address: request.address.clone(), at: Some(request.at), ..Grant::default() };
        format!("manage/{}", self.ring.token(Purpose::Manage, &grant))
    }

    fn locale<'a>(&'a self, language: &'a Language) -> Locale<'a> {
        Locale::new(language, &self.config.publication, self.templates.strings())
    }

    fn message(
        &self,
        request: &Request,
        subject: &str,
        why: String,
        (title, path): (&str, String),
        ignore: String,
    ) -> Result<NoticeReply> {
        let language = &request.language;
        let publication = self.config.publication.in_language(language);
        let view = NoticeView {
            lang: language.as_str(),
            dir: language.direction().as_str(),
            publication: PublicationView::new(&publication),
            subject,
            // Not by the name that was filled in: whoever did so need not be the reader, and could write anything there.
            greeting: self.words(language, "greeting_without_name", &[]),
            why,
            link_title: self.words(language, title, &[]),
            link: format!("{}/{path}?lang={language}", self.address),
            ignore,
        };
        let made = notice(
            &Notice {
                address: &request.address,
                language,
                date: self.now(),
                subject,
                text: &self.templates.render("email/notice.txt", &view)?,
                html: &self.templates.render("email/notice", &view)?,
            },
            &self.sender,
        )?;
        Ok(NoticeReply::Message(made.message_id, made.bytes))
    }
}

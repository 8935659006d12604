//! The phrases in which servers refuse, by what they mean.

use crate::model::BounceReason as Reason;

/// Phrases of servers, those that leave no doubt first. What is said of the sender comes before what would else be read
/// as said of the recipient (`sender address rejected: domain not found`), what is said of a mailbox that exists before
/// what is said of one that does not.
#[rustfmt::skip]
pub(super) const WORDS: &[(Reason, &[&str])] = &[
    (Reason::Sender, &[
        "sender address rejected", "sender address has", "sender address is", "sender address does",
        "for sender address", "sender rejected", "sender verif", "sender domain", "invalid sender", "bad sender",
        "sender denied", "domain of sender", "mail from command failed", "sender is blocked", "sender's address",
        "sender's domain", "sending domain", "envelope sender", "bad outbound sender", "sender unknown",
        "unknown sender", "sender does not", "verify sender", "verify the sender", "as this sender",
        "from: address", "from address is", "from address does", "from: domain", "from domain is", "from domain does",
        "from header", "from: header", "domain in your mail from", "your mail from domain", "mail from <@> rejected",
        "gönderen bilinmiyor", "bilinmeyen gönderen", "gönderen adresi", "dërguesi i panjohur", "dërgues i panjohur",
        "adresa e dërguesit", "فرستنده ناشناس", "نشانی فرستنده", "آدرس فرستنده", "المرسل غير معروف", "عنوان المرسل",
        "absender unbekannt", "unbekannter absender", "absender-domain", "absenderdomain", "absenderadresse",
    ]),
    (Reason::Content, &[
        "message-id is", "invalid message-id", "contains a link", "contains a url", "contains url",
        "references a domain", "message is not valid", "content rejected", "list-unsubscribe address", "lone cr",
        "bare cr", "bare lf",
    ]),
    (Reason::Authentication, &[
        "dmarc", "dkim", " spf ", " spf:", "(spf", "spf record", "spf check", "spf fail", "spf policy", "spf validation",
        "openspf", "by spf", "domain owner discourages",
        "authentication required", "unauthenticated", "authentication check", "authentication failed",
        "not authenticated", "smtp auth", "is not verified",
    ]),
    (Reason::Blocked, &[
        "blocked using", "blocklist", "block list", "blacklist", "black list", "blackhole", "dnsbl", "spamhaus",
        "/rbl", " rbl", "reputation", "reverse dns", "ptr record", "rdns", "reverse hostname", "reverse lookup",
        "client host rejected", "find your hostname", "find your reverse", "open relay", "invalid ip", "listed at",
        "ip address*block", "server ip*block", "host is blocked", "ip*blocked", "bad dns ptr", "valid ptr",
        "helo command rejected", "is not allowed to send", "connections not accepted from", "banned sending",
        "helo name", "helo domain", "helo argument", "invalid helo", "correct helo", "from this ip", "your ip",
        "ip is not listed", "allowed to connect", "from your network",
    ]),
    (Reason::Relaying, &[
        "relay access denied", "relaying denied", "relay denied", "no relaying", "unable to relay",
        "not permitted to relay", "relay not permitted", "do not relay", "to relay mail", "relaying is prohibited",
        "relaying not allowed", "relaying prohibited", "relay not allowed",
    ]),
    // "Not now" to senders that it has not met before; with the words of an unknown recipient, or any.
    (Reason::Policy, &[
        "greylist", "graylist", "grey listed", "gray listed", "grey-listed",
    ]),
    // Before the words of full mailboxes: what a relay allows its senders is a quota as well.
    (Reason::RateLimit, &[
        "throttling failure", "message quota", "sending quota", "daily sending", "hourly sending", "daily quota",
        "hourly quota", "daily limit", "hourly limit", "outgoing quota", "outbound quota",
        "günlük kota", "gönderim kotası", "gönderme kotası", "kuota ditore", "سهمیه روزانه", "الحصة اليومية",
    ]),
    (Reason::MailboxFull, &[
        "mailbox full", "mailbox is full", "mailbox*is full", "account is full", "inbox is full", "over quota",
        "overquota", "quota exceeded", "quota", "exceeded storage", "exceeded*storage", "out of storage",
        "mailbox exceeded", "mailbox exceeds", "mailbox has exceeded", "mailbox size limit", "storage limit",
        "mailbox would exceed", "messages in recipient's mailbox", "mailbox too large", "too much mail data",
        "boite*pleine",
        // Turkish, also in ASCII; Albanian, Persian, Arabic.
        "posta kutusu dolu", "posta kutusu*dolu", "kota aşıldı", "kota asildi", "kota dolu", "kotası dolu",
        "kotasi dolu", "kotası aşıldı", "kotasını aş", "yeterli alan yok", "kutia postare*plot", "kutia*është plot",
        "kutia*është e mbushur", "kuota*tejkaluar", "tejkaluar kuotën", "صندوق*پر است", "صندوق*پر شده", "سهمیه*تمام", "سهمیه*پر", "فضای کافی",
        "جای کافی", "صندوق*ممتلئ", "علبة البريد*ممتلئة", "تجاوز*الحصة", "تجاوز*حصة", "مساحة كافية",
    ]),
    (Reason::TooLarge, &[
        "message too large", "message too big", "message is too large", "message is too big",
        "message size exceeds", "message length exceeds", "maximum message size", "size limit",
        "exceeds maximum size", "exceeds size", "message exceeds", "message too long", "exceeds the maximum",
        "too big for", "mail size", "file too big",
    ]),
    (Reason::Virus, &[
        "virus", "malware", "infected", "trojan",
    ]),
    (Reason::RateLimit, &[
        "rate limit", "too many recipients", "too many connections", "too many messages", "too many emails",
        "too many sessions", "throttl", "too fast", "exceeded*rate", "concurrent connections", "sending limit",
        "too many concurrent", "message rate", "receiving mail*rate", "too quickly",
    ]),
    (Reason::Moved, &[
        "has moved", "no forwarding address", "address has been changed", "address has changed",
        "address no longer used", "has changed*address",
    ]),
    (Reason::Disabled, &[
        "account*disabled", "mailbox*disabled", "address*disabled", "user*disabled", "account*suspended",
        "mailbox*suspended", "user*suspended", "user*locked", "account*inactive",
        "mailbox*inactive", "is inactive",
        "inactive user", "not active", "deactivated", "mailbox is frozen", "account*locked", "account expired",
        "account has expired", "mailbox has been blocked", "closed*account", "account closed", "account*closed",
        "account has been", "not accepting any mail", "no longer accepting", "has been suspended",
        "archived recipient", "temporarily blocked", "recipient*suspend", "user is receiving", "domain*suspended",
    ]),
    (Reason::TakesNoMail, &[
        "does not accept mail", "do not accept mail", "doesn't accept mail", "not accepting network messages",
        "null mx", "nullmx", "accepts no mail", "does not accept smtp", "no mail is accepted",
        "does not receive mail", "do not accept any mail", "no smtp service", "no mail exchanger", "no mx found",
        "no mx record", "mx points to", "unable to find*mail exchanger", "mail receiving disabled",
    ]),
    (Reason::DomainUnknown, &[
        "host unknown", "unknown host", "host name is unknown", "unknown domain", "domain unknown",
        "no such domain", "no such host", "domain not found", "host not found", "host*not found",
        "domain name not found", "name not found", "name service error", "domain*does not exist",
        "domain*doesn't exist", "domain*not exist", "domain must exist", "host does not exist",
        "dns lookup failure", "dns error", "nxdomain", "unrouteable", "unroutable", "bad destination system",
        "bad destination host", "couldn't find any host", "find any host", "unable to route", "no route to domain",
        "invalid domain", "unresolvable", "cannot resolve", "could not be resolved", "illegal host",
        "domain*couldn't be found", "all relevant mx records point to non-existent", "not a valid domain",
        "destination*not found by dns",
        "alan adı bulunamadı", "alan adi bulunamadi", "alan adı mevcut değil", "etki alanı bulunamadı", "sunucu bulunamadı",
        "domeni nuk ekziston", "domeni nuk u gjet", "domen i panjohur", "domeni*i panjohur", "serveri nuk u gjet",
        "دامنه وجود ندارد", "دامنه یافت نشد", "دامنه پیدا نشد", "دامنه نامعتبر", "النطاق غير موجود", "نطاق غير معروف",
        "النطاق غير معروف", "العثور على النطاق",
    ]),
    (Reason::System, &[
        "procmail:", "couldn't create", "can't create output",
    ]),
    (Reason::UserUnknown, &[
        "user unknown", "unknown user", "unknown*user", "no such user", "no such mailbox", "no such recipient",
        "no such person", "no such account", "no such address", "no such email", "no such local user",
        "no mailbox here", "mailbox not found", "user not found", "recipient not found", "address not found",
        "account not found", "mailbox does not exist", "user does not exist", "does not exist", "doesn't exist",
        "user not exist", "recipient not exist", "mailbox not exist", "account not exist", "address not exist",
        "is not exist",
        "unknown recipient", "recipient unknown", "recipient*unknown", "unknown address", "address unknown",
        "addressee unknown", "unknown local part", "unknown mailbox", "unknown account", "invalid recipient",
        "invalid mailbox", "invalid user", "invalid address", "invalid email address", "bad address",
        "bad destination mailbox", "mailbox unavailable", "not a known user", "illegal alias", "alias unknown",
        "user*not known", "not listed in", "not in*directory", "not a valid user", "not a valid mailbox",
        "not a valid recipient", "is not valid", "no account", "user is not found", "is not known",
        "recipient address rejected: access denied", "recipient address rejected: address",
        "doesn't have a*account", "not have a*account", "destinataire invalide", "destinataire inconnu",
        "unbekannt", "no one at this address", "nobody by that name", "no one by that name", "not our customer",
        "not our user", "could not be found", "couldn't be found", "wasn't found", "recipientnotfound",
        "mailbox is unknown", "email address is possibly incorrect", "address is incorrect", "not a member",
        "user not local", "no user", "not found in", "invalid*userid", "utente sconosciuto", "usuario desconocido",
        "could not find user", "undeliverable address", "deliver mail to this user", "no existe",
        "utilisateur*n'existe pas", "adresse*n'existe pas", "existiert nicht", "見つかりません", "みつかりません", "存在しません",
        "リストにありません", "宛先不明",
        // Turkish, also in ASCII.
        "böyle bir kullanıcı", "boyle bir kullanici", "böyle bir alıcı", "böyle bir adres", "böyle bir posta kutusu",
        "böyle bir hesap", "kullanıcı yok", "kullanici yok", "kullanıcı bulunamadı", "kullanici bulunamadi",
        "kullanıcı bulunmuyor", "kullanıcı mevcut değil", "kullanici mevcut degil", "kullanıcı bilinmiyor",
        "kullanici bilinmiyor", "bilinmeyen kullanıcı", "bilinmeyen kullanici", "geçersiz kullanıcı", "bilinmeyen alıcı",
        "geçersiz alıcı", "alıcı bilinmiyor", "alıcı bulunamadı", "alıcı mevcut değil", "posta kutusu bulunamadı",
        "posta kutusu bulunamadi", "posta kutusu mevcut değil", "posta kutusu yok", "hesap bulunamadı",
        "hesap mevcut değil", "adresi bulunamadı", "adres bulunamadı", "adresi mevcut değil", "geçersiz adres",
        // Albanian, also without its dots.
        "nuk ekziston", "përdorues*panjohur", "perdorues*panjohur", "përdoruesi nuk u gjet", "perdoruesi nuk u gjet",
        "nuk u gjet përdoruesi", "nuk ka përdorues", "marrës*panjohur", "marrësi nuk u gjet", "adresa nuk u gjet",
        "adresë e panjohur", "adresa*e pavlefshme", "adresë e pavlefshme", "kutia postare nuk u gjet",
        "llogaria nuk u gjet",
        // Persian: of what only cannot be done it is said that the possibility does not exist.
        "چنین کاربر", "چنین گیرنده", "چنین نشانی", "چنین آدرس", "چنین صندوق", "چنین حساب", "کاربر وجود ندارد",
        "کاربری وجود ندارد", "کاربر مورد نظر وجود ندارد", "کاربر*یافت نشد", "کاربر*پیدا نشد", "کاربر ناشناس",
        "کاربر ناشناخته", "کاربر نامعتبر", "گیرنده وجود ندارد", "گیرنده*یافت نشد", "گیرنده*پیدا نشد", "گیرنده ناشناس",
        "گیرنده ناشناخته", "گیرنده نامعتبر", "صندوق*یافت نشد", "صندوق*پیدا نشد", "نشانی*یافت نشد", "آدرس*یافت نشد",
        "حساب*یافت نشد", "نشانی نامعتبر", "آدرس نامعتبر",
        // Arabic.
        "مستخدم غير موجود", "المستخدم غير موجود", "مستخدم غير معروف", "المستخدم غير معروف", "مستخدم*غير صالح",
        "لا يوجد مستخدم", "لا يوجد هذا المستخدم", "المستلم غير موجود", "مستلم غير موجود", "المستلم غير معروف",
        "مستلم غير معروف", "العنوان غير موجود", "عنوان*غير موجود", "عنوان*غير صحيح", "عنوان غير صالح", "العنوان غير صالح",
        "صندوق*غير موجود", "الحساب غير موجود", "حساب غير موجود", "العثور على المستخدم", "العثور على المستلم",
        "العثور على العنوان", "العثور على صندوق",
    ]),
    (Reason::Spam, &[
        "spam", "junk mail", "bulk mail", "unsolicited",
    ]),
    (Reason::Expired, &[
        "message expired", "failing for a long time", "delivery expired", "queue too long", "too long in",
        "retry timeout", "retry time", "delivery time expired", "timed out", "time out", "timeout", "giving up",
        "gave up", "multiple retries", "not delivered within", "has been in the queue", "undeliverable for",
        "was expired", "could not be delivered within", "cannot send message within", "too old",
        "not been delivered after", "not been delivered yet", "has been delayed", "being delayed", "delayed",
        "retry*later", "unable to deliver after", "exceeded*in queue", "maximum number of attempts",
        "will be retried", "expired",
    ]),
    (Reason::Network, &[
        "connection refused", "network is unreachable", "network unreachable", "no route to host", "hop count",
        "too many hops", "mail loop", "loop", "connection reset", "lost connection", "unable to connect",
        "could not connect", "cannot connect", "not reachable", "unreachable", "refused to talk",
        "establish an smtp connection", "connection dropped", "connection was dropped", "tls*fail", "starttls",
    ]),
    (Reason::System, &[
        "service unavailable", "service currently unavailable", "service not available", "not available",
        "local error", "internal*error", "system error", "server error", "configuration error", "disk full",
        "no space", "mailer error", "can't create", "couldn't create", "cannot create", "cannot open", "pipe to",
        "command died", "temporary failure", "temporarily unavailable", "not accepting connections",
        "system storage", "processing error", "local delivery failed", "not able to accept", "on hold",
        "insufficient system", "mail server error",
    ]),
    (Reason::Filtered, &[
        "recipient refused", "refused by recipient", "rejected by recipient", "recipient*does not accept",
        "rejected by user", "recipient's filter", "not authorized to send to", "permission to post",
        "is restricted", "user refuses", "message filtered",
    ]),
    (Reason::Content, &[
        "header", "mime", "attachment", "media error", "rfc 5322", "rfc5322", "rfc 2822", "content", "executable",
        "bare lf", "message format", "8bit",
    ]),
    (Reason::Protocol, &[
        "syntax", "not implemented", "unrecognized", "protocol error", "bad sequence", "bad command",
    ]),
    // Without a word about why: what servers say of an address that they have not.
    (Reason::UserUnknown, &[
        "recipient address rejected|", "5.1.1*recipient address rejected", "address rejected|", "rcpt-to validation failed", "recipient rejected|",
        "unable to verify", "verification failed for",
    ]),
    (Reason::Policy, &[
        "policy", "access denied", "not allowed", "not permitted", "permission denied", "blocked", "denied",
        "message rejected", "not accepted", "refused", "rejected", "prohibited", "restriction",
    ]),
];

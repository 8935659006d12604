#!/usr/bin/env bash
# One more column beside other senders: the campaign that waits in the store QUEUED, which stays as it is, is sent. SMTP
# names the program of examples/smtp.rs, which says what else is asked for. Once, before anything is timed:
#
#   SMTP_FROM=… SMTP_N=20000 MSG_FILE=… RCPT_FILE=… "$SMTP" queue "$QUEUED"
set -eu
store=$(mktemp -d -p "${WORK:-/tmp}")
trap 'rm -rf "$store"' EXIT
cp "$QUEUED" "$store/store.db"
"$SMTP" deliver "$store/store.db"

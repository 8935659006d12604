//! A digest and its recipients -> messages in the outbox.

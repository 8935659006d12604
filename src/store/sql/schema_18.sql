-- Version 18: of who was erased, no reason is kept that was there before; and no address in why a campaign stopped.

-- Whoever was erased after their address had been suppressed kept that reason, and their address came back with the next file.
update suppression set reason = 'erased'
where exists (select 1 from delivery where delivery.identity = 'erased-' || suppression.hash);

-- A call that came in: its own id; null for a call that we made. One person is called once at a time, whoever calls; he may
-- call us meanwhile, and from two telephones at once.
alter table dialer.attempt add column inbound_id uuid;
-- The number of a caller of whom there is no record, sealed with the attempt's id: what a record is made from.
alter table dialer.attempt add column caller_sealed bytea;
create unique index attempt_open_once on dialer.attempt (customer_id, inbound_id) nulls not distinct where ended_at is null;
drop index dialer.attempt_open;

-- Whose number it is, for a caller whom crm cannot tell: learnt from its answers, and from people entered by API. A stranger's
-- customer_id is that of nobody yet: his calls are kept together under it, and a record that is made of him gets it.
create table dialer.phone_index (
  -- Keyed HMAC of the number (drivers/keys); the number itself is nowhere.
  blind_index bytea primary key,
  customer_id uuid not null,
  phone_id uuid not null
);
select loopline.spread('dialer.phone_index', 'blind_index');

-- An attempt may go over another line when the first one failed before anybody's phone rang: the leg at hand, and how the
-- ones before it ended (EndedLeg of contracts/call-event.ts).
alter table dialer.attempt add column leg smallint not null default 1;
alter table dialer.attempt add column legs json;

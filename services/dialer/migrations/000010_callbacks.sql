-- The card that shows a promise: its call has this id, so that a call which a dead process ordered is known to have kept it.
alter table dialer.callback add column shown_as uuid;
create index callback_of_agent on dialer.callback (agent_id) where state = 'open';

-- Phone id → PhoneTries of audience/phone-tries.ts: what came of calls to it.
alter table dialer.person add column phone_tries jsonb;

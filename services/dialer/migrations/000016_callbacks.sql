-- The card that shows a promise: its call has this id, so that a call which a dead process ordered is known to have kept it.
alter table dialer.callback add column shown_as uuid;
create index callback_of_agent on dialer.callback (agent_id) where state = 'open';

-- Phone id → PhoneTries of audience/phone-tries.ts: what came of calls to it.
alter table dialer.person add column phone_tries jsonb;

alter table dialer.callback drop constraint callback_state_check;
alter table dialer.callback add constraint callback_state_check check (state in ('open', 'kept', 'missed', 'cancelled'));
-- Who moved or cancelled it last, and why.
alter table dialer.callback add column changed_by uuid;
alter table dialer.callback add column changed_at timestamptz;
alter table dialer.callback add column change_reason text;
